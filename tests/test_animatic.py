"""Clips drawn from scenes' own text, as a decoder finds them."""

import shutil
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import ValidationError

from media.animatic.looks import look_of
from media.animatic.outline import outline
from media.animatic.render import render_clip, render_missing
from media.animatic.script import Figure, Line, SceneScript, Step, View
from media.animatic.stage import Stage
from media.captions import read_captions
from media.scenario_file import SceneDocument, read_document

SMALL = (320, 180)

TALKING = SceneScript(
    place="youth_centre",
    time="night",
    seconds=2.0,
    figures=(
        Figure(name="Alex", pose="open_hands", steps=(Step(t=0.8, pose="pointing", mood="angry"),)),
        Figure(name="Noor", x=0.7, hair="headscarf"),
    ),
    lines=(Line(t=0.3, who="Alex", say="Evening."),),
    perspectives={"alex": View(place="street", time="night", figures=(Figure(name="Officer", top="uniform"),))},
)

SCENARIO = """
format = 1
title = "A short one"
start = "one"

[scenes.one]
clip = "films/one.mp4"
at_end = "loop"
captions = { en = "one.en.vtt" }
perspectives = { resident = "one-resident.mp4", elsewhere = "filmed.mp4" }

[[scenes.one.branches]]
on = "end"
to = "two"

[scenes.one.script]
place = "room"
seconds = 0.4
lines = [{ t = 0.1, who = "Ada", say = "Hello" }]
figures = [{ name = "Ada" }]
perspectives.resident = { place = "hall" }

[scenes.two]
clip = "two.mp4"
ending = "well"
"""


def colours(frame: av.VideoFrame) -> NDArray[np.uint8]:
    return frame.to_ndarray(format="rgb24").astype(np.uint8)


def decoded(path: Path) -> list[NDArray[np.uint8]]:
    with av.open(str(path)) as container:
        return [colours(frame) for frame in container.decode(video=0)]


def drawn(script: SceneScript, t: float, *, loop: bool = False, size: tuple[int, int] = SMALL) -> NDArray[np.uint8]:
    stage = Stage(script, script.seconds, size, loop=loop, mouth=lambda _name, _t: 0.0)
    stage.draw(t)
    return stage.pixels().copy()


def difference(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> float:
    return float(np.abs(a.astype(int) - b.astype(int)).mean())


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clips") / "talk.mp4"
    render_clip(TALKING, path, size=SMALL, captions=path.with_name("talk.en.vtt"))
    return path


# --- the file ---------------------------------------------------------------------------------------------------------


def test_every_frame_has_its_exact_time(clip: Path) -> None:
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        assert stream.time_base is not None
        times = [frame.pts * stream.time_base for frame in container.decode(stream) if frame.pts is not None]
    assert times == [Fraction(n, 30) for n in range(60)]


def test_a_clip_is_h264_in_limited_bt709_with_a_key_frame_each_second(clip: Path) -> None:
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        assert (context.name, context.pix_fmt, context.width, context.height) == ("h264", "yuv420p", *SMALL)
        assert stream.average_rate == 30
        assert (context.color_range, context.colorspace, context.color_primaries, context.color_trc) == (1, 1, 1, 1)
        keys = [n for n, frame in enumerate(container.decode(stream)) if frame.key_frame]
    assert keys == [0, 30]


def test_a_clip_has_stereo_sound_as_long_as_itself(clip: Path) -> None:
    with av.open(str(clip)) as container:
        stream = container.streams.audio[0]
        context = stream.codec_context
        assert (context.name, context.sample_rate, context.channels) == ("aac", 48_000, 2)
        heard = sum(frame.samples for frame in container.decode(stream))
    assert abs(heard / 48_000 - TALKING.seconds) < 0.05


def test_colours_survive_the_conversion(clip: Path) -> None:
    with av.open(str(clip)) as container:
        first = colours(next(container.decode(video=0)))
    assert difference(first, drawn(TALKING, 0.0)[:, :, [2, 1, 0]]) < 6


def test_the_lines_are_captioned_while_they_are_heard(clip: Path) -> None:
    (caption,) = read_captions(clip.with_name("talk.en.vtt"))
    assert caption.text == "Alex: Evening."
    assert caption.start == 0.3
    assert 1.0 < caption.end <= TALKING.seconds


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="nothing here can speak")
def test_a_spoken_line_is_louder_than_the_room(clip: Path) -> None:
    with av.open(str(clip)) as container:
        sound = np.concatenate([frame.to_ndarray() for frame in container.decode(audio=0)], axis=1)
    quiet, voice = sound[:, 2_000:12_000], sound[:, 16_000:34_000]
    assert voice.std() > 10 * quiet.std()
    assert 0 < quiet.std() < 0.01


