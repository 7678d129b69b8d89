"""`config.toml`: what holds without a word, what keys mean, and all faults at once."""

from pathlib import Path

import pytest

from range.app.config import DEFAULT_KEYS, SHIPPED, ConfigFaults, load_config
from range.core.attribution import Lane, Shooter
from range.core.events import Act, Choice, Intent, Operate
from range.core.faults import FileFault
from range.core.people import Person


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def faults_of(file: Path, text: str) -> tuple[FileFault, ...]:
    file.write_text(text)
    with pytest.raises(ConfigFaults) as refusal:
        load_config(file)
    return refusal.value.faults


def test_the_file_that_comes_with_the_program_says_what_holds_without_it(file: Path) -> None:
    file.write_text("")
    shipped, empty = load_config(), load_config(file)
    assert shipped.path == SHIPPED
    for part in (
        "screen",
        "camera",
        "keypad",
        "keys",
        "sound",
        "captions",
        "laser",
        "calibration_file",
        "participants",
    ):
        assert getattr(shipped, part) == getattr(empty, part)
    assert shipped.keys.model_dump() == dict(DEFAULT_KEYS)


def test_every_key_of_the_shipped_file_is_commented() -> None:
    lines = SHIPPED.read_text().splitlines()
    keys = [line for line in lines if "=" in line and not line.lstrip().startswith(("#", '"'))]
    assert len(keys) == 24
    assert all("#" in line for line in keys)


def test_a_key_means_an_intent_an_act_a_choice_or_steering() -> None:
    config = load_config()
    assert config.meaning_of("1") == Intent("calm")
    assert config.meaning_of("8") == Act("command given")
    assert config.meaning_of("0") == Operate("stop")
    assert config.meaning_of("f2") == Choice(2)
    assert config.meaning_of("tab") is None


def test_own_intents_take_their_keys_from_the_defaults_of_other_tables(file: Path) -> None:
    file.write_text('[keys.intents]\n"8" = "calm"\nc = "cry"\n')
    config = load_config(file)
    assert config.meaning_of("8") == Intent("calm")
    assert config.meaning_of("c") == Intent("cry")
    assert config.meaning_of("1") is None
    assert config.meaning_of("9") == Act("radio")


def test_all_faults_are_told_at_once_in_the_files_order(file: Path) -> None:
    faults = faults_of(
        file,
        '[screen]\ndisplay = 0\nfulscreen = true\n[sound]\nvolume = 101\n[camera]\nfps = "30"\n[keys.acts]\n'
        '"1" = "cover"\n[keys.intents]\n"1" = "calm"\n',
    )
    assert [(fault.line, fault.place) for fault in faults] == [
        (3, "screen.fulscreen"),
        (5, "sound.volume"),
        (7, "camera.fps"),
        (9, "keys.acts.1"),
    ]
    assert 'Did you mean "fullscreen"?' in faults[0].remedy
    assert "at most 100" in faults[1].remedy


@pytest.mark.parametrize(
    ("text", "place", "remedy"),
    [
        ('[keys.intents]\n"Enter" = "calm"', "keys.intents.Enter", 'Did you mean "enter"?'),
        ('[keys.intents]\n"up" = "calm"', "keys.intents.up", "f1 to f8"),
        ('[keys.operator]\n"0" = "stop"', "keys.operator", '"enter" = "go_on"'),
        ('[keys.operator]\n"1" = "stop"\n"2" = "goon"', "keys.operator.2", '"go_on"'),
        ('[camera]\ndevice = ""', "camera.device", "between the quotes"),
        ('[camera]\ndevice = "yesterday.mp4"', "camera.device", "recording"),
        ('[calibration]\nfile = "lost.json"', "calibration.file", "rangectl calibrate"),
        ('[keypad]\nport = "usb:12"', "keypad.port", "usb:VID:PID"),
        ('[keypad]\nport = "the black one"', "keypad.port", "/dev/ttyACM0"),
        ('[captions]\nlanguage = "plain English"', "captions.language", '"en"'),
        ('[session]\nparticipants = ["Asha", "Asha"]', "session.participants[1]", "different names"),
        ("[laser]\nexplane = true", "laser.explane", 'Did you mean "explain"?'),
        ("[screen]\nsize = [1280]", "screen.size[1]", "Add"),
        ("[screen]\nsize = [0, 720]", "screen.size[0]", "at least 64"),
        ("[speakers]\non = true", "speakers", "sound"),
        ("screen = 3", "screen", "braces"),
    ],
)
def test_a_fault_names_its_place_and_its_remedy(file: Path, text: str, place: str, remedy: str) -> None:
    faults = {fault.place: fault for fault in faults_of(file, text)}
    assert place in faults
    assert remedy in faults[place].remedy


TWO = '[session]\nparticipants = ["Asha", "Jonas"]\n'


def test_who_fires_what_is_said_by_colour_by_lane_or_both(file: Path) -> None:
    file.write_text(
        TWO + '[[session.shooters]]\nparticipant = "Asha"\ncolour = "red"\nlane = [0, 0, 0.5, 1]\n'
        '[[session.shooters]]\nparticipant = "Jonas"\ncolour = "green"\n'
    )
    left = Lane(0, 0, 0.5, 1)
    assert load_config(file).shooters == (Shooter("Asha", "red", left), Shooter("Jonas", "green"))


