"""What a calibration is worth, in figures, and what to do where one of them is poor. Pure."""

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["pass", "warn", "fail"]
ORDER: tuple[Verdict, ...] = ("pass", "warn", "fail")

# Screen pixels at which the error of the dots is good, and beyond which nothing is calibrated.
GOOD_P95, LARGEST_P95 = 0.5, 0.8
GOOD_MAX = 3.0
GOOD_COVERAGE, LEAST_COVERAGE = 0.985, 0.1
GOOD_BLUR, LARGEST_BLUR = 3.5, 6.0
GOOD_CONTRAST = 2.5
GOOD_GLARE = 0.02
GOOD_NOISE = 6.0


@dataclass(frozen=True, slots=True)
class Figures:
    """Measured, not claimed. `error_*` in screen pixels on dots that took no part in the fit, `dots` of them, and
    what the camera's blur may add to it.

    `dots_found` the share of the dots expected; `board_p95` the error by the board, shown first; `coverage` the share
    of the screen that is calibrated; `sharpness` the sigma of the screen's edge in camera pixels; `contrast` white over
    black; `glare` the share of the screen that is blinded by light; `noise` in grey levels; `pixel` the screen pixels
    one camera pixel covers.
    """

    error_median: float
    error_p95: float
    error_max: float
    dots: int
    dots_found: float
    board_p95: float
    coverage: float
    sharpness: float
    contrast: float
    glare: float
    noise: float
    pixel: float
    mirrored: bool
    turned: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One figure's verdict, in a sentence with a remedy; `value` as a person reads it."""

    figure: str
    verdict: Verdict
    value: str
    sentence: str


def findings(figures: Figures, outside: str | None) -> tuple[Finding, ...]:
    """A verdict on each figure; `outside` says which part of the screen the camera does not see, and what to do."""
    f = figures
    found = [
        _judged(
            "error",
            f"{f.error_p95:.2f} px",
            _grade(f.error_p95, GOOD_P95, LARGEST_P95),
            f"Accurate to {f.error_p95:.2f} px on 95 of 100 dots that were not used, {f.error_max:.2f} px on the worst"
            if f.error_p95 <= LARGEST_P95
            else f"The map misses dots that were not used by {f.error_p95:.1f} px",
            "keep the camera and the projector still, sharpen the picture and calibrate again",
        ),
        _judged(
            "worst dot",
            f"{f.error_max:.2f} px",
            _grade(f.error_max, GOOD_MAX, None),
            f"The worst of {f.dots} dots is {f.error_max:.2f} px off",
            "look at the map of errors: something stands in the light there, or the wall is uneven",
        ),
        _judged(
            "coverage",
            f"{100 * f.coverage:.0f} %",
            _grade(-f.coverage, -GOOD_COVERAGE, -LEAST_COVERAGE),
            f"{100 * f.coverage:.0f} % of the screen is calibrated"
            if f.coverage < 0.995
            else "All of the screen is seen",
            outside or "hits beyond it have no place: see that nothing hides the screen from the camera",
        ),
        _judged(
            "sharpness",
            f"{f.sharpness:.1f} px",
            _grade(f.sharpness, GOOD_BLUR, LARGEST_BLUR),
            f"The screen's edge is blurred over {f.sharpness:.1f} camera pixels",
            "focus the camera, then the projector",
        ),
        _judged(
            "contrast",
            f"{f.contrast:.1f} : 1",
            _grade(-f.contrast, -GOOD_CONTRAST, None),
            f"White is {f.contrast:.1f} times as bright as black",
            "darken the room or brighten the projector",
        ),
        _judged(
            "glare",
            f"{100 * f.glare:.1f} %",
            _grade(f.glare, GOOD_GLARE, None),
            f"{100 * f.glare:.1f} % of the screen is blinded by light",
            "lower the exposure, and keep lamps and windows from shining on the screen",
        ),
        _judged(
            "noise",
            f"{f.noise:.1f}",
            _grade(f.noise, GOOD_NOISE, None),
            f"The pictures' noise is {f.noise:.1f} grey levels",
            "lower the camera's gain and lengthen the exposure",
        ),
    ]
    return tuple(found)


def worst(found: tuple[Finding, ...]) -> Verdict:
    """The verdict on the whole."""
    return max((finding.verdict for finding in found), key=ORDER.index)


def _grade(value: float, good: float, limit: float | None) -> Verdict:
    if value <= good:
        return "pass"
    return "fail" if limit is not None and value > limit else "warn"


def _judged(figure: str, value: str, verdict: Verdict, says: str, remedy: str) -> Finding:
    return Finding(figure, verdict, value, f"{says}." if verdict == "pass" else f"{says}: {remedy}.")
