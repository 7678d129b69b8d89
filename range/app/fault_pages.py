"""Writes docs/faults.md from the table of faults: `python -P -m range.app.fault_pages`, after each change of it."""

from pathlib import Path

from range.core.fault_table import fault_pages

PAGES = Path(__file__).parents[2] / "docs" / "faults.md"

if __name__ == "__main__":
    PAGES.write_text(fault_pages(), encoding="utf-8")
