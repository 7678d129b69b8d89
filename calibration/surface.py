"""From phases to the map: lens and plane, then the spline, then once more with what every pixel says. Pure."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.lens import Lens, fit_lens
from calibration.phase import Complex
from calibration.spline import Spline, box_around, fit_spline
from calibration.table import tabulate

Array = NDArray[np.float64]
HARMONICS = 4
STIFFER = 3  # degree of the other surface's polynomial
FIRST_POINTS = 2500  # the first fit only has to be right to a fraction of a fringe
FAR_OFF = 0.6  # radians from the first fit beyond which a pixel is no witness


@dataclass(frozen=True, slots=True)
class Surface:
    """Camera pixel -> screen pixel: a lens and a plane, and what they leave over."""

    lens: Lens
    spline: Spline

    def to_screen(self, points: Array) -> Array:
        """Camera pixels (n, 2) to screen pixels (n, 2); nan behind the horizon."""
        places = self.lens.to_screen(points)
        return places + self.spline.at(places)


@dataclass(frozen=True, slots=True)
class Blocks:
    """Where blocks of `size` camera pixels lie: the first one's top left pixel, and how many (rows, columns)."""

    left: int
    top: int
    size: int
    shape: tuple[int, int]

    def middles(self) -> Array:
        """The blocks' middles in camera pixels, (rows * columns, 2)."""
        half = (self.size - 1) / 2
        xs, ys = np.meshgrid(np.arange(self.shape[1]) * self.size, np.arange(self.shape[0]) * self.size)
        return np.column_stack([xs.ravel() + self.left + half, ys.ravel() + self.top + half])

    @property
    def pixels(self) -> tuple[slice, slice]:
        """The rows and columns of the picture they cover."""
        rows, columns = self.shape[0] * self.size, self.shape[1] * self.size
        return slice(self.top, self.top + rows), slice(self.left, self.left + columns)


def first_fit(points: Array, places: Array, weight: Array, camera: tuple[int, int], screen: tuple[int, int]) -> Surface:
    """The surface through blocks' middles (n, 2) and the screen pixels their phases name."""
    lens = fit_lens(points, places, camera, screen)
    flat = lens.to_screen(points)
    known = np.isfinite(flat).all(axis=1)
    spline = fit_spline(flat[known], (places - flat)[known], weight[known], box_around(flat[known]), most=FIRST_POINTS)
    return Surface(lens, spline)


def refined(
    surface: Surface, blocks: Blocks, waves: tuple[Complex, Complex], valid: NDArray[np.bool_], period: int
) -> tuple[Surface, Surface, NDArray[np.bool_]]:
    """The surface fitted to every valid pixel, another as good there, and the pixels (as `valid`) that agree.

    The other is bound to a stiffer polynomial: where the two differ, nothing was measured and neither is to be trusted.
    """
    lens, screen = surface.lens, surface.lens.screen
    coarse = tabulate(surface.to_screen, lens.camera, blocks.size, reach=4.0 * max(screen))
    # Of large blocks every other pixel says enough.
    every = 2 if blocks.size > 4 else 1
    foretold = coarse.spread(blocks.left, blocks.top, valid.shape[1], valid.shape[0], every)
    agreeing = valid[::every, ::every].copy()
    rests = []
    for axis, wave in enumerate(waves):
        rest, near = _rest(wave[::every, ::every], foretold[:, :, axis], valid[::every, ::every], period)
        rests.append(rest)
        agreeing &= near
    share = _block_means(agreeing.astype(np.float32), blocks)
    both: Array = np.stack([_block_means(rest * agreeing, blocks) for rest in rests], axis=-1).reshape(-1, 2)
    weight = share.ravel()
    used = weight > 0.25
    both[used] /= weight[used, None]
    # The same lens and plane below it, so that what is added to the spline is all that changes.
    flat = lens.to_screen(blocks.middles())
    used &= np.isfinite(flat).all(axis=1)
    more = fit_spline(flat[used], both[used], weight[used], surface.spline.box)
    better = Surface(lens, surface.spline.plus(more))
    whole = both[used] + surface.spline.at(flat[used])
    stiffer = fit_spline(flat[used], whole, weight[used], surface.spline.box, most=FIRST_POINTS, degree=STIFFER)
    missed = np.full(len(both), np.inf)
    missed[used] = np.hypot(*(both[used] - more.at(flat[used])).T)
    limit = max(1.0, 6 * float(np.median(missed[used])))
    good = (missed < limit).reshape(blocks.shape)
    other = Surface(lens, stiffer)
    near_enough = valid & _enlarged(agreeing, every) & _enlarged(good, blocks.size)
    return better, other, near_enough