def test_without_a_speaking_program_the_clip_is_drawn_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    out = tmp_path / "silent.mp4"
    render_clip(TALKING, out, size=(160, 90), captions=tmp_path / "silent.vtt")
    assert len(decoded(out)) == 60
    assert read_captions(tmp_path / "silent.vtt")


def test_another_rate_and_a_perspective_can_be_asked_for(tmp_path: Path) -> None:
    out = tmp_path / "alex.mp4"
    shares: list[float] = []
    render_clip(TALKING, out, size=(160, 90), rate=15, perspective="alex", progress=shares.append)
    assert len(decoded(out)) == 30
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert [path.name for path in tmp_path.iterdir()] == ["alex.mp4"]


def test_a_perspective_that_is_not_written_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        render_clip(TALKING, tmp_path / "x.mp4", perspective="nobody")
    assert list(tmp_path.iterdir()) == []


def test_a_drawing_that_is_broken_off_leaves_no_file(tmp_path: Path) -> None:
    def stop(share: float) -> None:
        if share > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        render_clip(TALKING, tmp_path / "x.mp4", size=(160, 90), progress=stop)
    assert list(tmp_path.iterdir()) == []


# --- the picture ------------------------------------------------------------------------------------------------------


def test_the_same_text_is_always_the_same_picture() -> None:
    assert np.array_equal(drawn(TALKING, 1.1), drawn(TALKING, 1.1))


@pytest.mark.parametrize("move", ["push_in", "drift_left", "handheld", "still"])
def test_a_loop_ends_where_it_begins(move: str) -> None:
    script = TALKING.model_copy(update={"move": move, "seconds": 4.0})
    step = difference(drawn(script, 0.0, loop=True), drawn(script, 1 / 30, loop=True))
    seam = difference(drawn(script, 4.0 - 1 / 30, loop=True), drawn(script, 0.0, loop=True))
    assert seam <= 2 * step + 0.2
    assert difference(drawn(script, 2.0, loop=True), drawn(script, 0.0, loop=True)) > 1.0


def test_people_move_when_nobody_tells_them_to() -> None:
    script = SceneScript(seconds=4.0, move="still", figures=(Figure(name="Ada"),))
    assert 0 < difference(drawn(script, 0.0), drawn(script, 1.0)) < 3


def test_a_mouth_opens_with_the_voice() -> None:
    script = SceneScript(framing="close", figures=(Figure(name="Ada"),))
    shut = Stage(script, 8.0, SMALL, loop=True, mouth=lambda _name, _t: 0.0)
    wide = Stage(script, 8.0, SMALL, loop=True, mouth=lambda name, _t: 1.0 if name == "Ada" else 0.0)
    for stage in (shut, wide):
        stage.draw(1.0)
    assert not np.array_equal(shut.pixels(), wide.pixels())


@pytest.mark.parametrize("place", ["youth_centre", "street", "hall", "room", "park"])
@pytest.mark.parametrize("time", ["day", "evening", "night"])
def test_every_place_is_lit_at_every_time_of_day(place: str, time: str) -> None:
    script = SceneScript.model_validate({"place": place, "time": time, "framing": "wide", "figures": [{"name": "Ada"}]})
    picture = drawn(script, 0.0, size=(160, 90))[:, :, :3]
    assert 25 < picture.mean() < 225
    assert picture.std() > 12


def test_every_pose_and_every_kind_of_hair_can_be_drawn() -> None:
    schema = SceneScript.model_json_schema()["$defs"]["Figure"]["properties"]
    poses = schema["pose"]["enum"]
    hairs = schema["hair"]["anyOf"][0]["enum"]
    facings = schema["facing"]["enum"]
    tops = schema["top"]["anyOf"][0]["enum"]
    things = schema["holding"]["enum"]
    count = max(len(poses), len(hairs), len(tops))
    for n in range(count):
        figure = Figure.model_validate(
            {
                "name": f"P{n}",
                "pose": poses[n % len(poses)],
                "hair": hairs[n % len(hairs)],
                "top": tops[n % len(tops)],
                "facing": facings[n % len(facings)],
                "holding": things[n % len(things)],
                "beard": n % 3 == 0,
                "glasses": n % 4 == 0,
                "legs": ("jeans", "skirt")[n % 2],
                "age": ("child", "teen", "adult", "older")[n % 4],
            }
        )
        alone = SceneScript(place="room", move="still", figures=(figure,))
        empty = SceneScript(place="room", move="still", framing="wide")
        seen = drawn(alone.model_copy(update={"framing": "wide"}), 0.5, size=(320, 180))
        assert difference(seen, drawn(empty, 0.5, size=(320, 180))) > 0.5, figure.name


