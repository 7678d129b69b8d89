"""Whether a candidate's first look is that of a laser spot, and why not.

Cheap questions come first: most candidates are the picture's own unrest and are never measured.
"""

from collections.abc import Sequence

import numpy as np

from hardware.laser.background import Background
from hardware.laser.box import Box, box_around, longer_side
from hardware.laser.candidates import Seed, stands_out, stirred, unrest
from hardware.laser.life import Look
from hardware.laser.motion import came_from, uncovered
from hardware.laser.settings import Bounds, FinderSettings
from hardware.laser.shape import Shape
from hardware.laser.surroundings import outshone

STIRRED = 0.25
"""Share of its rise by which much of a candidate's surroundings change where it is no spot."""
MUCH = 0.1
"""... and what is much of them."""
UNRESTFUL = 18.0
"""Times the mean fall around it that a weak candidate must rise to be worth a closer look."""
CLEAR_RISE = 22
"""Levels by which a candidate rises clearly in a picture whose noise is only its sensor's."""
MEAN_FALL = 0.85
"""Standard deviations by which noise alone lies below the brighter of the two frames before it, in the mean."""
FLAT, FLAT_ON_FILM = 0.12, 0.05
"""How peaked a large spot is at least; what the film has of bright and dark beneath it hides some of that."""
LEAST_LOOK = 12
"""Levels a spot's first look must rise by; its brightest must rise by more."""


def patch_of(seed: Seed, bounds: Bounds) -> Box:
    """Where a seed is measured, with room for its glow and its surroundings."""
    return box_around(seed.box, min(120, max(12, 8 + 3 * longer_side(seed.box) // 2)), bounds.size)


def too_large(seed: Seed, bounds: Bounds) -> str:
    """Why a seed is no spot by its size alone; empty where it may be one."""
    if seed.area > 2 * bounds.area or longer_side(seed.box) > bounds.length:
        return f"size: {seed.area} pixels rose together"
    return ""


def not_worth_a_look(
    background: Background,
    seed: Seed,
    settings: FinderSettings,
    patch: Box,
    *,
    shaken: bool,
    known: bool,
    step: bool,
) -> str:
    """Why a seed need not be measured in its patch; empty where it must be.

    `shaken` says that much of the picture rose, `step` that its light did, `known` that its surroundings may stir: a
    laser was lit there, or all the picture changed.
    """
    now, reference = background.now, background.reference
    total = seed.rise + background.threshold(seed.x, seed.y)
    weak = not step and seed.rise < settings.least_rise
    noise = background.noise_at(seed.x, seed.y)
    if weak and total < least_rise(unrest(now, reference, seed), noise):
        return f"contrast: rises by {total} only where all around stirs"
    if stands_out(now, reference, seed.box, settings.sway if shaken else 1) < 0.3 * seed.rise:
        return "motion: no brighter than what was beside it"
    level = max(STIRRED * total, 3.6 * noise)
    if not known and stirred(now, reference, seed, patch, level) > MUCH:
        return f"contrast: rises by {total} where all around stirs as well"
    return ""


def least_rise(fall: float, noise: float) -> float:
    """Levels a weak candidate must rise by where its surroundings fall by `fall` in the mean, of `noise` deviation.

    A sensor's own noise explains part of the fall; what it leaves, compression and moving things, asks for more.
    """
    explained = MEAN_FALL * noise
    return min(UNRESTFUL * fall, CLEAR_RISE + 4 * noise + UNRESTFUL * max(fall - explained, 0))


def unlike_a_spot(
    shape: Shape,
    noise: float,
    settings: FinderSettings,
    bounds: Bounds,
    others: Sequence[Shape],
    *,
    step: bool,
    on_film: bool = False,
) -> str:
    """Why a candidate does not look like a laser spot; empty where it does.

    `others` are the spots lit as well; `on_film` says that what the film shows there is known and taken off.
    """
    if shape.rise < (settings.least_rise if step else LEAST_LOOK):
        return f"contrast: rises by {shape.rise:.0f} levels only"
    if shape.rise < 4 * shape.stir and shape.stir > 3.6 * noise:
        return f"contrast: rises by {shape.rise:.0f} where all around stirs by {shape.stir:.0f} levels"
    if shape.sharp < np.exp(-0.5 / settings.smallest_sigma**2):
        return "sharpness: sharper than any lens draws"
    if shape.sharp < 0.7 and shape.short > 2:
        return "sharpness: rough, where a spot of its size is smooth"
    if shape.area > bounds.area or shape.cut:
        return f"size: {shape.area} pixels"
    if shape.long * 3.5 > bounds.drag + 8 * shape.short:
        return f"size: {shape.long * 3.5:.0f} pixels long"
    if shape.long > settings.longest_streak * shape.short:
        return f"shape: {shape.long / shape.short:.0f} times as long as wide"
    if shape.solid < 0.75:
        return f"shape: fills {shape.solid:.2f} of its outline"
    if shape.dimmed > 0.15:
        return "colour: it took light away as well as added some"
    if shape.area >= 60 and shape.peaked < (FLAT_ON_FILM if on_film else FLAT) and shape.filling < 0.8:
        return "shape: flat, though not clipped"
    if shape.leak > 0.12 or shape.glow > 0.45:
        return f"shape: {shape.leak:.2f} of its surroundings rose too"
    if shape.fallen > 0.5:
        return "motion: as much light went away beside it"
    if shape.beside > 0.5 and not on_film:
        return "contrast: no brighter than its surroundings"
    if shape.white > 0.3 and shape.filling < 0.5:
        return "contrast: only the glow beside a white place is seen, not the spot"
    for other in others:
        distance = np.hypot(other.x - shape.x, other.y - shape.y)
        if distance < 3 * other.radius + 14 and shape.rise < 0.5 * other.rise:
            return "shape: the glow of a stronger spot"
    return ""


def moved(look: Look, background: Background, bounds: Bounds, *, step: bool, film_known: bool) -> str:
    """Why a candidate is something that moved rather than lit up; empty where it is not.

    `film_known` says that no moving film explains it.
    """
    if not film_known and outshone(background.now, background.past, look.shape, look.sight.noise, light_step=step):
        return "motion: no brighter than the moving picture around it"
    window = box_around(look.shape.box, round(bounds.drag), bounds.size)
    if came_from(background.now, background.last, window, look.shape, look.tint.lead if look.tint else 0.0):
        return "motion: the like of it went dark nearby"
    if uncovered(look.sight, look.shape, background.album):
        return "motion: it was there before, and covered for a while"
    return ""