@pytest.mark.parametrize(
    ("shooters", "place", "remedy"),
    [
        ('{ participant = "Asah", colour = "red" }', "session.shooters[0].participant", 'Did you mean "Asha"?'),
        ('{ participant = "Bo", colour = "red" }', "session.shooters[0].participant", "session.participants"),
        ('{ participant = "Asha", colour = "blue" }', "session.shooters[0].colour", "red, green"),
        ('{ participant = "Asha", colour = "unknown" }', "session.shooters[0].colour", "red, green"),
        ('{ participant = "Asha" }', "session.shooters[0]", "lane"),
        ('{ colour = "red" }', "session.shooters[0].participant", "Add"),
        ('{ participant = "Asha", lane = [0, 0, 1.5, 1] }', "session.shooters[0].lane[2]", "at most 1"),
        ('{ participant = "Asha", lane = [0, 0, 1] }', "session.shooters[0].lane[3]", "Add"),
        ('{ participant = "Asha", lane = [0.5, 0, 0.2, 1] }', "session.shooters[0].lane", "left, top, right, bottom"),
        (
            '{ participant = "Asha", colour = "red" }, { participant = "Jonas", colour = "red" }',
            "session.shooters[1]",
            "another colour",
        ),
        (
            '{ participant = "Asha", colour = "red", lane = [0, 0, 1, 0.5] }, '
            '{ participant = "Jonas", colour = "red" }',
            "session.shooters[0]",
            "another colour",
        ),
    ],
)
def test_shooters_who_cannot_be_told_are_faults(file: Path, shooters: str, place: str, remedy: str) -> None:
    faults = {fault.place: fault for fault in faults_of(file, f"{TWO}shooters = [{shooters}]\n")}
    assert list(faults) == [place]
    assert remedy in faults[place].remedy


def test_shooters_faults_stand_among_all_others(file: Path) -> None:
    faults = faults_of(file, TWO + 'shooters = [{ participant = "Bo" }]\n[laser]\nexplain = "yes"\n')
    assert {fault.place for fault in faults} == {
        "session.shooters[0].participant",
        "session.shooters[0]",
        "laser.explain",
    }


def test_what_is_not_plugged_in_is_no_fault_of_the_file(file: Path) -> None:
    file.write_text('[camera]\ndevice = "/dev/video9"\n[keypad]\nport = "usb:2E8A:000A:E66"\n')
    config = load_config(file)
    assert (config.camera.device, config.keypad.port) == ("/dev/video9", "usb:2E8A:000A:E66")


@pytest.mark.parametrize("device", ["twin", "3", "http://10.0.0.7:8080/video"])
def test_a_device_that_is_no_file_is_taken_as_written(file: Path, device: str) -> None:
    file.write_text(f'[camera]\ndevice = "{device}"\n')
    assert load_config(file).camera.device == device


def test_paths_are_relative_to_the_files_folder(file: Path) -> None:
    (file.parent / "room.json").write_text("{}")
    (file.parent / "night.mp4").write_bytes(b"film")
    file.write_text('[camera]\ndevice = "night.mp4"\n[calibration]\nfile = "room.json"\n')
    config = load_config(file)
    assert config.camera.device == str(file.parent / "night.mp4")
    assert config.calibration_file == file.parent / "room.json"


def test_a_file_that_is_not_there_is_told_by_its_name(file: Path) -> None:
    with pytest.raises(ConfigFaults) as refusal:
        load_config(file)
    assert refusal.value.faults[0].file == str(file)


def test_a_file_that_is_no_toml_is_told_with_its_line(file: Path) -> None:
    [fault] = faults_of(file, "[sound]\non = yes\n")
    assert fault.line == 2


def test_people_say_of_themselves_what_the_record_keeps(file: Path) -> None:
    told = '{ participant = "Asha", role = "officer", group = "North station", consent = "record" }'
    file.write_text(f'{TWO}people = [{told}]\ninstructor = "Jo"\noperator = "Sam"\n')
    assert load_config(file).people == (
        Person("Asha", "participant", "officer", "North station", "record"),
        Person("Jonas"),
        Person("Jo", "instructor"),
        Person("Sam", "operator"),
    )


@pytest.mark.parametrize(
    ("people", "place"),
    [
        ('{ participant = "Ash" }', "session.people[0].participant"),
        ('{ participant = "Asha" }, { participant = "Asha", role = "x" }', "session.people[1].participant"),
        ('{ participant = "Asha", agency = "x" }', "session.people[0].agency"),
    ],
)
def test_people_who_take_no_part_or_are_told_of_twice_are_faults(file: Path, people: str, place: str) -> None:
    file.write_text(f"{TWO}people = [{people}]\n")
    with pytest.raises(ConfigFaults) as refusal:
        load_config(file)
    assert [fault.place for fault in refusal.value.faults] == [place]
