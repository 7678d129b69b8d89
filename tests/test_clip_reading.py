"""What is kept ready of scenes that can follow, and how a clip is read that is damaged, hostile or odd. Real files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from media.arming import MEBIBYTE, READY, likeliest, shares
from media.decode import Ahead, Part, SceneReader
from media.picture import Picture
from media.turns import Turns
from range.app.clip_frames import frames_of
from range.core.scenario import Branch, Scene
from tests.films import make_film
from tests.numbered_films import RATE, number_in, write_film

OUTPUT = (1920, 1080)
WHOLE, FOUR = Part(), Ahead(4)
PLAY_LIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nother.ts\n#EXT-X-ENDLIST\n"
FILE_LIST = b"ffconcat version 1.0\nfile second.mp4\n"


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_film(tmp_path_factory.mktemp("film") / "second.mp4", seconds=1.0)


@contextmanager
def reading(path: Path, part: Part = WHOLE, ahead: Ahead = FOUR, turns: Turns | None = None) -> Iterator[SceneReader]:
    reader = SceneReader(path, part, ahead, turns=turns)
    yield reader
    reader.close()
    reader.join()


def number(picture: Picture) -> int:
    return number_in(picture.frame.to_ndarray(format="rgb24").astype(np.uint8))


def numbers(reader: SceneReader, count: int) -> list[int]:
    """The next pictures' numbers, fewer where the scene ends."""
    taken: list[int] = []
    while len(taken) < count:
        assert reader.wait_until_ahead(10.0)
        picture, skipped = reader.take_due(len(taken) / RATE)
        if picture is None:
            return taken
        assert skipped == 0
        taken.append(number(picture))
    return taken


def test_a_scene_that_let_its_decoder_go_continues_without_a_gap_when_more_is_asked_for(film: Path) -> None:
    with reading(film, Part(loop=True), Ahead(5, open=False)) as reader:
        assert reader.wait_until_ahead(10.0)
        assert reader.ready == 5
        reader.read_ahead(Ahead(12))
        assert numbers(reader, 2 * RATE + 3) == [*range(RATE), *range(RATE), 0, 1, 2]


def test_a_loop_shorter_than_what_is_kept_ready_goes_on_too(film: Path) -> None:
    with reading(film, Part(start=0.2, end=0.3, loop=True), Ahead(8, open=False)) as reader:
        assert reader.wait_until_ahead(10.0)
        reader.read_ahead(Ahead(12))
        assert numbers(reader, 10) == [6, 7, 8] * 3 + [6]


def test_scenes_that_nobody_watches_are_read_one_after_the_other_and_one_that_is_cut_to_at_once(film: Path) -> None:
    turns = Turns()
    held_up = turns.queue()
    with reading(film, turns=turns) as first, reading(film, turns=turns) as second:
        assert not first.wait_until_ahead(0.05)
        second.hurry()
        assert second.wait_until_ahead(10.0)
        assert first.ready == 0
        held_up.done()
        assert first.wait_until_ahead(10.0)


def test_a_damaged_place_is_passed_over_and_told(tmp_path: Path, film: Path) -> None:
    data = bytearray(film.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 1500] = bytes(1500)
    broken = tmp_path / "damaged.mp4"
    broken.write_bytes(data)
    with reading(broken) as reader:
        read = numbers(reader, RATE)
    assert read[:3] == [0, 1, 2]
    assert len(read) > RATE // 4


@pytest.mark.parametrize(
    "content",
    [b"", b"this is no film", PLAY_LIST, FILE_LIST],
    ids=["empty", "text", "play list", "list of files"],
)
def test_what_is_no_film_itself_is_not_opened(tmp_path: Path, film: Path, content: bytes) -> None:
    (tmp_path / "second.mp4").write_bytes(film.read_bytes())
    (tmp_path / "other.ts").write_bytes(film.read_bytes())
    hostile = tmp_path / "clip.mp4"
    hostile.write_bytes(content)
    with reading(hostile) as reader:
        assert reader.wait_until_ahead(10.0)
        assert reader.ready == 0
        assert reader.fault is not None
        assert "clip.mp4" in reader.fault


def test_a_truncated_film_gives_the_pictures_it_has(tmp_path: Path) -> None:
    whole = write_film(tmp_path / "whole.mkv", seconds=1.0)
    cut = tmp_path / "cut.mkv"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 3])
    with reading(cut) as reader:
        read = numbers(reader, RATE)
    assert read == list(range(len(read)))
    assert len(read) > RATE // 3


def test_pictures_are_made_no_larger_than_the_output_shows_them(film: Path) -> None:
    reader = SceneReader(film, Part(), Ahead(1), fit=(100, 100))
    assert reader.wait_until_ahead(10.0)
    picture, _ = reader.take_due(0.0)
    reader.close()
    assert picture is not None
    assert (picture.frame.width, picture.frame.height) == (100, 56)


def test_what_can_be_pressed_comes_before_what_announces_itself(film: Path) -> None:
    branches = (
        Branch("operator", "other"), Branch("timeout", "late"), Branch("intent", "talk", intent="calm"),
        Branch("hit", "fall", zone="chest"), Branch("intent", "late", intent="flee"),
    )  # fmt: skip
    assert likeliest(Scene("s", "c.mp4", branches=branches), ["before", "talk"]) == (
        "talk", "late", "fall", "other", "before",
    )  # fmt: skip


def test_of_few_scenes_every_decoder_stays_open() -> None:
    given = shares(["a", "b"], fit=OUTPUT, limit=1024 * MEBIBYTE)
    assert given == {"a": Ahead(READY), "b": Ahead(READY)}


def test_of_thirty_two_scenes_all_have_pictures_and_the_likeliest_their_decoders() -> None:
    given = shares([str(n) for n in range(32)], fit=OUTPUT, limit=1024 * MEBIBYTE)
    assert [ahead.pictures for ahead in given.values()] == [READY] * 32
    still_open = [name for name, ahead in given.items() if ahead.open]
    assert still_open == [str(n) for n in range(len(still_open))]
    assert 0 < len(still_open) < 32


def test_with_little_memory_the_likeliest_have_their_first_pictures_and_the_last_none() -> None:
    given = shares([str(n) for n in range(40)], fit=OUTPUT, limit=150 * MEBIBYTE)
    assert 0 < len(given) < 40
    assert list(given) == [str(n) for n in range(len(given))]
    assert all(not ahead.open for ahead in given.values())


def test_a_decoder_that_is_behind_leaves_pictures_out_and_counts_them(film: Path) -> None:
    with reading(film, ahead=Ahead(2)) as reader:
        assert reader.wait_until_ahead(10.0)
        picture, skipped = reader.take_due(0.5)
        assert picture is not None
        seen = 1
        while picture is None or picture.media < 0.3:
            assert reader.wait_until_ahead(10.0)
            picture, more = reader.take_due(0.5)
            seen += picture is not None
            skipped += more
        assert number(picture) + 1 == seen + skipped
        assert skipped > seen


@pytest.mark.parametrize("kind", ["mp4", "ts"])
def test_the_debrief_counts_a_films_time_as_the_player_does(tmp_path: Path, kind: str) -> None:
    frames = frames_of(make_film(tmp_path / f"film.{kind}"))
    assert frames is not None
    assert frames.times[:2] == pytest.approx((0.0, 1 / 30))
    assert frames.end == pytest.approx(1.0)
