"""The film: which picture is on the wall when, across cuts, loops and pauses. Real films, real decoding."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from media.player import FilmEvent, Player
from range.core.events import ClipEnded, CueReached, FirstFrame
from range.core.scenario import Branch, Cue, Scenario, Scene
from tests.numbered_films import RATE, number_in, write_film

REFRESH = 1 / 60


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("films")
    write_film(made / "wait.mp4", seconds=1.0)
    write_film(made / "talk.mp4", seconds=2.0, first=100)
    (made / "broken.mp4").write_bytes(b"this is no film")
    return made


class Wall:
    """A wall under test: flips at 60 a second of its own time, each picture read back by its number."""

    def __init__(self, folder: Path) -> None:
        scenes = (
            Scene("wait", "wait.mp4", at_end="loop", branches=(Branch("intent", "talk", intent="calm"),)),
            Scene("talk", "talk.mp4", start=0.5, end=1.5, cues=(Cue(1.0, "complies"),), ending="well"),
            Scene("broken", "broken.mp4"),
        )
        self.player = Player(Scenario("Test", "wait", {scene.name: scene for scene in scenes}), folder)
        self.clock = 50.0
        self.numbers: list[int] = []
        self.events: list[FilmEvent] = []

    def flips(self, times: int = 1) -> None:
        for _ in range(times):
            self.clock += REFRESH
            self.wait_for_the_decoder()
            picture = self.player.due(self.clock)
            if picture is not None:
                self.numbers.append(number_in(picture.frame.to_ndarray(format="rgb24").astype(np.uint8)))
            self.events.extend(self.player.flipped(self.clock))

    def cuts_to(self, scene: str) -> None:
        self.player.cut(scene)

    def wait_for_the_decoder(self) -> None:
        """Virtual time runs faster than a busy machine decodes; the film's own rules are tested here, not its speed."""
        for reader in self.player.readers:
            reader.wait_until_ahead(10.0)


@pytest.fixture
def wall(folder: Path) -> Iterator[Wall]:
    made = Wall(folder)
    yield made
    made.player.close()


def test_every_picture_is_shown_once_and_in_order(wall: Wall) -> None:
    wall.cuts_to("talk")
    wall.flips(90)
    assert wall.numbers == list(range(115, 145))


def test_a_cut_shows_exactly_the_first_picture_of_the_new_scene(wall: Wall) -> None:
    wall.cuts_to("wait")
    wall.flips(7)
    wall.player.arm(("talk",))
    wall.cuts_to("talk")
    wall.flips(1)
    assert wall.numbers == [0, 1, 2, 3, 115]
    first = [event for event in wall.events if isinstance(event, FirstFrame)]
    assert [(event.visible.scene, event.visible.media) for event in first] == [("wait", 0.0), ("talk", 0.5)]


def test_a_wait_loop_goes_round_without_a_gap(wall: Wall) -> None:
    wall.cuts_to("wait")
    wall.flips(2 * 3 * RATE)
    assert wall.numbers == 3 * list(range(RATE))
    assert sum(isinstance(event, ClipEnded) for event in wall.events) == 2


def test_a_scene_that_holds_keeps_its_last_picture_and_tells_its_end_once(wall: Wall) -> None:
    wall.cuts_to("talk")
    wall.flips(200)
    assert wall.numbers[-1] == 144
    assert sum(isinstance(event, ClipEnded) for event in wall.events) == 1


def test_a_held_film_goes_on_from_the_held_picture(wall: Wall) -> None:
    wall.cuts_to("talk")
    wall.flips(10)
    before = list(wall.numbers)
    wall.player.hold(wall.clock)
    wall.flips(50)
    assert wall.numbers == before
    wall.player.resume(wall.clock)
    wall.flips(3)
    assert wall.numbers[: len(before) + 1] == [*before, before[-1] + 1]


def test_under_the_slate_the_film_does_not_turn(wall: Wall) -> None:
    wall.player.cover(True)
    wall.cuts_to("talk")
    wall.flips(20)
    assert wall.numbers == []
    assert wall.player.shown_at(wall.clock) is None
    wall.player.cover(False)
    wall.flips(1)
    assert wall.numbers == [115]


def test_a_cue_is_told_with_the_flip_that_shows_it_and_again_in_each_round(wall: Wall) -> None:
    wall.cuts_to("talk")
    wall.flips(80)
    (cue,) = [event for event in wall.events if isinstance(event, CueReached)]
    assert cue.cue == "complies"
    assert cue.visible.media == pytest.approx(1.0, abs=0.01)


def test_what_was_visible_at_an_instant_is_remembered_across_a_cut(wall: Wall) -> None:
    wall.cuts_to("wait")
    wall.flips(10)
    before = wall.clock
    wall.cuts_to("talk")
    wall.flips(10)
    then, now = wall.player.shown_at(before), wall.player.shown_at(wall.clock)
    assert then is not None
    assert now is not None
    assert (then.visible.scene, now.visible.scene) == ("wait", "talk")
    assert wall.player.shown_at(0.0) is None


def test_a_film_that_cannot_be_played_is_told_and_the_picture_before_stays(wall: Wall) -> None:
    wall.cuts_to("wait")
    wall.flips(3)
    wall.cuts_to("broken")
    wall.flips(3)
    fault = wall.player.fault()
    assert fault is not None
    assert "broken.mp4" in fault
    assert wall.player.scene is not None
    assert wall.player.scene.name == "wait"


def test_after_a_film_that_cannot_be_played_any_other_scene_can_be_chosen(wall: Wall) -> None:
    wall.cuts_to("wait")
    wall.flips(3)
    wall.cuts_to("broken")
    wall.flips(20)
    held = list(wall.numbers)
    assert wall.player.counts.late_cuts == 1
    wall.cuts_to("talk")
    wall.flips(1)
    assert wall.numbers == [*held, 115]
    assert wall.player.fault() is None


def test_a_scene_that_is_not_armed_holds_the_last_picture_and_is_counted(wall: Wall) -> None:
    wall.cuts_to("wait")
    wall.flips(3)
    shown = list(wall.numbers)
    wall.player.cut("talk")
    while not wall.numbers[len(shown) :]:
        before = wall.player.shown_at(wall.clock)
        assert before is not None
        assert before.visible.scene == "wait"
        wall.flips(1)
    assert wall.numbers[len(shown)] == 115
    assert wall.player.counts.late_cuts <= 1


def test_a_flip_predicted_a_little_early_shows_the_picture_all_the_same(wall: Wall) -> None:
    """Refreshes come a thousandth of a second early and late by turns; each picture stands for two of them."""
    wall.cuts_to("talk")
    stood = []
    for index in range(60):
        wall.clock += REFRESH + (0.001 if index % 3 == 0 else -0.0005)
        wall.wait_for_the_decoder()
        stood.append(wall.player.due(wall.clock) is not None)
        wall.player.flipped(wall.clock)
    assert stood == [True, False] * 30


def test_another_file_can_be_played_in_place_of_a_clip(folder: Path) -> None:
    scene = Scene("talk", "wait.mp4")
    player = Player(Scenario("Test", "talk", {"talk": scene}), folder, instead=lambda clip: clip.with_name("talk.mp4"))
    player.cut("talk")
    for reader in player.readers:
        reader.wait_until_ahead(10.0)
    picture = player.due(1.0)
    player.flipped(1.0)
    shown = player.shown_at(1.0)
    player.close()
    assert picture is not None
    assert number_in(picture.frame.to_ndarray(format="rgb24").astype(np.uint8)) == 100
    assert shown is not None
    assert shown.visible.clip == "wait.mp4"
