"""One range's configuration: `config.toml`, read strictly, all faults at once, never written."""

import re
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import AfterValidator, Field, ValidationError
from pydantic_core import PydanticCustomError

from hardware.keypad.keys import KEY_NAMES as KEYPAD_KEYS
from hardware.keypad.pad_keys import PAD_KEYS
from hardware.pad_list import is_pad_address, pad_address_fault
from hardware.serial_ports import Address
from media.strict_file import Pair, Table, TomlFile, Unreadable, is_file, misfits, read_toml
from range.app.shooters import Session, session_faults
from range.core.attribution import Shooter
from range.core.events import Act, Choice, Intent, Meaning, Operate, OperatorKey
from range.core.faults import FileFault, in_order, nearest
from range.core.people import Person

SHIPPED = Path(__file__).parents[2] / "config.toml"

# Keypads on a serial port send the first, number pads and presenters the second, this computer's keyboard all.
KEY_NAMES = KEYPAD_KEYS | PAD_KEYS
LANGUAGE = re.compile(r"([A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*)?")
RECORDINGS = (".mp4", ".mkv", ".avi", ".mov", ".webm", ".m4v", ".ts", ".mpg", ".mjpeg")

Name = Annotated[str, Field(min_length=1)]
Pixels = Annotated[int, Field(ge=0, le=16384)]


def _language(tag: str) -> str:
    if not LANGUAGE.fullmatch(tag):
        remedy = 'Write a language tag such as "en", "fr" or "pt-BR", or "" for no captions'
        raise PydanticCustomError("language", "This is no language tag", {"remedy": remedy})
    return tag


class Screen(Table):
    """Where the film is shown; `size` is (width, height) in pixels, `wide` the picture's width on the wall in mm."""

    display: Annotated[int, Field(ge=0)] | Name = 0
    fullscreen: bool = True
    size: Pair[Annotated[int, Field(ge=64, le=16384)]] = (1280, 720)
    wide: Annotated[float, Field(ge=0, le=100_000)] = 0


class Camera(Table):
    """The camera: an index, a stable identity, a URL, a recording's path or `twin`; 0 leaves a figure to the camera."""

    device: Name = "0"
    width: Pixels = 0
    height: Pixels = 0
    fps: Annotated[float, Field(ge=0, le=1000)] = 0


class CalibrationChoice(Table):
    """The calibration's file; empty for the newest in the data directory."""

    file: str = ""


class Keypad(Table):
    """The keypad's port; empty for none."""

    port: str = ""


class Keys(Table):
    """What keys mean, by key name."""

    intents: dict[str, Name]
    operator: dict[str, OperatorKey]
    acts: dict[str, Name]
    choices: dict[str, Annotated[int, Field(ge=1, le=99)]]


class Media(Table):
    """The film: `memory` is the most, in MiB, that pictures kept ready may take."""

    memory: Annotated[int, Field(ge=64, le=65536)] = 1024


class Sound(Table):
    """The loudspeakers; `volume` from 0 to 100."""

    on: bool = True
    device: str = ""
    volume: Annotated[int, Field(ge=0, le=100)] = 100


class Captions(Table):
    """The captions' language, such as `en` or `pt-BR`; empty for none."""

    language: Annotated[str, AfterValidator(_language)] = "en"


class Laser(Table):
    """The training laser: `name` is a learnt one's, empty for the newest; `explain` tells every rejected candidate;
    `test_shot` asks for a test shot where no laser has been learnt, too."""

    name: str = ""
    explain: bool = False
    test_shot: bool = False


class ConfigDocument(Table):
    """The whole of `config.toml`."""

    screen: Screen = Screen()
    camera: Camera = Camera()
    calibration: CalibrationChoice = CalibrationChoice()
    keypad: Keypad = Keypad()
    keys: Keys
    media: Media = Media()
    sound: Sound = Sound()
    captions: Captions = Captions()
    laser: Laser = Laser()
    session: Session = Session()


