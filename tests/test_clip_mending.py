"""Clips that will not cut cleanly: how `check` says so, and what `check --fix` makes of them. Real films."""

import io
from pathlib import Path

import av
import numpy as np
import pytest
from av.video.stream import VideoStream

from media.clip_probe import probe_film
from media.decode import Ahead, Part, SceneReader
from media.reencode import Reencoded, reencode
from range.app.check import check
from tests.films import make_film
from tests.numbered_films import RATE, number_in, numbered_picture, write_film

SCENARIO = """\
format = 1
title = "A knock"
start = "arrival"

[scenes.arrival]
clip = "long.mp4"
start = 3.0
branches = [{ on = "intent", intent = "calm", to = "talk" }, { on = "end", to = "talk" }]

[scenes.talk]
clip = "short.mp4"
ending = "well"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "story"
    made.mkdir()
    (made / "scenario.toml").write_text(SCENARIO)
    write_far_keys(made / "long.mp4")
    make_film(made / "short.mp4")
    return made


def write_far_keys(path: Path, *, rate: int = RATE, seconds: float = 4.0) -> Path:
    """A film with one key frame, at its start."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        stream.options = {"g": "10000", "preset": "ultrafast", "crf": "14", "x264-params": "scenecut=0"}
        for index in range(round(seconds * rate)):
            frame = av.VideoFrame.from_ndarray(numbered_picture(index), format="rgb24")
            frame.pts = index
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def told(folder: Path, data: Path, *, fix: bool = False) -> tuple[int, str]:
    err = io.StringIO()
    code = check(str(folder), out=io.StringIO(), err=err, clips=data / "clips", fix=fix)
    return code, err.getvalue()


def numbers(path: Path, part: Part, count: int) -> list[tuple[int, float]]:
    """The numbers and media times of a part's pictures."""
    reader = SceneReader(path, part, Ahead(4))
    taken: list[tuple[int, float]] = []
    while len(taken) < count and reader.wait_until_ahead(10.0):
        picture, _ = reader.take_due(len(taken) / RATE)
        if picture is None:
            break
        taken.append((number_in(picture.frame.to_ndarray(format="rgb24").astype(np.uint8)), picture.media))
    reader.close()
    reader.join()
    return taken


def test_a_scene_far_behind_a_key_frame_is_told_and_after_the_fix_it_is_well(folder: Path, tmp_path: Path) -> None:
    original = (folder / "long.mp4").read_bytes()
    code, words = told(folder, tmp_path)
    assert code == 1
    assert "key frame before it lies at 0 s" in words
    assert "scenes.arrival.clip" in words
    code, words = told(folder, tmp_path, fix=True)
    assert (code, "100%" in words) == (0, True)
    assert (folder / "long.mp4").read_bytes() == original
    assert told(folder, tmp_path)[0] == 0


def test_a_clip_encoded_anew_shows_the_same_pictures_at_the_same_times(folder: Path, tmp_path: Path) -> None:
    clip = folder / "long.mp4"
    made = Reencoded(tmp_path / "clips")
    reencode(clip, made.place_of(clip), [3.0], lambda _media: None)
    again = made.instead(clip)
    assert again != clip
    before, after = numbers(clip, Part(3.0), 30), numbers(again, Part(3.0), 30)
    assert [number for number, _ in after] == [number for number, _ in before] == list(range(90, 120))
    assert [media for _, media in after] == pytest.approx([media for _, media in before], abs=1e-4)
    assert 3.0 in [round(key, 3) for key in probe_film(again).keys]


def test_a_clip_that_has_changed_since_is_played_itself(folder: Path, tmp_path: Path) -> None:
    clip = folder / "long.mp4"
    made = Reencoded(tmp_path / "clips")
    reencode(clip, made.place_of(clip), [], lambda _media: None)
    write_film(clip, seconds=2.0)
    assert made.instead(clip) == clip


def test_sound_and_variable_times_survive_encoding_anew(tmp_path: Path) -> None:
    clip = tmp_path / "varies.mkv"
    times = [0, 33, 100, 133, 400, 433, 466, 900]
    with av.open(str(clip), "w") as container:
        stream = container.add_stream("libx264", rate=RATE)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for number, time in enumerate(times):
            frame = av.VideoFrame.from_ndarray(numbered_picture(number), format="rgb24")
            frame.pts, frame.time_base = round(time * RATE / 1000), 1 / stream.codec_context.framerate
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    loud = write_film(tmp_path / "loud.mp4", seconds=1.0, sound=True)
    for source in (clip, loud):
        reencode(source, tmp_path / f"{source.stem}-new.mp4", [], lambda _media: None)
    assert probe_film(tmp_path / "loud-new.mp4").sound
    assert not probe_film(tmp_path / "varies-new.mp4").sound

    def shown(path: Path) -> list[float]:
        with av.open(str(path)) as container:
            return [frame.time for frame in container.decode(video=0)]

    assert shown(tmp_path / "varies-new.mp4") == pytest.approx(shown(clip), abs=1e-3)


def test_a_clip_lying_on_its_side_stands_upright_when_encoded_anew(tmp_path: Path) -> None:
    lying, new = tmp_path / "lying.mp4", tmp_path / "new.mp4"
    with av.open(str(lying), "w") as container:
        stream = container.add_stream("libx264", rate=RATE)
        assert isinstance(stream, VideoStream)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        stream.set_display_rotation(-90)
        on_its_side = np.rot90(numbered_picture(3, width=180, height=320))
        for _ in range(5):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(on_its_side), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    reencode(lying, new, [], lambda _media: None)
    assert (probe_film(new).width, probe_film(new).height) == (180, 320)
    assert numbers(new, Part(), 1)[0][0] == 3


def test_what_cannot_be_read_at_all_is_said_and_the_rest_goes_on(folder: Path, tmp_path: Path) -> None:
    (folder / "short.mp4").write_bytes(b"")
    code, words = told(folder, tmp_path, fix=True)
    assert code == 1
    assert "short.mp4 is empty" in words
    assert "key frame" not in words
    assert not list((tmp_path / "clips").glob("*.part"))