def shift_by_blur(surface: Surface, points: Array, blur: float, period: int) -> Array:
    """By how much a camera's blur may shift the map at camera pixels (n, 2), as distances in screen pixels.

    Fringes that narrow to one side lose more light there: to first order the phase of a blurred chirp shifts by
    sigma⁴ w² w' / 2 - sigma² w' / 2, w the fringes' frequency. A projector's blur shifts nothing, and which of the two
    it is cannot be told, so this is a doubt and no correction.
    """
    step = np.array([4.0, 0.0]), np.array([0.0, 4.0])
    here = surface.to_screen(points)
    right, left = surface.to_screen(points + step[0]), surface.to_screen(points - step[0])
    below, above = surface.to_screen(points + step[1]), surface.to_screen(points - step[1])
    corner = surface.to_screen(points + step[0] + step[1])
    slope_x, slope_y = (right - left) / 8, (below - above) / 8
    bend_x, bend_y = (right - 2 * here + left) / 16, (below - 2 * here + above) / 16
    twist = (corner - right - below + here) / 16
    along = slope_x**2 * bend_x + 2 * slope_x * slope_y * twist + slope_y**2 * bend_y
    shift = blur**4 * (2 * np.pi / period) ** 2 * along / 2 - blur**2 * (bend_x + bend_y) / 2
    return np.hypot(shift[:, 0], shift[:, 1])


def _rest(
    wave: Complex, foretold: NDArray[np.float32], valid: NDArray[np.bool_], period: int
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Measured minus foretold screen pixels, free of the ripple of curved tone scales; and where it is near enough."""
    per_pixel = np.float32(2 * np.pi / period)
    angle = foretold * per_pixel
    turned = np.empty(wave.shape, np.complex64)
    turned.real, turned.imag = np.cos(angle), -np.sin(angle)
    rest = np.angle(wave * turned)
    near = valid & (np.abs(rest) < FAR_OFF)
    unit = wave / np.maximum(np.abs(wave), np.float32(1e-6))
    places = np.flatnonzero(near)
    places = places[:: max(1, len(places) // 40000) | 1]
    if len(places) > 50 * HARMONICS:
        powers = np.stack([unit.ravel()[places] ** order for order in range(1, HARMONICS + 1)], axis=1)
        design = np.hstack([powers.real, powers.imag, np.ones((len(places), 1))]).astype(np.float64)
        square = np.einsum("ni,nj->ij", design, design)
        ripple = np.linalg.solve(square, np.einsum("ni,n->i", design, rest.ravel()[places]))
        factors = (ripple[:HARMONICS] - 1j * ripple[HARMONICS : 2 * HARMONICS]).astype(np.complex64)
        total = np.zeros(wave.shape, np.complex64)
        for factor in factors[::-1]:
            total = (total + factor) * unit
        rest = rest - total.real
    return np.asarray(rest / per_pixel, np.float32), near


def _enlarged(mask: NDArray[np.bool_], times: int) -> NDArray[np.bool_]:
    return np.repeat(np.repeat(mask, times, axis=0), times, axis=1)


def _block_means(values: NDArray[np.float32], blocks: Blocks) -> Array:
    size = (blocks.shape[1], blocks.shape[0])
    return np.asarray(cv2.resize(values, size, interpolation=cv2.INTER_AREA), np.float64)
