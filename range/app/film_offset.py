"""When a film ran during a recording, told by how the screen's brightness goes up and down in both."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Signal = NDArray[np.float32]
"""Brightness of the screen's cells over time, (n, cells)."""

CELLS = (16, 9)
STEP = 1 / 120
"""Seconds between the instants that are compared."""
EXPOSED = 0.02
"""Seconds over which a camera frame takes light, about."""
SLOW = 0.5
"""Seconds from which on a change of brightness is the room's as likely as the film's (standard deviation)."""
USUAL = 0.97
"""Share of the time in which a cell's brightness is taken as it is; beyond, as no more than that."""
SHORTEST = 1.0
"""Seconds that film and recording must have in common."""
ALIKE, LEAST_LIKENESS = 0.35, 0.12
"""How alike film and recording must be; less will do where they are so nowhere else."""
CLEARLY = 3.5
"""Times by which the best place must be more alike than places are as a rule."""
ANOTHER = 0.2
"""Seconds from which on another place is another answer, ..."""
AS_GOOD = 0.93
"""... and how good it must be, of the best, for nobody to know which is right."""
LEAST_CHANGE = 0.4
"""Levels by which the screen must go up and down for it to tell anything."""


class OffsetError(Exception):
    """The offset cannot be told; the text says why."""


@dataclass(frozen=True, slots=True, eq=False)
class Brightness:
    """The cells' brightness (n, cells) at `times` (n,), in seconds."""

    times: NDArray[np.float64]
    cells: Signal


def cells_of(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The brightness of a film's picture (height, width, 3) by cell."""
    small = cv2.resize(picture, CELLS, interpolation=cv2.INTER_AREA)
    return np.asarray(small.mean(axis=2).ravel(), np.float32)


def offset_of(film: Brightness, seen: Brightness) -> float:
    """The time by the recording's clock at which the film's time 0 was seen.

    Normalised cross-correlation over all cells at once, each freed of its slow changes. Raises OffsetError.
    """
    a, b = _even(film, held=True), _even(seen, held=False)
    if np.std(a, axis=0).mean() < LEAST_CHANGE:
        raise OffsetError("the film hardly changes, so that nothing tells when it ran")
    if len(b) < SHORTEST / STEP:
        raise OffsetError("the recording is too short to tell when the film ran")
    common, energy_a, energy_b, lengths = _correlated(a, b)
    shifts = np.arange(len(common)) - (len(a) - 1)
    enough = lengths >= min(SHORTEST / STEP, 0.8 * len(a))
    enough &= energy_a > 0.15 * energy_a.max()
    likeness = np.where(enough, common / np.sqrt(np.maximum(energy_a * energy_b, 1e-6)), -1)
    # A film that repeats itself is alike at many places: the right one explains all that is seen.
    explained = likeness * np.sqrt(energy_b / max(float(energy_b.max()), 1e-6))
    best = int(explained.argmax())
    usual = float(np.sqrt(np.mean(likeness[enough] ** 2))) if enough.any() else 1.0
    if likeness[best] < min(ALIKE, max(LEAST_LIKENESS, CLEARLY * usual)):
        raise OffsetError("the film is not found in the recording: what the screen shows goes up and down otherwise")
    elsewhere = np.abs(np.arange(len(likeness)) - best) > ANOTHER / STEP
    other = int(np.where(elsewhere, explained, -1).argmax())
    if explained[other] > AS_GOOD * explained[best]:
        starts = sorted(seen.times[0] + shifts[at] * STEP - film.times[0] for at in (best, other))
        raise OffsetError(f"the film may as well have begun at {starts[0]:.2f} s as at {starts[1]:.2f} s")
    top = explained[max(0, best - 1) : best + 2]
    bend = float(top[0] - 2 * top[1] + top[2]) if len(top) == 3 else 0.0
    between = 0.5 * float(top[0] - top[2]) / bend if bend < 0 else 0.0
    return float(seen.times[0] + (shifts[best] + between) * STEP - film.times[0])


def _even(brightness: Brightness, *, held: bool) -> Signal:
    """The brightness at even steps, without its slow changes; `held` where each picture stays until the next."""
    times = np.arange(brightness.times[0], brightness.times[-1], STEP)
    if held:
        at = np.maximum(np.searchsorted(brightness.times, times + 1e-6, side="right") - 1, 0)
        even = brightness.cells[at]
        taken = (1, max(1, round(EXPOSED / STEP)))
        even = np.asarray(cv2.blur(even, taken, borderType=cv2.BORDER_REPLICATE), np.float32)
    else:
        columns = [np.interp(times, brightness.times, column) for column in brightness.cells.T]
        even = np.stack(columns, axis=1).astype(np.float32)
    slow = cv2.GaussianBlur(even, (1, 0), sigmaX=0.1, sigmaY=SLOW / STEP, borderType=cv2.BORDER_REPLICATE)
    quick = even - slow
    # One spot of light is not to outweigh the film.
    most = np.quantile(np.abs(quick), USUAL, axis=0)
    return np.asarray(np.clip(quick, -most, most), np.float32)


def _correlated(a: Signal, b: Signal) -> tuple[NDArray[np.float64], ...]:
    """For every shift of `a` along `b`: their product, the energy of either where they overlap, how long that is."""
    size = 1 << int(len(a) + len(b)).bit_length()
    total = np.zeros(len(a) + len(b) - 1)
    for column in np.arange(a.shape[1]):
        product = np.fft.irfft(np.fft.rfft(b[:, column], size) * np.conj(np.fft.rfft(a[:, column], size)), size)
        total += np.concatenate([product[size - len(a) + 1 :], product[: len(b)]])
    sums_a = np.concatenate([[0.0], np.cumsum((a.astype(np.float64) ** 2).sum(axis=1))])
    sums_b = np.concatenate([[0.0], np.cumsum((b.astype(np.float64) ** 2).sum(axis=1))])
    shifts = np.arange(len(total)) - (len(a) - 1)
    starts, ends = np.maximum(0, -shifts), np.minimum(len(a), len(b) - shifts)
    energy_a = sums_a[ends] - sums_a[starts]
    energy_b = sums_b[ends + shifts] - sums_b[starts + shifts]
    return total, energy_a, energy_b, (ends - starts).astype(np.float64)
