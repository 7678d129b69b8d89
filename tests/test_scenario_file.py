"""Scenario files: what a sound one becomes, and how a faulty one is told."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.scenario_file import ScenarioFaults, find_scenario, load_scenario, read_document
from media.toml_places import TomlPlaces, named
from range.core.faults import FileFault
from range.core.scenario import Branch, Cue

SOUND = """\
format = 1
title = "Noise after ten"
start = "arrival"
warnings = ["raised voices"]

[scenes.arrival]
clip = "arrival.mp4"
end = 8
at_end = "loop"
captions = { en = "arrival.en.vtt" }
perspectives = { resident = "arrival-resident.mp4" }

[scenes.arrival.zones.hands]
keyframes = [{ t = 0.0, polygon = [[0.41, 0.52], [0.47, 0.52], [0.46, 0.61]] }]

[[scenes.arrival.cues]]
t = 5.2
kind = "weapon_visible"

[[scenes.arrival.branches]]
on = "intent"
intent = "calm"
to = "talk"
label = "He lowers his voice"

[[scenes.arrival.branches]]
on = "hit"
zone = "hands"
from = 5.0
until = 7.5
to = "talk"

[scenes.talk]
clip = "talk.mp4"
ending = "well"
"""

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(text: str) -> Path:
        path = tmp_path / "scenario.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return written


def faults_of(path: Path) -> tuple[FileFault, ...]:
    with pytest.raises(ScenarioFaults) as refusal:
        load_scenario(path)
    return refusal.value.faults


def test_a_sound_file_becomes_the_graph_it_describes(write: Write) -> None:
    scenario = load_scenario(write(SOUND))
    arrival = scenario.scenes["arrival"]
    assert (scenario.title, scenario.start, scenario.warnings) == ("Noise after ten", "arrival", ("raised voices",))
    assert (arrival.start, arrival.end, arrival.at_end) == (0.0, 8.0, "loop")
    assert arrival.cues == (Cue(5.2, "weapon_visible"),)
    assert arrival.branches[0] == Branch("intent", "talk", label="He lowers his voice", intent="calm")
    assert arrival.branches[1] == Branch("hit", "talk", zone="hands", since=5.0, until=7.5)
    assert arrival.zones_at(0.45, 0.54, 6.0) == ("hands",)
    assert scenario.scenes["talk"].ending == "well"


def test_a_misspelt_key_is_told_with_its_line_and_the_key_that_was_meant(write: Write) -> None:
    [fault] = faults_of(write(SOUND.replace("at_end", "at_edn")))
    assert (fault.line, fault.place) == (9, "scenes.arrival.at_edn")
    assert "at_edn" in fault.message
    assert 'Did you mean "at_end"?' in fault.remedy


def test_a_misspelt_key_that_is_needed_is_told_once(write: Write) -> None:
    [fault] = faults_of(write(SOUND.replace('clip = "talk.mp4"', 'clp = "talk.mp4"')))
    assert 'Did you mean "clip"?' in fault.remedy


def test_a_key_of_another_trigger_is_a_fault(write: Write) -> None:
    [fault] = faults_of(write(SOUND.replace('intent = "calm"', 'intent = "calm"\nzone = "hands"')))
    assert (fault.line, fault.place) == (23, "scenes.arrival.branches[0].zone")


@pytest.mark.parametrize(
    ("written", "instead", "line", "remedy"),
    [
        ('on = "hit"', 'on = "hitt"', 27, 'Did you mean "hit"?'),
        ('at_end = "loop"', 'at_end = "lop"', 9, "loop or hold"),
        ("end = 8", 'end = "8"', 8, "without quotes"),
        ("t = 5.2", "t = -5.2", 17, "at least 0"),
        ("[0.41, 0.52]", "[0.41, 0.52, 0.1]", 14, "2"),
        ("from = 5.0", "from = inf", 29, "Write a number"),
        ("format = 1", "format = 2", 1, "1"),
        ('clip = "talk.mp4"', "", 33, "Add clip"),
        ('title = "Noise after ten"', "", None, "Add title"),
    ],
)
def test_a_value_that_does_not_fit_is_told_with_line_and_remedy(
    write: Write, written: str, instead: str, line: int | None, remedy: str
) -> None:
    [fault] = faults_of(write(SOUND.replace(written, instead, 1)))
    assert fault.line == line
    assert remedy in fault.remedy


def test_faults_of_keys_and_of_the_graph_are_told_together_in_the_files_order(write: Write) -> None:
    text = SOUND.replace("at_end", "at_edn").replace('zone = "hands"', 'zone = "hand"').replace("t = 5.2", 't = "5"')
    faults = faults_of(write(text.replace('to = "talk"\nlabel', 'to = "nobody"\nlabel')))
    assert [fault.line for fault in faults] == [9, 17, 23, 28]


def test_a_faulty_branch_does_not_make_its_scene_a_dead_end(write: Write) -> None:
    text = SOUND.replace('intent = "calm"', "intent = 3").replace('zone = "hands"\n', "")
    assert [fault.line for fault in faults_of(write(text))] == [22, 26]


def test_a_story_fault_alone_does_not_keep_a_scenario_from_being_played(write: Write) -> None:
    scenario = load_scenario(write(SOUND.replace('"well"', '"badly"')))
    assert scenario.scenes["talk"].ending == "badly"


def test_text_without_quotes_is_told_with_the_parsers_line(write: Write) -> None:
    path = write(SOUND.replace('clip = "talk.mp4"', "clip = talk.mp4"))
    with pytest.raises(ScenarioFaults) as refusal:
        read_document(path)
    assert refusal.value.unreadable
    [fault] = refusal.value.faults
    assert fault.line == 34
    assert "in quotes" in fault.remedy


def test_a_picture_instead_of_a_scenario_is_told_as_no_text(tmp_path: Path) -> None:
    path = tmp_path / "scenario.toml"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    [fault] = faults_of(path)
    assert "UTF-8" in fault.message


def test_a_scenario_is_found_by_its_folder_and_by_its_file(write: Write) -> None:
    path = write(SOUND)
    assert find_scenario(str(path)) == path
    assert find_scenario(str(path.parent)) == path


def test_an_unknown_scenario_and_a_folder_without_one_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(ScenarioFaults, match="no such scenario"):
        find_scenario(str(tmp_path / "nobody"))
    with pytest.raises(ScenarioFaults, match=r"holds no scenario\.toml"):
        find_scenario(str(tmp_path))


def test_places_are_found_in_every_way_toml_can_write_them() -> None:
    text = (
        'title = "a # b"\n"quoted.key".sub = 1\nlong = """\nx\n"""\n[a.b] # [no]\nlist = [\n  { t = 0, p = [[1, 2],\n'
        "[3, 4]] },\n]\n[[a.c]]\nx = '1'\n[[a.c]]\ny = 2\n[a.c.d]\nz = 1979-05-27 07:32:00\n"
    )
    places = TomlPlaces(text)
    assert places.line_of(("quoted.key", "sub")) == 2
    assert places.line_of(("long",)) == 3
    assert places.line_of(("a", "b", "list", 0, "p", 1, 0)) == 9
    assert places.line_of(("a", "c", 0, "x")) == 12
    assert places.line_of(("a", "c", 1, "d", "z")) == 16
    assert places.line_of(("a", "c", 1, "missing")) == 13
    assert places.line_of(("nothing",)) is None
    assert named(("a", "c", 1, "y")) == "a.c[1].y"


@given(st.data())
def test_however_a_file_is_mangled_it_is_refused_with_faults_or_read(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    lines = SOUND.splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        lines[at] = data.draw(st.sampled_from(["", "x = 1", "[a]", lines[at] * 2, lines[at][:-3], "to = []", "on = 1"]))
    path = tmp_path_factory.mktemp("mangled") / "scenario.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    try:
        load_scenario(path)
    except ScenarioFaults as refusal:
        assert refusal.faults  # noqa: PT017 - either outcome is right, a refusal without a reason is not
