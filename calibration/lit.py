"""Where the lit screen is in the camera's picture, and how blurred its edge is. Pure."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
Mask = NDArray[np.uint8]

LEAST_CONTRAST = 8.0  # grey levels between white and black without which nothing can be measured
LEAST_AREA = 0.004  # of the picture
BLUR_RANGE = (0.3, 12.0)


class Misleading(Exception):  # noqa: N818 - it says what the result would be
    """A result that would mislead; the text says why and what to do, in one sentence."""


@dataclass(frozen=True, slots=True)
class Lit:
    """The lit screen: `mask` 1 where it is, `inner` 1 where no light of its surroundings is mixed in.

    `blur` is the edge's blur as a sigma in camera pixels, `eroded` the pixels taken off for it, `box` the (left, top,
    right, bottom) bounds of the mask, `level` the usual difference of white and black in grey levels.
    """

    mask: Mask
    inner: Mask
    blur: float
    eroded: int
    box: tuple[int, int, int, int]
    level: float


def find_lit(white: Grey, black: Grey) -> Lit:
    """The screen in grey camera pictures of white and of black, (height, width). Raises Misleading."""
    difference = np.asarray(cv2.subtract(white, black), np.uint8)
    level = float(np.percentile(difference[::2, ::2], 99))
    if level < LEAST_CONTRAST:
        raise Misleading(_why_no_contrast(white, black))
    # Exposures may differ, and then the room's own light does not cancel: the gap between room and screen decides.
    gap, _ = cv2.threshold(difference, 0, 255, cv2.THRESH_OTSU)
    coarse = (difference > np.clip(gap, 0.2 * level, 0.4 * level)).astype(np.uint8)
    coarse = _largest(np.asarray(cv2.morphologyEx(coarse, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.uint8))
    if coarse.mean() < LEAST_AREA:
        raise Misleading("the lit screen is too small in the camera's picture: move the camera nearer or zoom in")
    difference = _less_room_light(difference, coarse)
    brightness = _local_level(difference, coarse)
    share = np.asarray(difference / np.maximum(brightness, 1), np.float32)
    mask = _largest(((share > 0.5) & (cv2.dilate(coarse, np.ones((5, 5), np.uint8)) > 0)).astype(np.uint8))
    blur = _edge_blur(share, mask)
    # The softer the picture, the weaker the fringes, and the more a trace of other light turns their phase.
    eroded = int(np.ceil((2.5 if blur < 1.5 else 3.0) * blur)) + 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * eroded + 1, 2 * eroded + 1))
    left, top, width, height = cv2.boundingRect(mask)
    inner = np.asarray(cv2.erode(mask, disc), np.uint8)
    # Cameras sharpen and smooth their picture; at its border they do so with half of what they need.
    margin = int(np.ceil(2.5 * blur))
    inner[:margin] = inner[-margin:] = 0
    inner[:, :margin] = inner[:, -margin:] = 0
    return Lit(
        mask=mask,
        inner=inner,
        blur=blur,
        eroded=eroded,
        box=(left, top, left + width, top + height),
        level=level,
    )


def _why_no_contrast(white: Grey, black: Grey) -> str:
    again = "and take the pictures again"
    if np.percentile(cv2.subtract(black, white), 99) >= LEAST_CONTRAST:
        return (
            "the picture of black is brighter than the picture of white, so pictures are late or swapped: wait longer "
            "after each change " + again
        )
    if np.percentile(white, 99) < 25:
        return "the pictures are black: take the cap off the lens or raise the exposure, " + again
    if np.percentile(black, 50) > 225:
        return "the pictures are white: lower the exposure or the gain, " + again
    return (
        "white and black look the same to the camera, so pictures are late or swapped, or it does not see the screen: "
        "point it at the screen, wait longer after each change " + again
    )


def _largest(mask: Mask) -> Mask:
    """The parts of a mask that are at least a fifth of its largest: a person may part the screen in two."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=4)
    if count < 2:
        return mask
    areas = stats[:, cv2.CC_STAT_AREA].copy()
    areas[0] = 0
    kept = (areas > 0.2 * areas.max()).astype(np.uint8)
    return np.asarray(kept[labels], np.uint8)


def _less_room_light(difference: Grey, coarse: Mask) -> Grey:
    """The difference less what it is beside the screen."""
    near = cv2.dilate(coarse, np.ones((61, 61), np.uint8)) > cv2.dilate(coarse, np.ones((21, 21), np.uint8))
    if near.mean() < 0.002:
        return difference
    beside = np.full_like(difference, round(float(np.median(difference[near]))))
    return np.asarray(cv2.subtract(difference, beside), np.uint8)


def _local_level(difference: Grey, coarse: Mask) -> NDArray[np.float32]:
    """The screen's brightness around each pixel, from well inside it."""
    height, width = difference.shape
    size = (max(1, width // 8), max(1, height // 8))
    inside = cv2.erode(coarse, np.ones((9, 9), np.uint8)).astype(np.float32)
    weight = cv2.resize(inside, size, interpolation=cv2.INTER_AREA)
    light = cv2.resize(difference * inside, size, interpolation=cv2.INTER_AREA)
    spread = max(2.0, size[0] / 24)
    total = cv2.GaussianBlur(light, (0, 0), spread) + 1e-4 * cv2.GaussianBlur(light, (0, 0), 6 * spread)
    weights = cv2.GaussianBlur(weight, (0, 0), spread) + 1e-4 * cv2.GaussianBlur(weight, (0, 0), 6 * spread)
    usual = float((difference * inside).sum() / max(1.0, float(inside.sum())))
    level = np.where(weights > 1e-6, total / np.maximum(weights, 1e-6), usual).astype(np.float32)
    return np.asarray(cv2.resize(level, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)


def _edge_blur(share: NDArray[np.float32], mask: Mask) -> float:
    """The edge's sigma: a blurred edge is two sigma wide between a sixth and five sixths of its height."""
    contour = mask - cv2.erode(mask, np.ones((3, 3), np.uint8))
    # The picture's own border is no edge of the screen.
    contour[[0, -1], :] = 0
    contour[:, [0, -1]] = 0
    length = int(contour.sum())
    if length < 8:
        return BLUR_RANGE[0]
    near = cv2.dilate(contour, np.ones((31, 31), np.uint8))
    band = (share > 0.16) & (share < 0.84) & (near > 0)
    return float(np.clip(band.sum() / (2 * length), *BLUR_RANGE))