def test_a_name_alone_always_gives_the_same_looks() -> None:
    assert look_of(Figure(name="Ada")) == look_of(Figure(name="Ada", pose="pointing"))
    assert len({look_of(Figure(name=name)) for name in ("Ada", "Bo", "Cem", "Dag", "Eva", "Fay")}) == 6


def test_the_outline_of_a_figure_follows_it_across_the_picture() -> None:
    figure = Figure(name="Ada", x=0.2, steps=(Step(t=0.2, x=0.8),))
    stage = Stage(
        SceneScript(framing="wide", move="still", seconds=5.0, figures=(figure,)), 5.0, SMALL, loop=False,
        mouth=lambda _name, _t: 0.0,
    )  # fmt: skip
    before, after = outline(stage, "Ada", "person", 0.0), outline(stage, "Ada", "person", 4.9)
    assert max(u for u, _ in before) < 0.5 < min(u for u, _ in after)
    assert len(before) == len(after)


# --- the text ---------------------------------------------------------------------------------------------------------


def test_a_scene_needs_no_more_than_nothing() -> None:
    assert SceneScript().seconds == 8.0


@pytest.mark.parametrize(
    "fault",
    [
        {"plaze": "hall"},
        {"focus": "Nobody"},
        {"figures": [{"name": "Ada"}, {"name": "Ada"}]},
        {"figures": [{"name": "Ada", "pose": "flying"}]},
        {"figures": [{"name": "Ada", "steps": [{"t": 3}, {"t": 1}]}]},
        {"lines": [{"t": 9.0, "who": "Ada", "say": "too late"}]},
        {"seconds": 0},
    ],
)
def test_a_slip_in_the_text_is_a_fault(fault: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        SceneScript.model_validate(fault)


# --- all that is missing ----------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "scenario.toml").write_text(SCENARIO, encoding="utf-8")
    return tmp_path


def test_all_that_is_missing_and_written_is_drawn(folder: Path) -> None:
    document = read_document(folder / "scenario.toml")
    heard: list[tuple[str, float]] = []
    written = render_missing(folder, document, lambda path, share: heard.append((path.name, share)))
    names = ["films/one.mp4", "one-resident.mp4", "one.en.vtt"]
    assert [path.relative_to(folder).as_posix() for path in written] == names
    assert sorted(p.name for p in folder.rglob("*") if p.is_file()) == [
        "one-resident.mp4",
        "one.en.vtt",
        "one.mp4",
        "scenario.toml",
    ]
    assert len(decoded(folder / "films" / "one.mp4")) == 12
    assert ("one.mp4", 1.0) in heard
    assert ("one-resident.mp4", 1.0) in heard


def test_what_is_there_is_never_touched(folder: Path) -> None:
    document = read_document(folder / "scenario.toml")
    filmed = folder / "films" / "one.mp4"
    filmed.parent.mkdir()
    filmed.write_bytes(b"filmed")
    (folder / "one.en.vtt").write_text("WEBVTT\n", encoding="utf-8")
    assert [path.name for path in render_missing(folder, document)] == ["one-resident.mp4"]
    assert filmed.read_bytes() == b"filmed"
    assert (folder / "one.en.vtt").read_text(encoding="utf-8") == "WEBVTT\n"
    assert render_missing(folder, document) == []


def test_nothing_is_drawn_outside_the_folder(folder: Path) -> None:
    inner = folder / "inner"
    inner.mkdir()
    (inner / "scenario.toml").write_text(SCENARIO.replace("films/one.mp4", "../one.mp4"), encoding="utf-8")
    written = render_missing(inner, read_document(inner / "scenario.toml"))
    assert [path.name for path in written] == ["one-resident.mp4", "one.en.vtt"]
    assert not (folder / "one.mp4").exists()


def test_a_scene_without_a_text_is_left_to_be_filmed(folder: Path) -> None:
    document = read_document(folder / "scenario.toml")
    only = document.model_copy(update={"scenes": {"two": SceneDocument(clip="two.mp4", ending="well")}})
    assert render_missing(folder, only) == []
