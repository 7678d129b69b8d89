"""Wrapped phase to continuous phase, block by block outwards. Pure.

Each block of the picture gets its phase and its slope; neighbours whose slopes explain their difference are joined.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.phase import Complex

Blocks = NDArray[np.float64]
LARGEST_STEP_ERROR = 1.2  # radians by which a neighbour may miss what the slopes foretell
LEAST_COHERENCE = 0.7
LEAST_FILLED = 0.35
SMALLEST_PART = 0.02  # of the largest part


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """Per block (rows, columns): continuous phases of both directions in radians, (rows, columns, 2), to whole turns.

    `part` numbers the connected parts from 0 on, the largest first; -1 where nothing could be measured. `weight` is the
    share of each block's pixels that were used.
    """

    phase: Blocks
    part: NDArray[np.int32]
    weight: Blocks


def unwrap(waves: tuple[Complex, Complex], valid: NDArray[np.bool_], block: int) -> Unwrapped:
    """Both directions' waves, of a size that whole blocks fill, to continuous phase at the blocks' middles."""
    shares = _means(valid.astype(np.float32), block)
    phases, slopes, coherences = [], [], []
    for wave in waves:
        unit = np.where(valid, wave / np.maximum(np.abs(wave), np.float32(1e-6)), np.complex64(0)).astype(np.complex64)
        phase, slope, coherence = _middle(unit, shares, block)
        phases.append(phase)
        slopes.append(slope)
        coherences.append(coherence)
    good = (shares > LEAST_FILLED) & (coherences[0] > LEAST_COHERENCE) & (coherences[1] > LEAST_COHERENCE)
    wrapped, slope = np.stack(phases, axis=-1), np.stack(slopes, axis=-2) * block
    right_turns, right_joined = _joints(wrapped[:, :-1], wrapped[:, 1:], slope[:, :-1, :, 0], slope[:, 1:, :, 0])
    down_turns, down_joined = _joints(wrapped[:-1], wrapped[1:], slope[:-1, :, :, 1], slope[1:, :, :, 1])
    right_joined &= good[:, :-1] & good[:, 1:]
    down_joined &= good[:-1] & good[1:]
    turns, part = _flood(good, right_turns, right_joined, down_turns, down_joined)
    return Unwrapped(phase=wrapped + 2 * np.pi * turns, part=part, weight=np.where(part >= 0, shares, 0.0))


def _means(values: NDArray[np.float32], block: int) -> Blocks:
    height, width = values.shape[:2]
    size = (width // block, height // block)
    return np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_AREA), np.float64)


def _complex_means(values: Complex, block: int) -> NDArray[np.complex128]:
    both = _means(np.ascontiguousarray(values).view(np.float32).reshape(*values.shape, 2), block)
    return np.asarray(both[..., 0] + 1j * both[..., 1], np.complex128)


def _middle(unit: Complex, shares: Blocks, block: int) -> tuple[Blocks, Blocks, Blocks]:
    """Each block's phase at its middle, its slope (rows, columns, 2: to the right, down) a pixel, its coherence."""
    to_right = np.zeros_like(unit)
    to_right[:, :-1] = unit[:, 1:] * unit[:, :-1].conj()
    down = np.zeros_like(unit)
    down[:-1] = unit[1:] * unit[:-1].conj()
    # A mean over the neighbouring blocks too: slopes change slowly, and noise counts for more in a difference.
    slope_x, slope_y = (np.angle(_neighbourhood(_complex_means(steps, block))) for steps in (to_right, down))
    rows, columns = shares.shape
    offsets = np.arange(block) - (block - 1) / 2
    unturn_x = np.exp(-1j * slope_x[:, :, None] * offsets).astype(np.complex64)
    unturn_y = np.exp(-1j * slope_y[:, :, None] * offsets).astype(np.complex64)
    cells = unit.reshape(rows, block, columns, block)
    by_row = np.einsum("rycx,rcx->ryc", cells, unturn_x)
    total = np.einsum("ryc,rcy->rc", by_row, unturn_y)
    coherence = np.abs(total) / np.maximum(shares * block * block, 1e-6)
    return np.angle(total), np.stack([slope_x, slope_y], axis=-1), coherence


