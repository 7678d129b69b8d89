"""`rangectl animatic`: draws what a scenario has not filmed yet."""

from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from media.animatic.render import render_missing
from media.scenario_file import ScenarioFaults, find_scenario, read_document
from range.app.fault_report import report_faults


def animatic(scenario: str, *, out: TextIO, err: TextIO) -> int:
    """Draw every missing clip; 0, or 2 where the scenario cannot be read or its folder not be written."""
    try:
        file = find_scenario(scenario)
        document = read_document(file)
    except ScenarioFaults as problem:
        report_faults(problem.faults, out=out, err=err)
        return 2
    columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=err), transient=True) as bars:
        tasks = {}

        def progress(path: Path, share: float) -> None:
            if path not in tasks:
                tasks[path] = bars.add_task(path.name, total=1.0)
            bars.update(tasks[path], completed=share)

        try:
            written = render_missing(file.parent, document, progress)
        except OSError as problem:
            err.write(
                f"{file.parent} cannot be written ({problem.strerror or problem}): make room, or copy it elsewhere\n"
            )
            return 2
    for path in written:
        err.write(f"Drew {path.name}\n")
    bare = [name for name, scene in document.scenes.items() if not (file.parent / scene.clip).exists()]
    if bare:
        err.write(f"No clip and no text to draw one from: {', '.join(bare)}. Give each a `script`, or film it.\n")
    elif not written:
        err.write("Nothing is missing: every clip is there.\n")
    return 0
