"""`detect`: the hits of a recording as lines or JSON, and one clear sentence where it cannot be read."""

import io
import json
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from hardware.camera.recording import Recording, RecordingError
from range.app.detect import detect
from tests.simulated_room import Beam, Frame, Room

SHOT = Beam(100.3, 60.6, "green")


def write(path: Path, frames: Sequence[Frame], times: Sequence[int] | None = None, codec: str = "libx264") -> Path:
    """A recording of the frames at the given times in ms, 40 ms apart unless told."""
    height, width = frames[0].shape[:2]
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=25)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height = width, height
        stream.pix_fmt = "yuv444p" if width % 2 or height % 2 else "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        if codec == "libx264":
            stream.options = {"crf": "8", "preset": "ultrafast"}
        for index, frame in enumerate(frames):
            image = av.VideoFrame.from_ndarray(frame, format="bgr24")
            image.pts, image.time_base = times[index] if times else 40 * index, Fraction(1, 1000)
            container.mux(stream.encode(image))
        container.mux(stream.encode(None))
    return path


def one_pull(room: Room | None = None) -> list[Frame]:
    room = room or Room(160, 120)
    return [*room.quiet(8), *[room.frame(SHOT) for _ in range(2)], *room.quiet(8)]


def run(recording: Path, **given: Any) -> tuple[int, str, str]:
    """Exit code, standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    options: dict[str, Any] = {"as_json": True, "bounds": None, "explain": False, "annotate": None} | given
    return detect(recording, **options, out=out, err=err), out.getvalue(), err.getvalue()


def hits_in(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_each_hit_is_one_json_object_a_line(tmp_path: Path) -> None:
    code, out, err = run(write(tmp_path / "room.mp4", one_pull()))
    (hit,) = hits_in(out)
    assert (code, err) == (0, "")
    assert (hit["frame"], hit["colour"]) == (8, "green")
    assert (hit["time"], hit["x"], hit["y"]) == pytest.approx((0.32, 100.3, 60.6), abs=0.5)


def test_no_hits_is_done_all_the_same(tmp_path: Path) -> None:
    assert run(write(tmp_path / "room.mp4", Room(160, 120).quiet(10))) == (0, "", "")


def test_without_json_a_hit_is_a_line_for_people(tmp_path: Path) -> None:
    code, out, _ = run(write(tmp_path / "room.mp4", one_pull()), as_json=False)
    assert code == 0
    assert "green" in out
    assert "0.320 s" in out


def test_positions_are_of_the_whole_recording_also_within_bounds(tmp_path: Path) -> None:
    recording = write(tmp_path / "room.mp4", one_pull())
    (hit,) = hits_in(run(recording, bounds=(80, 40, 500, 60))[1])
    assert (hit["x"], hit["y"]) == pytest.approx((100.3, 60.6), abs=0.5)
    assert run(recording, bounds=(0, 0, 70, 120)) == (0, "", "")


def test_bounds_outside_the_picture_are_refused(tmp_path: Path) -> None:
    code, out, err = run(write(tmp_path / "room.mp4", one_pull()), bounds=(500, 0, 10, 10))
    assert (code, out) == (2, "")
    assert "outside the 160x120 picture" in err


def test_explain_tells_on_stderr_what_was_turned_down_and_why(tmp_path: Path) -> None:
    room = Room(160, 120)
    frames = one_pull(room)
    for frame in frames[4:]:
        frame[10:90, 10:100] = 250
    code, out, err = run(write(tmp_path / "room.mp4", frames), explain=True)
    assert code == 0
    assert "frame 4, 0.160 s, at " in err
    assert all(json.loads(line) for line in out.splitlines())


@pytest.mark.parametrize("size", [(160, 120), (161, 121)])
def test_the_annotated_recording_shows_the_hit_and_keeps_the_times(tmp_path: Path, size: tuple[int, int]) -> None:
    frames = one_pull(Room(*size))
    times = [0, 40, 75, 130, 200, 240, 275, 330, 400, 430, 480, 520, 555, 600, 640, 690, 720, 770]
    recording = write(tmp_path / "room.mkv", frames, times)
    assert run(recording, annotate=tmp_path / "seen.mp4")[0] == 0
    with Recording(tmp_path / "seen.mp4") as seen, Recording(recording) as original:
        pairs = list(zip(seen.frames(), original.frames(), strict=True))
    assert [a.time for a, _ in pairs] == pytest.approx([b.time for _, b in pairs], abs=0.001)
    ring = np.abs(pairs[9][0].pixels[46:49, 97:104].astype(int) - pairs[9][1].pixels[46:49, 97:104]).max()
    assert ring > 80


def test_a_drawing_that_cannot_be_written_is_said_after_the_hits(tmp_path: Path) -> None:
    code, out, err = run(write(tmp_path / "room.mp4", one_pull()), annotate=tmp_path / "nowhere" / "seen.mp4")
    assert code == 2
    assert len(out.splitlines()) == 1
    assert "could not be written" in err


@pytest.mark.parametrize("what", ["missing", "empty", "text", "random", "folder", "picture"])
def test_what_is_no_recording_is_one_clear_sentence(tmp_path: Path, what: str) -> None:
    path = tmp_path / {"text": "notes.txt", "picture": "still.png"}.get(what, "room.mp4")
    if what == "empty":
        path.touch()
    elif what == "text":
        path.write_text("no film\n" * 400, encoding="utf-8")
    elif what == "random":
        path.write_bytes(np.random.default_rng(2).bytes(20_000))
    elif what == "folder":
        path.mkdir()
    elif what == "picture":
        cv2.imwrite(str(path), Room(64, 48).frame())
    code, out, err = run(path)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert str(path) in err


@pytest.mark.parametrize(("suffix", "codec"), [("avi", "mpeg4"), ("mkv", "libx264"), ("ts", "libx264")])
def test_of_a_truncated_recording_the_hits_so_far_are_told(tmp_path: Path, suffix: str, codec: str) -> None:
    room = Room(160, 120)
    whole = write(tmp_path / f"whole.{suffix}", [*one_pull(room), *room.quiet(80)], codec=codec)
    cut = tmp_path / f"cut.{suffix}"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 3 // 10])
    code, out, err = run(cut)
    assert code == 2
    assert [hit["frame"] for hit in hits_in(out)] == [8]
    assert len(err.splitlines()) == 1
    assert "early" in err or "damaged" in err


def test_variable_rate_gives_each_frame_its_own_time(tmp_path: Path) -> None:
    times = [1000, 1033, 1100, 1120, 1200, 1290, 1300, 1400, 1507, 1540, 1600, 1700, 1733, 1800, 1900, 1950, 2000, 2100]
    (hit,) = hits_in(run(write(tmp_path / "room.mkv", one_pull(), times))[1])
    assert (hit["frame"], hit["time"]) == (8, pytest.approx(0.507, abs=0.0011))


def test_an_odd_size_is_read(tmp_path: Path) -> None:
    (hit,) = hits_in(run(write(tmp_path / "room.mkv", one_pull(Room(161, 121))))[1])
    assert (hit["x"], hit["y"]) == pytest.approx((100.3, 60.6), abs=0.5)


def test_frames_before_the_damage_are_delivered(tmp_path: Path) -> None:
    whole = write(tmp_path / "whole.avi", Room(160, 120).quiet(60), codec="mpeg4")
    with Recording(whole) as recording:
        assert len(list(recording.frames())) == 60
    cut = tmp_path / "cut.avi"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 4])
    indices: list[int] = []
    with Recording(cut) as recording, pytest.raises(RecordingError, match=r"early|damaged"):
        indices.extend(frame.index for frame in recording.frames())
    assert indices == list(range(len(indices)))
    assert 20 <= len(indices) < 60
