"""`rangectl check` on real folders: every kind of broken film and caption, and all faults at once."""

import io
import json
import shutil
import wave
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import av
import pytest

from range.app.check import check
from tests.films import make_film

SOUND = """\
format = 1
title = "A knock"
start = "arrival"

[scenes.arrival]
clip = "arrival.mp4"
captions = { en = "arrival.en.vtt" }
perspectives = { resident = "resident.mp4" }
branches = [{ on = "intent", intent = "calm", to = "talk" }, { on = "end", to = "talk" }]

[scenes.talk]
clip = "talk.mp4"
ending = "well"
"""

CAPTIONS = "WEBVTT\n\n00:00.100 --> 00:00.900\nGood evening.\n"


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_film(tmp_path_factory.mktemp("film") / "two_seconds.mp4", seconds=2.0)


@pytest.fixture
def folder(tmp_path: Path, film: Path) -> Path:
    (tmp_path / "scenario.toml").write_text(SOUND)
    (tmp_path / "arrival.en.vtt").write_text(CAPTIONS)
    for name in ("arrival.mp4", "resident.mp4", "talk.mp4"):
        shutil.copy(film, tmp_path / name)
    return tmp_path


@dataclass(frozen=True)
class Told:
    code: int
    faults: list[dict[str, object]]

    @property
    def places(self) -> list[object]:
        return [fault["place"] for fault in self.faults]

    @property
    def words(self) -> str:
        return " ".join(f"{fault['message']}. {fault['remedy']}" for fault in self.faults)


def told(folder: Path) -> Told:
    out, err = io.StringIO(), io.StringIO()
    code = check(str(folder), out=out, err=err, as_json=True)
    assert err.getvalue() == ""
    return Told(code, [json.loads(line) for line in out.getvalue().splitlines()])


def edit(folder: Path, written: str, instead: str) -> None:
    text = (folder / "scenario.toml").read_text()
    assert written in text
    (folder / "scenario.toml").write_text(text.replace(written, instead))


def test_a_sound_scenario_is_told_as_sound_to_people_and_silently_to_programs(folder: Path) -> None:
    assert told(folder) == Told(0, [])
    out, err = io.StringIO(), io.StringIO()
    assert check(str(folder), out=out, err=err) == 0
    assert out.getvalue() == ""
    assert "is sound: 2 scenes" in err.getvalue()


def test_the_file_itself_may_be_named_instead_of_its_folder(folder: Path) -> None:
    assert told(folder / "scenario.toml").code == 0


def test_a_missing_clip_is_told_with_its_line_and_the_file_that_was_meant(folder: Path) -> None:
    edit(folder, 'clip = "talk.mp4"', 'clip = "tallk.mp4"')
    [fault] = told(folder).faults
    assert (fault["line"], fault["place"]) == (12, "scenes.talk.clip")
    assert fault["remedy"] == 'Did you mean "talk.mp4"?'


def test_a_missing_clip_with_a_script_is_to_be_drawn_by_the_animatic(folder: Path) -> None:
    (folder / "talk.mp4").unlink()
    edit(folder, 'ending = "well"', 'ending = "well"\nscript = { place = "hall" }')
    assert f"rangectl animatic {folder}" in told(folder).words


def test_a_clip_outside_the_folder_is_not_opened(folder: Path, film: Path) -> None:
    edit(folder, 'clip = "talk.mp4"', f'clip = "{film}"')
    assert "outside" in told(folder).words
    edit(folder, f'clip = "{film}"', 'clip = "../scenario.toml"')
    assert "outside" in told(folder).words


@pytest.mark.parametrize("name", ["a\\u0000b.mp4", "x" * 300], ids=["a zero byte", "too long"])
def test_a_name_that_no_file_can_have_is_told(folder: Path, name: str) -> None:
    edit(folder, 'clip = "talk.mp4"', f'clip = "{name}"')
    assert "No file can have this name" in told(folder).words


def cut_at(share: float) -> Callable[[bytes], bytes]:
    return lambda film: film[: int(len(film) * share)]


def scribble(film: bytes) -> bytes:
    middle = len(film) // 2
    return film[:middle] + bytes((byte * 7 + 3) % 256 for byte in film[middle : middle + 400]) + film[middle + 400 :]


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (lambda film: b"", "empty"),
        (lambda film: b"This is a letter and no film.\n" * 40, "no film"),
        (cut_at(0.5), "lost its end"),
        (scribble, "damaged"),
    ],
    ids=["empty", "a text", "truncated", "bytes changed in the middle"],
)
def test_a_clip_that_does_not_decode_from_end_to_end_is_told(
    folder: Path, spoil: Callable[[bytes], bytes], word: str
) -> None:
    clip = folder / "talk.mp4"
    clip.write_bytes(spoil(clip.read_bytes()))
    answer = told(folder)
    assert (answer.code, answer.places) == (1, ["scenes.talk.clip"])
    assert word in answer.words


