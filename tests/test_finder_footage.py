"""Real recordings with known hits: all that are required, in their colour, and none beyond the optional ones."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from hardware.camera.recording import Recording
from hardware.laser.finder import Finder
from hardware.laser.settings import FinderSettings
from hardware.laser.spot import Spot

FOOTAGE = Path(__file__).parents[2] / "shared" / "footage"
CASES: dict[str, Any] = (
    json.loads((FOOTAGE / "cases.json").read_text(encoding="utf-8")) if (FOOTAGE / "cases.json").exists() else {}
)

pytestmark = pytest.mark.skipif(not CASES, reason="the recordings are not here (../shared/footage)")


@cache
def spots_in(name: str) -> tuple[tuple[int, int], list[Spot]]:
    """The picture's size and every spot found in a recording."""
    finder = Finder(FinderSettings())
    spots: list[Spot] = []
    with Recording(FOOTAGE / CASES[name]["file"]) as recording:
        for frame in recording.frames():
            spots += finder.find(frame.pixels, frame.time)
        return recording.size, spots + finder.finish()


def unmatched(name: str) -> tuple[list[Any], list[Spot]]:
    """The required hits that no spot of their colour matches, and the spots that are neither required nor optional."""
    case = CASES[name]
    size, spots = spots_in(name)
    scale = [a / b for a, b in zip(size, case.get("positions_in", size), strict=True)]
    tolerance = case["position_tolerance_px"]

    def fits(spot: Spot, hit: Any) -> bool:
        return all(
            abs(found / factor - told) <= tolerance
            for found, factor, told in zip((spot.x, spot.y), scale, (hit["x"], hit["y"]), strict=True)
        )

    left = list(spots)
    missed = []
    for hit in case["required"]:
        close = [spot for spot in left if fits(spot, hit) and spot.colour == hit["colour"]]
        if not close:
            missed.append(hit)
            continue
        x, y = hit["x"] * scale[0], hit["y"] * scale[1]
        left.remove(min(close, key=lambda spot: abs(spot.x - x) + abs(spot.y - y)))
    return missed, [spot for spot in left if not any(fits(spot, hit) for hit in case["optional"])]


@pytest.mark.parametrize("name", CASES)
def test_every_required_hit_is_found_with_its_colour(name: str) -> None:
    assert unmatched(name)[0] == []


@pytest.mark.parametrize("name", CASES)
def test_nothing_else_is_found(name: str) -> None:
    assert unmatched(name)[1] == []