DEFAULT_KEYS: MappingProxyType[str, dict[str, str | int]] = MappingProxyType({
    "intents": {
        "1": "calm", "2": "comply", "3": "argue", "4": "flee", "5": "threaten", "6": "attack", "7": "end",
    },
    "operator": {
        "0": "stop", "enter": "go_on", "+": "pause", "-": "back", "/": "next", "*": "flag",
        "escape": "stop", "s": "stop", "g": "go_on", "space": "pause", "b": "back", "n": "next", "f": "flag",
        "pagedown": "go_on", "pageup": "back",
    },
    "acts": {"8": "command given", "9": "radio", "c": "cover", "p": "spray", "h": "hands on"},
    "choices": {"f1": 1, "f2": 2, "f3": 3, "f4": 4},
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Config:
    """A sound configuration. Paths in it are absolute, or as the user wrote them where they name no file."""

    path: Path
    screen: Screen
    camera: Camera
    keypad: Keypad
    keys: Keys
    media: Media
    sound: Sound
    captions: Captions
    laser: Laser
    calibration_file: Path | None
    participants: tuple[str, ...]
    shooters: tuple[Shooter, ...]
    people: tuple[Person, ...]
    keep_days: int

    def meaning_of(self, key: str) -> Meaning | None:
        """What a key means; None where the configuration gives it no meaning."""
        if key in self.keys.intents:
            return Intent(self.keys.intents[key])
        if key in self.keys.operator:
            return Operate(self.keys.operator[key])
        if key in self.keys.acts:
            return Act(self.keys.acts[key])
        return Choice(self.keys.choices[key]) if key in self.keys.choices else None


class ConfigFaults(Exception):  # noqa: N818 - it carries several
    """A configuration that cannot be used, with all its faults."""

    def __init__(self, faults: tuple[FileFault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def load_config(path: Path | None = None) -> Config:
    """Read a configuration; None reads the one that comes with the program. Raises ConfigFaults with every fault."""
    try:
        file = read_toml(path or SHIPPED)
    except Unreadable as error:
        raise ConfigFaults((error.fault,)) from None
    data = {**file.data, "keys": _with_default_keys(file.data.get("keys", {}))}
    faults = [*_key_faults(file, data["keys"]), *_device_faults(file), *session_faults(file)]
    try:
        document = ConfigDocument.model_validate(data)
    except ValidationError as error:
        faults += [file.fault(m.place, m.message, m.remedy) for m in misfits(ConfigDocument, error)]
        raise ConfigFaults(in_order(faults)) from None
    if faults:
        raise ConfigFaults(in_order(faults))
    calibration = document.calibration.file
    return Config(
        path=file.path,
        screen=document.screen,
        camera=document.camera.model_copy(update={"device": _device(file, document.camera.device)}),
        keypad=document.keypad.model_copy(update={"port": _device(file, document.keypad.port)}),
        keys=document.keys,
        media=document.media,
        sound=document.sound,
        captions=document.captions,
        laser=document.laser,
        calibration_file=_resolved(file, calibration) if calibration else None,
        participants=document.session.participants,
        shooters=tuple(table.shooter for table in document.session.shooters),
        people=document.session.everybody,
        keep_days=document.session.keep_days,
    )


def _with_default_keys(written: Any) -> Any:
    """The key tables, with the defaults of those that the file does not write, less the keys that it uses elsewhere."""
    if not isinstance(written, dict):
        return written
    used = {key for table in written.values() if isinstance(table, dict) for key in table}
    defaults = {
        name: {key: meaning for key, meaning in table.items() if key not in used}
        for name, table in DEFAULT_KEYS.items()
        if name not in written
    }
    return {**defaults, **written}


def _key_faults(file: TomlFile, keys: Any) -> list[FileFault]:
    tables = {name: keys[name] for name in DEFAULT_KEYS if isinstance(keys, dict) and isinstance(keys.get(name), dict)}
    faults: list[FileFault] = []
    first: dict[str, str] = {}
    for name, table in tables.items():
        for key in table:
            place = ("keys", name, key)
            if key not in KEY_NAMES:
                meant = nearest(key, sorted(KEY_NAMES))
                remedy = f'Did you mean "{meant}"? ' if meant else ""
                remedy += (
                    "Keys are 0 to 9, a to z, + - * / . #, enter, space, tab, backspace, escape, f1 to f8, pageup, "
                    "pagedown"
                )
                faults.append(file.fault(place, f'There is no key "{key}"', remedy))
            elif key in first:
                message = f'The key "{key}" already has a meaning in [keys.{first[key]}]'
                faults.append(file.fault(place, message, "Remove it from one of the two tables"))
            first.setdefault(key, name)
    operator = tables.get("operator")
    for action, advice in (("stop", '"0" = "stop"'), ("go_on", '"enter" = "go_on"')):
        if operator is not None and action not in operator.values():
            message = f"No key means {action}, so a session could not be {'stopped' if action == 'stop' else 'started'}"
            faults.append(file.fault(("keys", "operator"), message, f"Add {advice} to [keys.operator]"))
    return faults


def _device_faults(file: TomlFile) -> list[FileFault]:
    """Files that are named and do not exist, and ports in no known form. What is merely unplugged is no fault."""
    faults: list[FileFault] = []
    device = _written(file, "camera", "device")
    if device.lower().endswith(RECORDINGS) and "://" not in device and not is_file(_resolved(file, device)):
        remedy = "Name a recording relative to this file's folder, or a camera"
        faults.append(file.fault(("camera", "device"), f'There is no recording "{device}"', remedy))
    calibration = _written(file, "calibration", "file")
    if calibration and not is_file(_resolved(file, calibration)):
        remedy = 'Run rangectl calibrate, or write "" for the newest calibration'
        faults.append(file.fault(("calibration", "file"), f'There is no calibration "{calibration}"', remedy))
    port = _written(file, "keypad", "port")
    if is_pad_address(port):
        if (message := pad_address_fault(port)) is not None:
            faults.append(file.fault(("keypad", "port"), message, "See `rangectl doctor` for what is plugged in"))
    elif port not in ("", "twin"):
        remedy = 'Write a device such as "/dev/ttyACM0", usb:VID:PID, input:VID:PID, a URL, "twin", or "" for none'
        try:
            target = Address.parse(port).target
        except ValueError as problem:
            faults.append(file.fault(("keypad", "port"), str(problem), remedy))
        else:
            if not re.search(r"://|[/\\]|^usb:|^COM\d+$", target, re.IGNORECASE):
                faults.append(file.fault(("keypad", "port"), f'"{port}" is no port', remedy))
    return faults


def _written(file: TomlFile, section: str, key: str) -> str:
    """The text at a key; empty where there is none."""
    table = file.data.get(section)
    value = table.get(key) if isinstance(table, dict) else None
    return value if isinstance(value, str) else ""


def _resolved(file: TomlFile, name: str) -> Path:
    return file.path.parent.absolute() / name


def _device(file: TomlFile, name: str) -> str:
    """A device's name; an absolute path where it names something relative to the configuration's folder."""
    if name in ("", "twin") or name.isdigit() or "://" in name or Path(name).is_absolute():
        return name
    resolved = _resolved(file, name)
    try:
        return str(resolved) if resolved.exists() else name
    except (OSError, ValueError):
        return name