def test_a_clip_cut_short_before_its_index_is_told_as_cut_short(folder: Path) -> None:
    index_last = make_film(folder / "talk.mov").read_bytes()
    (folder / "talk.mp4").write_bytes(index_last[: len(index_last) // 2])
    assert "cut short" in told(folder).words


def test_a_clip_larger_than_any_screen_is_not_decoded(folder: Path) -> None:
    with av.open(str(folder / "talk.mp4"), "w") as container:
        stream = container.add_stream("libx264", rate=30, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = 9000, 4700, "yuv420p"
        container.mux(stream.encode(av.VideoFrame(9000, 4700, "yuv420p")))
        container.mux(stream.encode())
    assert "9000 x 4700 pixels" in told(folder).words


def test_a_play_list_is_no_film(folder: Path) -> None:
    (folder / "talk.mp4").write_text("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\narrival.mp4\n#EXT-X-ENDLIST\n")
    assert "no film that can be read" in told(folder).words


def test_sound_alone_is_no_film(folder: Path) -> None:
    with wave.open(str(folder / "talk.wav"), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(8000))
    edit(folder, 'clip = "talk.mp4"', 'clip = "talk.wav"')
    assert "sound alone" in told(folder).words


@pytest.mark.parametrize("container", [".mkv", ".ts", ".avi"])
def test_other_kinds_of_film_are_sound_too(folder: Path, container: str) -> None:
    make_film(folder / f"talk{container}")
    edit(folder, 'clip = "talk.mp4"', f'clip = "talk{container}"')
    assert told(folder) == Told(0, [])


def test_a_clip_that_three_scenes_share_is_told_once(folder: Path) -> None:
    (folder / "talk.mp4").write_bytes(b"")
    text = (folder / "scenario.toml").read_text()
    more = 'clip = "talk.mp4"\nbranches = [{ on = "end", to = "talk" }]\n'
    (folder / "scenario.toml").write_text(f"{text}\n[scenes.one]\n{more}\n[scenes.two]\n{more}")
    edit(folder, '{ on = "end", to = "talk" }]\n\n[scenes.talk]', '{ on = "end", to = "one" }]\n\n[scenes.talk]')
    edit(folder, 'on = "intent", intent = "calm", to = "talk"', 'on = "intent", intent = "calm", to = "two"')
    assert told(folder).places == ["scenes.talk.clip"]


def test_times_past_the_end_of_the_clip_are_told(folder: Path) -> None:
    edit(folder, 'clip = "arrival.mp4"', 'clip = "arrival.mp4"\nend = 9\ncues = [{ t = 4, kind = "threat_visible" }]')
    answer = told(folder)
    assert answer.places == ["scenes.arrival.end", "scenes.arrival.cues[0].t"]
    assert "over at 2 s" in answer.words


def test_a_perspective_shorter_than_its_scene_is_told(folder: Path) -> None:
    make_film(folder / "resident.mp4", seconds=1.0)
    answer = told(folder)
    assert answer.places == ["scenes.arrival.perspectives.resident"]
    assert "same clock" in answer.words


@pytest.mark.parametrize(
    ("captions", "word"),
    [
        ("1\n00:00:00,100 --> 00:00:00,900\nGood evening.\n", "WebVTT"),
        ("WEBVTT\n\n00:00.100 -> 00:00.900\nGood evening.\n", "line 3"),
        ("WEBVTT\n", "no captions"),
        ("WEBVTT\n\n00:07.100 --> 00:07.900\nGood evening.\n", "when the clip is over"),
    ],
    ids=["another format", "a wrong arrow", "empty", "past the clip"],
)
def test_captions_that_would_not_be_shown_are_told(folder: Path, captions: str, word: str) -> None:
    (folder / "arrival.en.vtt").write_text(captions)
    answer = told(folder)
    assert answer.places == ["scenes.arrival.captions.en"]
    assert word in answer.words


@pytest.mark.parametrize(
    ("captions", "code", "word"),
    [
        ("1\n00:00:00,100 --> 00:00:00,900\nGood evening.\n", 0, ""),
        ("1\n00:00:00.100 --> 00:00:00.900\nGood evening.\n", 1, "00:00:01,000"),
        ("Good evening.\n", 1, "SubRip"),
    ],
    ids=["sound", "points for commas", "a text"],
)
def test_captions_may_be_subrip(folder: Path, captions: str, code: int, word: str) -> None:
    (folder / "arrival.en.srt").write_text(captions)
    edit(folder, "arrival.en.vtt", "arrival.en.srt")
    answer = told(folder)
    assert answer.code == code
    assert word in answer.words


def test_every_kind_of_fault_is_told_in_one_go(folder: Path) -> None:
    (folder / "talk.mp4").write_bytes(b"")
    edit(folder, 'title = "A knock"', 'title = "A knock"\ncolour = "blue"')
    edit(folder, 'on = "end", to = "talk"', 'on = "end", to = "nobody"')
    edit(folder, 'ending = "well"', 'ending = "wel"\n[scenes.lost]\nclip = "lost.mp4"\nending = "open"')
    assert told(folder).places == [
        "colour",
        "scenes.arrival.branches[1].to",
        "scenes.talk.clip",
        "scenes.talk.ending",
        "scenes.lost",
        "scenes.lost.clip",
    ]


def test_faults_are_told_to_people_with_file_line_place_and_remedy(folder: Path) -> None:
    edit(folder, 'ending = "well"', 'ending = "wel"')
    out, err = io.StringIO(), io.StringIO()
    assert check(str(folder), out=out, err=err) == 1
    assert out.getvalue() == ""
    text = err.getvalue()
    assert f"{folder / 'scenario.toml'}:13: " in text
    assert "in scenes.talk.ending\n" in text
    assert 'Did you mean "well"?' in text
    assert "1 fault in " in text


def test_what_is_no_scenario_at_all_is_refused(tmp_path: Path) -> None:
    assert told(tmp_path / "nothing").code == 2
    assert told(tmp_path).code == 2
    (tmp_path / "scenario.toml").write_text("title = A knock\n")
    answer = told(tmp_path)
    assert (answer.code, answer.faults[0]["line"]) == (2, 1)
