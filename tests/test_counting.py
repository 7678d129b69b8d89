"""Time in which hits were not counted: from the camera's state to the record and the summary."""

from typing import Any

from hardware.camera.messages import CameraHealth, CameraState, ControlsAstray
from range.app.camera_standing import CameraStanding, Told
from range.app.counting import Counting
from range.app.summary_text import summary_text
from range.core.summary import Uncounted, summarise


def standing(*, asked: tuple[int, int] = (0, 0), misfit: str | None = None) -> CameraStanding:
    return CameraStanding(configured=True, asked=asked, misfit=lambda _identity, _size: misfit)


def health(picture: str, since: float = 0.0) -> CameraHealth:
    return CameraHealth(30.0, 1.0, 640, 480, picture=picture, since=since, wanted=60.0)  # type: ignore[arg-type]


def counts(camera: CameraStanding) -> bool:
    return camera.why_uncounted is None


def states(told: list[Told]) -> list[tuple[str, str]]:
    return [(one.device, one.state) for one in told]


def test_a_camera_that_goes_and_returns_is_told_once_each_way() -> None:
    camera = standing()
    said = [
        told
        for state in (
            CameraState("opening"),
            CameraState("live", size=(640, 480)),
            CameraState("lost", "gone: check its cable", since=12.0),
            CameraState("returning", "waiting"),
            CameraState("live", size=(640, 480)),
        )
        for told in camera.hear(state)
    ]
    assert states(said) == [("camera", "lost"), ("camera", "live")]
    assert said[0].since == 12.0


def test_a_picture_in_which_nothing_can_be_seen_counts_no_hits_since_its_first() -> None:
    camera = standing()
    list(camera.hear(CameraState("live", size=(640, 480))))
    assert counts(camera)
    said = list(camera.hear(health("frozen", since=7.0)))
    assert states(said) == [("camera", "frozen")]
    assert said[0].since == camera.since == 7.0
    assert camera.why_uncounted == said[0].reason
    assert states(list(camera.hear(health("clear")))) == [("camera", "live")]
    assert counts(camera)


def test_a_slow_camera_is_told_and_its_hits_count() -> None:
    camera = standing()
    list(camera.hear(CameraState("live", size=(640, 480))))
    (told,) = camera.hear(health("slow"))
    assert told.state == "slow"
    assert "30 pictures a second instead of 60" in told.reason
    assert camera.why_uncounted is None


def test_another_mode_than_asked_for_is_told() -> None:
    camera = standing(asked=(1280, 0))
    (told,) = camera.hear(CameraState("live", size=(640, 480)))
    assert told.state == "wrong mode"
    assert "640x480, not 1280xany" in told.reason


def test_settings_that_are_not_kept_are_told() -> None:
    (told,) = standing().hear(ControlsAstray("exposure 100 (it says 156)"))
    assert told.state == "wrong settings"
    assert "exposure 100" in told.reason


def test_a_calibration_of_another_mode_counts_nothing() -> None:
    camera = standing(misfit="made in another mode: calibrate again")
    assert states(list(camera.hear(CameraState("live", size=(640, 480))))) == [("calibration", "misfit")]
    assert camera.why_uncounted == "made in another mode: calibrate again"


def test_the_record_hears_only_of_what_changes_while_a_scenario_is_played() -> None:
    counting = Counting()
    assert counting.step("the camera is opening", playing=False, now=1.0) is None
    assert counting.step(None, playing=True, now=2.0) is None
    lost = counting.step("gone", playing=True, now=9.0, since=7.5)
    assert lost is not None
    assert (lost.state, lost.since) == ("not counted", 7.5)
    assert counting.step("gone", playing=True, now=9.1, since=7.5) is None
    back = counting.step(None, playing=True, now=11.0)
    assert back is not None
    assert back.state == "counted"


def test_what_was_so_before_the_scenario_began_is_not_counted_from_its_beginning() -> None:
    told = Counting().step("black", playing=True, now=100.0, since=3.0)
    assert told is not None
    assert told.since == 100.0


def event(kind: str, clock: float, **fields: Any) -> dict[str, Any]:
    return {"kind": kind, "clock": clock, **fields}


def hits(state: str, clock: float, reason: str = "") -> dict[str, Any]:
    return event("fault", clock, device="hits", state=state, reason=reason)


def test_the_summary_says_for_how_long_hits_were_not_counted_and_why() -> None:
    summary = summarise([
        event("session_started", 0.0, scenario="Night"),
        hits("not counted", 4.0, "gone"),
        hits("not counted", 5.5, "black"),
        hits("counted", 7.0),
        hits("not counted", 18.0, "gone"),
        event("session_ended", 20.0, reason="completed"),
    ])  # fmt: skip
    assert summary.uncounted == (
        Uncounted(4.0, 1.5, "gone"),
        Uncounted(5.5, 1.5, "black"),
        Uncounted(18.0, 2.0, "gone"),
    )
    assert summary.faults == ()
    assert "Hits were not counted for 5.0 s" in summary_text(1, summary)


def test_a_session_that_was_cut_off_in_such_a_time_counts_it_to_its_last_event() -> None:
    events = [event("session_started", 0.0, scenario="Night"), hits("not counted", 4.0, "gone")]
    assert summarise(events).uncounted == ()
    events.append(event("cue", 6.0, cue="stop", scene="a"))
    assert summarise(events).uncounted == (Uncounted(4.0, 2.0, "gone"),)
