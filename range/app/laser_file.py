"""A laser learnt, kept as a file in the data directory."""

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError, with_config

from hardware.camera.messages import ASSUMED_PULSE
from range.core.events import Colour

FORMAT = 1
SHORTEST_PULSE = 0.001
"""Seconds of light of the shortest flash; a pulse that a single frame showed may be as short."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
REMEDY = "learn it again with `rangectl laser learn`"


class LaserFileError(Exception):
    """A laser's file that cannot be used; the text says why and what to do."""


@with_config(ConfigDict(allow_inf_nan=False, extra="forbid"))
@dataclass(frozen=True, slots=True)
class LearntLaser:
    """What a laser's test shots had in common: medians, and spreads as the largest less the smallest.

    `rise` is how many grey levels its spot rises, `radius` the spot's in camera pixels, `pulse` the seconds from a
    shot's first lit frame to its last. Frames can tell a pulse's length only to one frame period either way; that is
    `resolution`, in seconds. `shots` is how many there were, `made` a UTC time.
    """

    name: str
    colour: Colour
    rise: Annotated[float, Field(gt=0)]
    rise_spread: Annotated[float, Field(ge=0)]
    radius: Annotated[float, Field(gt=0)]
    radius_spread: Annotated[float, Field(ge=0)]
    pulse: Annotated[float, Field(ge=0)]
    pulse_spread: Annotated[float, Field(ge=0)]
    resolution: Annotated[float, Field(ge=0)]
    shots: Annotated[int, Field(gt=0)]
    made: str


def sure_pulse(laser: LearntLaser | None) -> float:
    """The seconds of light that a pull gives at least; what is assumed of a laser that has not been learnt."""
    return ASSUMED_PULSE if laser is None else max(laser.pulse, SHORTEST_PULSE)


def lasers_folder(data: Path) -> Path:
    """Where a data directory keeps its lasers."""
    return data / "lasers"


def write_laser(laser: LearntLaser, data: Path) -> Path:
    """Write a laser's file whole or not at all, and say where. Raises OSError."""
    path = lasers_folder(data) / f"{laser.name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(json.dumps({"format": FORMAT, **asdict(laser)}, indent=1) + "\n", encoding="utf-8")
    unfinished.replace(path)
    return path


def read_laser(path: Path) -> LearntLaser:
    """Read a laser's file. Raises LaserFileError."""
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise LaserFileError(f"no laser has been learnt under the name {path.stem}: {REMEDY} --name") from None
    except (OSError, ValueError) as problem:
        raise LaserFileError(f"{path} is no laser's file ({problem}): {REMEDY}") from problem
    if not isinstance(fields, dict) or "format" not in fields:
        raise LaserFileError(f"{path} is no laser's file: {REMEDY}")
    if fields.pop("format") != FORMAT:
        raise LaserFileError(f"{path} was made by another version of this program: {REMEDY}")
    try:
        return TypeAdapter(LearntLaser).validate_python(fields)
    except ValidationError as problem:
        raise LaserFileError(f"{path} is damaged: {REMEDY}") from problem


def learnt_laser(data: Path, name: str = "") -> LearntLaser | None:
    """The laser of a name; of an empty name the one learnt last, None where none has been. Raises LaserFileError."""
    if name:
        if NAME.fullmatch(name) is None:
            raise LaserFileError(f'no laser can have the name "{name}": name a learnt one as laser.name in config.toml')
        return read_laser(lasers_folder(data) / f"{name}.json")
    files = sorted(lasers_folder(data).glob("*.json"), key=lambda file: file.stat().st_mtime_ns)
    return read_laser(files[-1]) if files else None
