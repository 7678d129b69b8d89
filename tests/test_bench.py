"""`rangectl bench` prints its figures in the contract's form; what they are is the machine's business."""

import json
from io import StringIO

import pytest

from bench import hits
from range.app.bench import bench


def test_the_finders_figures_are_one_json_object_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hits, "A_MINUTE", 50)
    out = StringIO()
    code = bench("hits", out=out, err=StringIO(), as_json=True)
    figures = [json.loads(line) for line in out.getvalue().splitlines()]
    assert {"name", "value", "unit", "n"} <= set(figures[0])
    judged = [figure["met"] for figure in figures if "goal" in figure]
    assert len(judged) >= 7
    assert code == (0 if all(judged) else 1)


def test_what_cannot_be_measured_is_refused_with_what_can() -> None:
    err = StringIO()
    assert bench("everything", out=StringIO(), err=err, as_json=False) == 2
    assert "hits, calibration, latency, playback" in err.getvalue()
