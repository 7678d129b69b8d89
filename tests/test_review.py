"""A clip under review: frame by frame both ways, to any place, at any speed, with the exact time of what is shown."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from media.review import Review
from tests.numbered_films import RATE, number_in, write_film

FRAME = 1 / RATE
SECONDS = 5
LAST = SECONDS * RATE - 1


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_film(tmp_path_factory.mktemp("film") / "talk.mp4", seconds=SECONDS)


class Desk:
    """A clip under review and a clock that stands still until the next flip."""

    def __init__(self, film: Path) -> None:
        self.review = Review(film, scene="talk")
        self.clock = 100.0
        self._on_the_wall: int | None = None

    def shows(self, after: float = 0.0) -> int:
        """The number of the picture on the wall so many seconds later."""
        self.clock += after
        self.review.due(self.clock)  # the place moves on; then its pictures are waited for
        assert self.review.wait(10.0)
        picture = self.review.due(self.clock)
        if picture is None:
            picture = self.review._drawn
        assert picture is not None
        self.review.flipped(self.clock)
        return number_in(picture.frame.to_ndarray(format="rgb24").astype(np.uint8))


@pytest.fixture
def desk(film: Path) -> Iterator[Desk]:
    made = Desk(film)
    yield made
    made.review.close()


def test_it_begins_at_the_first_frame_and_holds_it(desk: Desk) -> None:
    assert desk.shows() == 0
    assert desk.shows(after=5.0) == 0


def test_it_steps_on_and_back_one_frame_at_a_time(desk: Desk) -> None:
    desk.review.jump(2.0, desk.clock)
    seen = [desk.shows()]
    for frames in (1, 1, -1, -1, -1, -1, 10, -20):
        assert desk.review.step(frames, desk.clock)
        seen.append(desk.shows())
    assert seen == [60, 61, 62, 61, 60, 59, 58, 68, 48]


def test_a_step_over_an_end_stays_at_the_last_frame_there_is(desk: Desk) -> None:
    assert desk.shows() == 0
    desk.review.step(-1, desk.clock)
    assert desk.shows() == 0
    desk.review.jump(99.0, desk.clock)
    assert desk.shows() == LAST
    desk.review.step(1, desk.clock)
    assert desk.shows() == LAST


@pytest.mark.parametrize(("media", "number"), [(0.0, 0), (4.0, 120), (1.01, 30), (1.0 - 0.001, 29), (3.333334, 100)])
def test_a_jump_shows_the_frame_that_is_visible_then(desk: Desk, media: float, number: int) -> None:
    desk.review.jump(media, desk.clock)
    assert desk.shows() == number


def test_while_a_person_scrubs_the_newest_wish_counts(desk: Desk) -> None:
    for media in np.linspace(0, 4.5, 40):
        desk.review.jump(float(media), desk.clock)
    assert desk.shows() == 135


@pytest.mark.parametrize(
    ("speed", "after", "number"), [(1.0, 1.0, 30), (0.1, 1.0, 3), (4.0, 1.0, 120), (9.0, 1.0, 120)]
)
def test_it_runs_at_a_tenth_to_four_times_the_speed(desk: Desk, speed: float, after: float, number: int) -> None:
    assert desk.shows() == 0
    desk.review.at_speed(speed, desk.clock)
    desk.review.play(desk.clock)
    assert desk.shows(after=after + 0.001) == number


def test_a_change_of_speed_goes_on_from_the_same_frame(desk: Desk) -> None:
    desk.review.play(desk.clock)
    assert desk.shows(after=1.001) == 30
    desk.review.at_speed(0.5, desk.clock)
    assert desk.shows(after=1.0) == 45
    desk.review.pause(desk.clock)
    assert desk.shows(after=1.0) == 45


def test_at_the_end_it_holds_the_last_frame(desk: Desk) -> None:
    desk.review.jump(4.5, desk.clock)
    assert desk.shows() == 135
    desk.review.play(desk.clock)
    assert desk.shows(after=2.0) == LAST
    assert not desk.review.playing


def test_it_knows_what_was_visible_at_an_instant(desk: Desk) -> None:
    desk.review.jump(2.0, desk.clock)
    desk.shows()
    then = desk.clock
    desk.review.jump(3.0, desk.clock)
    desk.shows(after=1.0)
    shown = desk.review.shown_at(then + 0.5)
    assert shown is not None
    assert (shown.visible.scene, shown.visible.clip, shown.visible.media) == ("talk", "talk.mp4", 2.0)


def test_what_cannot_be_played_is_said(tmp_path: Path) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(b"no film")
    review = Review(broken)
    assert review.wait(10.0)
    assert review.fault is not None
    assert "broken.mp4" in review.fault
    review.close()
