"""A scripted session: an instructor who presses keys and a participant who fires, both at given moments of the film.

`demo.toml` beside a scenario holds one. Its steps are done in order, each when its scene is on the wall and its media
time has come; `path` is the scenes that must have been shown.
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass as checked

from range.core.geometry import Point
from range.core.rules import State
from range.core.scenario import Scenario


class ScriptError(Exception):
    """A script that cannot be played; the text says why."""


@checked(frozen=True)
class Step:
    """One thing to do: press a key, or fire at the middle of a zone. An empty `scene` is the slate."""

    scene: str = ""
    at: float = 0.0
    press: str = ""
    fire: str = ""


@checked(frozen=True)
class Script:
    """All steps, and the path they lead along."""

    path: tuple[str, ...]
    steps: tuple[Step, ...]


def read_script(path: Path) -> Script:
    """Read a script. Raises ScriptError."""
    try:
        return TypeAdapter(Script).validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as problem:
        raise ScriptError(f"{path} is no script: {problem}") from problem


def centre_of(scenario: Scenario, step: Step, media: float) -> Point:
    """The middle of a step's zone at a media time, as a clip position."""
    for zone in scenario.scenes[step.scene].zones:
        if zone.name == step.fire:
            corners = zone.polygon_at(media)
            return sum(u for u, _ in corners) / len(corners), sum(v for _, v in corners) / len(corners)
    raise ScriptError(f"the scene {step.scene} has no zone {step.fire}")


@dataclass(frozen=True, slots=True)
class Hands:
    """What the script may do: press a key, fire at a clip position."""

    press: Callable[[str], None]
    fire: Callable[[float, float], None]


class ScriptedSession:
    """Plays a script. Ask `step` once each refresh; it answers False when the scenario has ended or goes astray."""

    def __init__(self, script: Script, hands: Hands) -> None:
        self._script = script
        self._hands = hands
        self._done = 0

    @property
    def done(self) -> int:
        """How many steps have been done."""
        return self._done

    def step(self, state: State, media: float | None) -> bool:
        """Do what is due now."""
        if state.phase == "ended":
            return False
        if self._done < len(self._script.steps):
            step = self._script.steps[self._done]
            scene = state.current
            at_slate = step.scene == "" and state.phase == "ready"
            if at_slate or (scene is not None and scene.name == step.scene and media is not None and media >= step.at):
                self._done += 1
                if step.press:
                    self._hands.press(step.press)
                if step.fire:
                    self._hands.fire(*centre_of(state.scenario, step, media or 0.0))
        return True


def differences(script: Script, events: Sequence[Mapping[str, Any]], *, done: int | None = None) -> list[str]:
    """How a recorded session differs from the script, in words. `done`: only so many steps were to be played."""
    steps = script.steps[:done]
    path = [event["scene"] for event in events if event["kind"] == "scene_shown"]
    keys = [event["key"] for event in events if event["kind"] == "key" and event["accepted"]]
    hits = [(event.get("scene"), tuple(event["zones"])) for event in events if event["kind"] == "hit"]
    expected_path = list(script.path) if done is None else list(script.path[: len(path)])
    found: list[str] = []
    if path != expected_path:
        found.append(f"path: {' → '.join(path)} instead of {' → '.join(expected_path)}")
    expected_keys = [step.press for step in steps if step.press]
    if keys != expected_keys:
        found.append(f"keys taken: {' '.join(keys)} instead of {' '.join(expected_keys)}")
    fired = [(step.scene, step.fire) for step in steps if step.fire]
    if len(hits) != len(fired):
        found.append(f"{len(hits)} hits instead of {len(fired)}")
    for (scene, zones), (aimed_scene, zone) in zip(hits, fired, strict=False):
        if scene != aimed_scene or zone not in zones:
            found.append(f"a hit in {scene}, {' and '.join(zones) or 'no zone'}, instead of {aimed_scene}, {zone}")
    return found
