"""Four shifted pictures of fringes to a phase for each camera pixel. Pure.

Picture k shows A + B cos(phase + k pi / 2). Source: four-step phase shifting (Bruning and others, Applied Optics 13,
1974); the pictures' exposures are found from the condition that first and third add up to second and fourth.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Complex = NDArray[np.complex64]
SIGNS = np.array([1.0, -1.0, 1.0, -1.0])
LEAST_MODULATION = 2.5  # grey levels
LARGEST_DRIFT = 1.25  # by how much the pictures' sums may contradict their mean brightness


@dataclass(frozen=True, slots=True)
class Phase:
    """`wave` is B exp(i phase) for each pixel; `valid` 1 where it can be relied on.

    `noise` in grey levels; `contradiction` how far the four pictures are from one another's sums, as a share of B:
    0 for four steps of one set of fringes, about 1 for pictures that do not belong together.
    """

    wave: Complex
    valid: NDArray[np.bool_]
    noise: float
    contradiction: float
    modulation: float


def decode(pictures: Sequence[NDArray[np.float32]], inner: NDArray[np.bool_]) -> Phase:
    """Phase from four grey pictures of one size; only pixels of `inner` are looked at."""
    sample = _sample(pictures, inner)
    means = sample.mean(axis=1)
    gains = means.mean() / np.maximum(means, 1e-3)
    refined = _agreeing_gains(sample * gains[:, None])
    drifts = bool(max(refined.max(), 1 / max(refined.min(), 1e-3)) > LARGEST_DRIFT)
    if not drifts:
        gains = gains * refined
    first, second, third, fourth = (np.float32(gain) * picture for gain, picture in zip(gains, pictures, strict=True))
    wave = np.empty(first.shape, np.complex64)
    wave.real = (first - third) * np.float32(0.5)
    wave.imag = (fourth - second) * np.float32(0.5)
    balanced = sample * gains[:, None]
    rest = SIGNS @ balanced
    at = (balanced[0] - balanced[2] + 1j * (balanced[3] - balanced[1])) / 2
    size = np.abs(at)
    modulation = float(np.median(size))
    unit = at / np.maximum(size, 1e-6)
    along = abs(np.mean(rest * unit)) + abs(np.mean(rest * unit.conj()))
    contradiction = float(along / max(modulation, 1e-6))
    # What remains once the second harmonic of the projector's curve is taken away is noise.
    double = unit**2
    harmonic = rest - 2 * np.real(np.mean(rest * double.conj()) * double)
    noise = float(1.4826 * np.median(np.abs(harmonic - np.median(harmonic))) / 2)
    amplitude = np.abs(wave)
    floor = max(LEAST_MODULATION, 2.5 * noise, 0.25 * modulation)
    return Phase(
        wave=wave,
        valid=inner & (amplitude > floor),
        noise=noise,
        contradiction=max(contradiction, 1.0 if drifts else 0.0),
        modulation=modulation,
    )


def _sample(pictures: Sequence[NDArray[np.float32]], inner: NDArray[np.bool_]) -> NDArray[np.float64]:
    """At most about 60000 pixels of the four pictures, spread over the screen, as (4, n)."""
    places = np.flatnonzero(inner)
    # A step that shares no factor with a picture's width visits all columns.
    places = places[:: max(1, len(places) // 60000) | 1]
    return np.array([picture.ravel()[places] for picture in pictures], np.float64)


def _agreeing_gains(sample: NDArray[np.float64]) -> NDArray[np.float64]:
    """The four factors, about 1, with which first and third picture come closest to second and fourth."""
    signed = sample * SIGNS[:, None]
    _, vectors = np.linalg.eigh(signed @ signed.T)
    gains: NDArray[np.float64] = vectors[:, 0] / vectors[:, 0].mean() if vectors[:, 0].mean() else np.zeros(4)
    return gains
