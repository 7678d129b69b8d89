"""The table of faults: the messages of a session and the pages in docs come from it, and say the same."""

import re
import string

import pytest

from range.app.fault_pages import PAGES
from range.core.fault_table import FAULTS, DeviceFault, fault_pages, still_works, told

FACTS = {field: 30.0 if field in ("rate", "wanted", "lit", "learnt") else field for field in (
    "name", "other", "others", "trouble", "rate", "wanted", "got", "settings", "address", "group",
    "levels", "seen", "learnt", "lit", "scenario", "count",
)}  # fmt: skip


def test_the_pages_are_the_tables() -> None:
    assert PAGES.read_text(encoding="utf-8") == fault_pages(), "run: python -P -m range.app.fault_pages"


@pytest.mark.parametrize("fault", FAULTS.values(), ids=lambda fault: fault.id)
def test_every_fault_says_what_is_wrong_and_what_to_do_in_one_sentence(fault: DeviceFault) -> None:
    reads = told(fault.id, **FACTS)
    what, _, remedy = reads.partition(": ")
    assert what
    assert remedy
    assert not reads.endswith(".")
    assert fault.cause.endswith(".")
    assert still_works(fault.device, fault.state)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=lambda fault: fault.id)
def test_every_fault_has_its_page(fault: DeviceFault) -> None:
    pages = PAGES.read_text(encoding="utf-8")
    plain = [text for text, *_ in string.Formatter().parse(fault.reads)]
    heading = r"### .*" + ".*".join(re.escape(part) for part in plain if len(part) > 3)
    assert re.search(heading, pages, re.IGNORECASE)


def test_no_two_faults_read_the_same() -> None:
    assert len({told(fault, **FACTS).partition(":")[0] for fault in FAULTS}) == len(FAULTS)
