"""Faults of a file, told to a person or to a program."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from typing import TextIO

from range.core.faults import FileFault


def report_faults(faults: Iterable[FileFault], *, out: TextIO, err: TextIO, as_json: bool = False) -> None:
    """Write every fault: for people to `err`, where, what and the remedy; as JSON to `out`, one object a line."""
    for fault in faults:
        if as_json:
            out.write(json.dumps(asdict(fault), ensure_ascii=False) + "\n")
            continue
        where = fault.file if fault.line is None else f"{fault.file}:{fault.line}"
        place = f"    in {fault.place}\n" if fault.place else ""
        err.write(f"{where}: {_sentence(fault.message)}\n{place}    {_sentence(fault.remedy)}\n")


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!", '."')) else f"{text}."
