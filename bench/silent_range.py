"""The bundled scenario as a session off screen, without sound: what benchmarks of a whole range play."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from calibration.mapping import Calibration
from media.scenario_file import bundled_scenarios
from range.app.config import load_config
from range.app.live import Plan
from range.app.run import read_story
from range.app.twin_wall import TwinWall


def silent_plan(
    folder: Path,
    *,
    seconds: float,
    camera: str = "none",
    calibration: Callable[[TwinWall], Calibration] | None = None,
    keypad: str = "",
) -> Plan:
    """A plan of `seconds` at most, its record in `folder`."""
    config = load_config(None)
    return Plan(
        story=read_story(bundled_scenarios()[0]),
        config=replace(config, sound=config.sound.model_copy(update={"on": False})),
        mode="offscreen",
        size=(1280, 720),
        record=folder / "record.sqlite3",
        camera=camera,
        calibration=calibration,
        keypad=keypad,
        seconds=seconds,
    )
