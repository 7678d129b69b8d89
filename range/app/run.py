"""`rangectl run`: a live session on the configured hardware."""

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

from calibration.file import CalibrationFileError, read_calibration
from calibration.mapping import Calibration
from media.captions import CaptionsUnreadable
from media.clip_probe import UnusableFile, locate
from media.scenario_file import ScenarioFaults, find_scenario, load_scenario
from media.window import Mode
from range.app.captions import why_no_captions
from range.app.config import Captions, Config, ConfigFaults, load_config
from range.app.data_directory import DataDirectory
from range.app.fault_report import report_faults
from range.app.laser_file import LaserFileError, LearntLaser, learnt_laser
from range.app.live import CANNOT_RUN, LiveRange, Outcome, Plan
from range.app.record import RecordError, events
from range.app.resume import ChangedScenarioError, resumption_of
from range.app.runtime import Story
from range.app.status import StatusLine
from range.app.summary_text import summary_text
from range.app.twin_wall import calibrate_twin
from range.app.upkeep import delete_expired
from range.core.fault_table import told
from range.core.summary import summarise

DONE, FOUND, WRONG, REFUSED = 0, 1, 2, 3


def run(
    scenario: str,
    data: DataDirectory,
    *,
    config_file: Path | None,
    mode: Mode | None,
    seconds: float | None,
    resume: int | None = None,
    captions: str | None = None,
) -> int:
    """A live session; the contract's exit code. Messages go to stderr. `captions` is their language for this one."""
    try:
        config = load_config(config_file)
        if captions is not None:
            config = replace(config, captions=Captions(language=captions))
        story = read_story(scenario)
        missing = missing_clips(story)
        laser = _laser(config, data)
    except (ConfigFaults, ScenarioFaults) as problem:
        report_faults(problem.faults, out=sys.stdout, err=sys.stderr)
        return WRONG
    except LaserFileError as problem:
        sys.stderr.write(f"{config.path}: laser.name: {problem}\n")
        return WRONG
    if missing:
        sys.stderr.write(
            f"{story.folder} lacks {', '.join(missing)}: draw what can be drawn with `rangectl animatic {scenario}`, "
            f"and see `rangectl check {scenario}`\n"
        )
        return WRONG
    try:
        delete_expired(data.record, config.keep_days, err=sys.stderr)
        resumption = None if resume is None else resumption_of(data.record, resume, story)
    except RecordError as problem:
        sys.stderr.write(f"{problem}\n")
        return WRONG
    except ChangedScenarioError as problem:
        sys.stderr.write(f"{problem}\n")
        return REFUSED
    if (without := why_no_captions(story.scenario, config.captions.language)) is not None:
        sys.stderr.write(f"{without[0].upper()}{without[1:]}\n")
    on_twin = config.camera.device == "twin"
    calibration, fault = _calibration(config, data)
    screen = calibration.screen if calibration is not None and not on_twin else config.screen.size
    plan = Plan(
        story=story,
        config=config,
        mode=mode or ("fullscreen" if config.screen.fullscreen else "windowed"),
        size=screen,
        record=data.record,
        camera=config.camera.device,
        calibration=calibrate_twin if on_twin else calibration,
        calibration_fault=fault,
        keypad=config.keypad.port,
        seconds=seconds,
        participant_clicks=on_twin,
        laser=laser,
        resumption=resumption,
    )
    return play(plan, data)


def play(plan: Plan, data: DataDirectory) -> int:
    """Play a plan to its end, print what was recorded, and give the exit code."""
    with StatusLine() as line:
        if plan.story.scenario.warnings:
            line.say(f"Tell the group before you begin. Content: {' / '.join(plan.story.scenario.warnings)}.")
        try:
            live = LiveRange(plan, clock=time.monotonic, status=line)
        except CANNOT_RUN as problem:
            line.say(str(problem))
            return FOUND
        except CaptionsUnreadable as problem:
            line.say(str(problem))
            return WRONG
        outcome = live.run()
    tell(outcome, data)
    return FOUND if outcome.cut_short else DONE


def read_story(scenario: str) -> Story:
    """The story a person named. Raises ScenarioFaults."""
    file = find_scenario(scenario)
    return Story(file.parent.name, load_scenario(file), file.parent)


def missing_clips(story: Story) -> list[str]:
    """The clips a story plays that are not in its folder, as they are named."""
    missing = []
    for clip in dict.fromkeys(scene.clip for scene in story.scenario.scenes.values()):
        try:
            locate(story.folder, clip)
        except UnusableFile:
            missing.append(clip)
    return missing


def tell(outcome: Outcome, data: DataDirectory) -> None:
    """The summary of every session, to stderr."""
    for number in outcome.sessions:
        sys.stderr.write("\n" + summary_text(number, summarise(events(data.record, number))) + "\n")
    if outcome.dropped_presses:
        sys.stderr.write(f"\nKeypad presses that were not taken: {outcome.dropped_presses}.\n")
    sys.stderr.write(
        f"\nFilm: {outcome.shown} pictures shown, {outcome.skipped} skipped, {outcome.late_cuts} late cuts. "
        f"Record: {data.record}\n"
    )


def has_display() -> bool:
    """Whether a window can be expected to open."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY"))


def _laser(config: Config, data: DataDirectory) -> LearntLaser | None:
    """The laser for the test shot. Raises LaserFileError for one that the configuration names and that is not there."""
    try:
        return learnt_laser(data.root, config.laser.name)
    except LaserFileError as problem:
        if config.laser.name:
            raise
        sys.stderr.write(f"No test shot will be asked for: {problem}\n")
        return None


def _calibration(config: Config, data: DataDirectory) -> tuple[Calibration | None, str | None]:
    file = config.calibration_file or data.newest_calibration()
    if file is None:
        return (
            None,
            told("calibration.none"),
        )
    try:
        return read_calibration(file), None
    except CalibrationFileError as problem:
        return None, str(problem)
