"""A debrief as files that open from a stick without the program: page, report, clips, and nothing from elsewhere."""

import json
import re
import shutil
from pathlib import Path

from range.app.debrief_data import debrief_of
from range.app.recorded import read_session
from range.app.report import report_page
from range.app.web.templates import STATIC, filled

MODULES = STATIC / "js"
IMPORT = re.compile(r'^import \{[^}]*\} from "\./([a-z]+)\.js";\n', re.MULTILINE)
EXPORT = re.compile(r"^export ", re.MULTILINE)


def export_debrief(record: Path, number: int, folder: Path) -> Path:
    """Write a session's debrief into a folder, made if need be; its page to open. Raises RecordError, OSError."""
    session = read_session(record, number)
    debrief = debrief_of(session)
    (folder / "clips").mkdir(parents=True, exist_ok=True)
    for clip, file in zip(debrief.data["clips"], debrief.clips, strict=True):
        if file is not None:
            clip["src"] = f"clips/{clip['number']}{file.suffix.lower()}"
            shutil.copyfile(file, folder / clip["src"])
    debrief.data["report"] = "report.html"
    # A script that a page opened from a file may run cannot be a module, so the modules become one script.
    (folder / "debrief.js").write_text(bundle(MODULES, "main"), encoding="utf-8")
    data = json.dumps(debrief.data, ensure_ascii=True)
    (folder / "data.js").write_text(f"window.DEBRIEF = {data};\n", encoding="utf-8")
    for style in ("debrief.css", "report.css"):
        shutil.copyfile(STATIC / style, folder / style)
    head = '<link rel="stylesheet" href="debrief.css">'
    scripts = '<script src="data.js"></script><script src="debrief.js"></script>'
    (folder / "index.html").write_text(filled(session, head, scripts, ""), encoding="utf-8")
    (folder / "report.html").write_text(report_page(record, number, style="report.css"), encoding="utf-8")
    return folder / "index.html"


def bundle(folder: Path, start: str) -> str:
    """A module and all it imports as one classic script, each before those that import it."""
    order: list[str] = []
    _gather(folder, start, order)
    parts = [EXPORT.sub("", IMPORT.sub("", (folder / f"{name}.js").read_text(encoding="utf-8"))) for name in order]
    return '"use strict";\n(() => {\n' + "\n".join(parts) + "})();\n"


def _gather(folder: Path, name: str, order: list[str]) -> None:
    if name in order:
        return
    for imported in IMPORT.findall((folder / f"{name}.js").read_text(encoding="utf-8")):
        _gather(folder, imported, order)
    order.append(name)
