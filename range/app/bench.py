"""`rangectl bench`: the figures of this machine, each beside its goal."""

import importlib
import json
from dataclasses import asdict
from typing import TextIO

from rich.console import Console
from rich.table import Table

MEASURED = ("hits", "calibration", "latency", "playback", "faults", "record")
WIDE = 140


def bench(what: str | None, *, out: TextIO, err: TextIO, as_json: bool) -> int:
    """Measure one subject or all: 0; 1 where a goal is missed; 2 for a subject that cannot be measured."""
    if what is not None and what not in MEASURED:
        err.write(f"{what} is no benchmark: measured are {', '.join(MEASURED)}\n")
        return 2
    missed = False
    table = Table(box=None, padding=(0, 2, 0, 0))
    for heading in ("figure", "value", "goal", "", "elsewhere", "n"):
        table.add_column(heading, justify="right" if heading in ("value", "goal", "n") else "left", no_wrap=True)
    for subject in (what,) if what is not None else MEASURED:
        for figure in importlib.import_module(f"bench.{subject}").measure():
            missed = missed or figure.met is False
            if as_json:
                fields = {**asdict(figure), "met": figure.met}
                out.write(json.dumps({name: value for name, value in fields.items() if value is not None}) + "\n")
                continue
            verdict = {True: "met", False: "missed", None: ""}[figure.met]
            goal = "" if figure.goal is None else f"{figure.goal:.3g} {figure.unit}"
            value = f"{figure.value:.3g} {figure.unit}"
            table.add_row(figure.name, value, goal, verdict, figure.best_known or "", str(figure.n))
    if not as_json:
        Console(file=out, width=None if out.isatty() else WIDE).print(table)
    return 1 if missed else 0
