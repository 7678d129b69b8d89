"""What a laser's test shots have in common, or in what they disagree."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from hardware.laser.spot import Spot
from range.app.laser_file import LearntLaser

UNLIKE = 2.0
"""Times by which a shot's brightness or size may not differ from the others'."""


class ShotsDisagreeError(Exception):
    """The shots were not all of one laser in one state; the text says which and what to do."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One test shot: its spot, and the seconds from its first lit frame to its last; None where it never went dark."""

    spot: Spot
    lit: float | None = None


def longer_or_shorter(lit: float, usual: float, resolution: float) -> bool:
    """Whether a pulse differs from the usual one by more than frames can err, two periods, and by half or more."""
    return abs(lit - usual) > max(2.5 * resolution, 0.5 * usual)


def learn(shots: Sequence[Shot], *, name: str, resolution: float, made: str) -> LearntLaser:
    """The laser that fired these shots. Raises ShotsDisagreeError.

    `resolution` is the camera's frame period in seconds: a pulse's length is known to one of it either way.
    """
    colours = {shot.spot.colour for shot in shots} - {"unknown"}
    if len(colours) > 1:
        seen = ", ".join(shot.spot.colour for shot in shots)
        raise ShotsDisagreeError(f"the shots have different colours ({seen}): fire all of them with one laser")
    rises, radii = [shot.spot.rise for shot in shots], [shot.spot.radius for shot in shots]
    pulses = [shot.lit for shot in shots if shot.lit is not None]
    if not pulses:
        raise ShotsDisagreeError("no shot went dark again: pull the trigger and let it go")
    _compare(rises, "bright", "grey levels", "fire all at one evenly lit place, or change the battery")
    _compare(radii, "large", "pixels in radius", "fire all from one place")
    for number, shot in enumerate(shots, start=1):
        if shot.lit is not None and longer_or_shorter(shot.lit, median(pulses), resolution):
            raise ShotsDisagreeError(
                f"shot {number} was lit for {shot.lit:.2f} s, the others for {median(pulses):.2f} s: "
                "pull and let go alike, or change the battery"
            )
    return LearntLaser(
        name=name,
        colour=colours.pop() if colours else "unknown",
        rise=round(median(rises), 1),
        rise_spread=round(max(rises) - min(rises), 1),
        radius=round(median(radii), 2),
        radius_spread=round(max(radii) - min(radii), 2),
        pulse=round(median(pulses), 4),
        pulse_spread=round(max(pulses) - min(pulses), 4),
        resolution=round(resolution, 4),
        shots=len(shots),
        made=made,
    )


def _compare(values: Sequence[float], how: str, unit: str, remedy: str) -> None:
    usual = median(values)
    for number, value in enumerate(values, start=1):
        if not usual / UNLIKE <= value <= usual * UNLIKE:
            raise ShotsDisagreeError(
                f"shot {number} was not as {how} as the others ({value:.1f} {unit}, they about {usual:.1f}): {remedy}"
            )