def _neighbourhood(values: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """Each value added to its eight neighbours."""
    return np.asarray(cv2.blur(values.real, (3, 3)) + 1j * cv2.blur(values.imag, (3, 3)), np.complex128)


def _joints(
    before: Blocks, after: Blocks, slope_before: Blocks, slope_after: Blocks
) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
    """Whole turns from each block to its neighbour, and whether both directions' slopes explain the step."""
    missing = before + (slope_before + slope_after) / 2 - after
    turns = np.rint(missing / (2 * np.pi))
    explained = np.asarray((np.abs(missing - 2 * np.pi * turns) < LARGEST_STEP_ERROR).all(axis=-1))
    return turns.astype(np.int32), explained


def _flood(
    good: NDArray[np.bool_],
    right_turns: NDArray[np.int32],
    right_joined: NDArray[np.bool_],
    down_turns: NDArray[np.int32],
    down_joined: NDArray[np.bool_],
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Turns of every block relative to its part's first, (rows, columns, 2), and the parts, largest first."""
    turns = np.zeros((*good.shape, 2), np.int32)
    part = np.full(good.shape, -1, np.int32)
    sizes: list[int] = []
    left = good.copy()
    while left.any() and len(sizes) < 40:
        row, column = _seed(left)
        number = len(sizes)
        part[row, column] = number
        size = 0
        while (grown := int((part == number).sum())) > size:
            size = grown
            for at in range(1, good.shape[1]):
                _step(
                    turns[:, at - 1],
                    turns[:, at],
                    part[:, at - 1],
                    part[:, at],
                    number,
                    right_turns[:, at - 1],
                    right_joined[:, at - 1],
                )
            for at in range(good.shape[1] - 1, 0, -1):
                _step(
                    turns[:, at],
                    turns[:, at - 1],
                    part[:, at],
                    part[:, at - 1],
                    number,
                    -right_turns[:, at - 1],
                    right_joined[:, at - 1],
                )
            for at in range(1, good.shape[0]):
                _step(turns[at - 1], turns[at], part[at - 1], part[at], number, down_turns[at - 1], down_joined[at - 1])
            for at in range(good.shape[0] - 1, 0, -1):
                _step(
                    turns[at], turns[at - 1], part[at], part[at - 1], number, -down_turns[at - 1], down_joined[at - 1]
                )
        sizes.append(size)
        left &= part < 0
        if left.sum() < SMALLEST_PART * max(sizes):
            break
    order = np.argsort(sizes)[::-1]
    renumbered = np.full(len(sizes) + 1, -1, np.int32)
    for new, old in enumerate(order):
        renumbered[old] = new if sizes[old] >= SMALLEST_PART * max(sizes) else -1
    return turns, renumbered[part]


def _seed(left: NDArray[np.bool_]) -> tuple[int, int]:
    """A block in the midst of those that are left."""
    depth = cv2.distanceTransform(np.pad(left, 1).astype(np.uint8), cv2.DIST_L1, 3)[1:-1, 1:-1]
    row, column = np.unravel_index(int(np.argmax(depth)), depth.shape)
    return int(row), int(column)


def _step(
    known: NDArray[np.int32],
    wanted: NDArray[np.int32],
    known_part: NDArray[np.int32],
    wanted_part: NDArray[np.int32],
    number: int,
    turns: NDArray[np.int32],
    joined: NDArray[np.bool_],
) -> None:
    """Let a line of blocks take part and turns from the line before, in place."""
    taken = (known_part == number) & (wanted_part < 0) & joined
    if taken.any():
        wanted[taken] = known[taken] + turns[taken]
        wanted_part[taken] = number
