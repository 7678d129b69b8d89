"""How the camera renders what the projector shows: colour response, tone, and gain and room light by region.

A pixel's *stimulus* is the camera's answer to the light of the film, to what of it comes back from the room, and to the
room's own light; its level is a tone curve of it. All is learnt from samples: pixels that look at places where the film
is flat, beside what the film shows there. Each channel of the camera answers to all three of the projector's; each
region of the screen has its own gain and its own light from the room.

The colours are Bayesian linear regression with a normal prior (Bishop, Pattern Recognition and Machine Learning, 3.3):
what has not been seen yet, say white in a dark film, is known to be uncertain.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hardware.laser.film_view import COLUMNS, ROWS

Floats = NDArray[np.float32]
Levels = NDArray[np.uint8]
"""Levels of samples, (n, 3)."""
Numbers = NDArray[np.intp]

REGIONS = ROWS * COLUMNS
FRESH = 0.1
FORGET = 0.97
"""What is left of the past's weight after each frame, for what may change: exposure, gain, room light."""
REMEMBER = 0.998
"""... and for what does not: the colours of projector and camera."""
WORTH = 20.0
"""Independent observations that one frame's samples are worth."""
MISS = 0.02
"""Standard deviation of one of them, in stimulus."""
OWN, OTHER, STRAY, CONSTANT = (0.75, 0.35), (0.08, 0.08), (0.01, 0.02), (0.0, 0.3)
"""A camera channel's response to the projector's channel of its colour, to another, to light that comes back from the
room, and to none, before any is seen: mean and standard deviation."""
STEADY = (MISS / 0.1) ** 2
"""What speaks for the exposure of the frame before: a tenth more or less is usual."""
BEYOND = 0.02
"""Stimulus by which a response may miss at the brightest light it has seen; beyond, it misses in proportion more."""
RIDGE = 12.0
"""Samples of the whole screen's gain that each region begins with; ..."""
RIDGE_LIGHT = 4.0
"""... and of its light."""
BINS = 16
CENTRES = (np.arange(BINS) + 0.5) * 256 / BINS
DOUBT = 20.0
"""Samples that a tone's first guess is worth."""
CLIPPED = 250
FEWEST = 120
"""Samples of one frame from which anything can be told."""
BODY = 12.0
"""Levels by which a sample may miss what is learnt: beyond it, somebody stands there."""


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Film `light` (n, 3), what comes back from the room (`stray`, (n, 6)) and the regions' numbers at some places."""

    light: Floats
    stray: Floats
    regions: Numbers

    def some(self, places: Numbers) -> "Samples":
        """Those at some places."""
        return Samples(self.light[places], self.stray[places], self.regions[places])


class Response:
    """Learns from pairs of film light and camera levels; renders film as the camera would show it.

    `root` says that the camera gives the root of the light, as most do, and not the light itself. `error` is the median
    miss of the latest samples, in levels, `misfit` the mean one of the latest frames, `uncertain` by how much stimulus
    the brightest film may exceed what is known.
    """

    def __init__(self, *, root: bool) -> None:
        self.frames = 0
        self.error = float("inf")
        self.misfit = 0.0
        self.uncertain = 1.0
        self.root = root
        self._normal = np.zeros((3, 6, 6))
        self._right = np.zeros((3, 6))
        self._matrix: Floats = np.zeros((3, 3), np.float32)
        self._most: Floats = np.zeros((3, 3), np.float32)
        self._back: Floats = np.zeros((3, 2), np.float32)
        self._constant: Floats = np.zeros(3, np.float32)
        self._brightest = np.full(3, 0.02)
        self._sums = np.zeros((3, 5, REGIONS))
        self._gain: Floats = np.ones((REGIONS, 3), np.float32)
        self._room: Floats = np.zeros((REGIONS, 3), np.float32)
        self._tone_sums = np.zeros((3, 3, BINS))
        self._tone: Floats = np.tile(np.arange(256, dtype=np.float32), (3, 1))
        self.spread: Floats = np.full((3, 256), 6.0, np.float32)
        self._factor = np.float32(1)
        self._more: Floats = np.zeros(3, np.float32)

    def follow(self, film: Samples, seen: Levels) -> None:
        """Set by how much the exposure and the room's light differ from what has been learnt, from one frame."""
        known = self.stimulus(film, now=False)
        target = self._stimulus_of(seen)
        fair = (seen < CLIPPED).all(axis=1)
        if np.count_nonzero(fair) < FEWEST:
            return
        known, target = known[fair], target[fair]
        keep = np.ones(len(known), bool)
        factor, more = 1.0, np.zeros(3)
        for _ in range(3):
            k, t = known[keep], target[keep]
            mean_k, mean_t = k.mean(axis=0), t.mean(axis=0)
            spread = WORTH * float(((k - mean_k) ** 2).mean())
            both = WORTH * float(((k - mean_k) * (t - mean_t)).mean())
            factor = float(np.clip((both + STEADY * self._factor) / (spread + STEADY), 0.3, 3))
            more = mean_t - factor * mean_k
            miss = np.abs(self._toned(self._level(target)) - self._toned(self._level(factor * known + more))).max(
                axis=1
            )
            keep = miss <= max(BODY, 2.5 * float(np.median(miss)))
        self._factor, self._more = np.float32(factor), more.astype(np.float32)

    def learn(self, film: Samples, seen: Levels) -> None:
        """Take one frame's samples into account."""
        fair = (seen < CLIPPED).all(axis=1)
        if self.frames:
            miss = np.abs(self.levels(film) - seen).max(axis=1)
            fair &= miss <= max(BODY, 4 * float(np.median(miss)))
        if np.count_nonzero(fair) < FEWEST:
            return
        film, seen = film.some(np.flatnonzero(fair)), seen[fair]
        target = self._stimulus_of(seen)
        self._learn_colours(film, target)
        self._learn_regions(self._of_the_film(film), target - self._constant, film.regions)
        level = self._level(self.stimulus(film))
        self._learn_tone(level, seen)
        self.frames += 1

    def stimulus(self, film: Samples, *, now: bool = True) -> Floats:
        """The camera's stimulus at samples, (n, 3); under the light there is `now`, or as learnt."""
        known = self._of_the_film(film) * self._gain[film.regions] + self._constant + self._room[film.regions]
        return np.asarray(known * self._factor + self._more if now else known, np.float32)

    def levels(self, film: Samples) -> Floats:
        """What the camera shows at samples, (n, 3), 0 to 255."""
        return self.shown(self.stimulus(film))

    def shown(self, stimulus: Floats) -> Floats:
        """The levels of stimulus (n, 3)."""
        return self._toned(self._level(stimulus))

    def gains(self, size: tuple[int, int]) -> Floats:
        """The gain over a picture of `size` (width, height), (height, width, 3)."""
        gain = cv2.resize(self._gain.reshape(ROWS, COLUMNS, 3), size, interpolation=cv2.INTER_LINEAR)
        return np.asarray(gain, np.float32)

    def added(self, stray: Floats) -> Floats:
        """The stimulus by region (rows, columns, 3) that comes from the room, lit by the film and by itself."""
        gain = self._gain.reshape(ROWS, COLUMNS, 3)
        back = (stray[..., :3] * self._back[:, 0] + stray[..., 3:] * self._back[:, 1]) * gain
        total = back + self._room.reshape(ROWS, COLUMNS, 3) + self._constant
        return np.asarray(total * self._factor + self._more, np.float32)

    def render(self, light: Floats, gain: Floats, added: Floats, *, most: bool = False) -> Levels:
        """What the camera shows of light under a gain and with a stimulus added, all (height, width, 3).

        With `most` the response is as strong as it may be.
        """
        matrix = (self._most if most else self._matrix) * self._factor
        stimulus = np.asarray(cv2.transform(light, matrix), np.float32)
        np.multiply(stimulus, gain, out=stimulus)
        cv2.add(stimulus, added, dst=stimulus)
        # Below 0 is dark, not as bright as above.
        np.maximum(stimulus, 0, out=stimulus)
        if self.root:
            cv2.sqrt(stimulus, dst=stimulus)
        levels = cv2.convertScaleAbs(stimulus, alpha=255)
        tables = np.clip(np.rint(self._tone), 0, 255).astype(np.uint8)
        return np.asarray(cv2.LUT(levels, np.ascontiguousarray(tables.T[None])), np.uint8)

    def _of_the_film(self, film: Samples) -> Floats:
        back = film.stray[:, :3] * self._back[:, 0] + film.stray[:, 3:] * self._back[:, 1]
        return np.asarray(film.light @ self._matrix.T + back, np.float32)

    def _learn_colours(self, film: Samples, target: Floats) -> None:
        self._brightest = np.maximum(REMEMBER * self._brightest, np.quantile(film.light, 0.99, axis=0))
        ones = np.ones(len(target), np.float32)
        for channel in (0, 1, 2):
            gain = self._gain[film.regions, channel]
            parts = (*(film.light * gain[:, None]).T, film.stray[:, channel] * gain, film.stray[:, channel + 3] * gain)
            x = np.column_stack([*parts, ones])
            y = target[:, channel] - self._room[film.regions, channel]
            self._normal[channel] = REMEMBER * self._normal[channel] + WORTH * (x.T @ x) / len(x)
            self._right[channel] = REMEMBER * self._right[channel] + WORTH * (x.T @ y) / len(x)
            first = [OWN if other == channel else OTHER for other in (0, 1, 2)] + [STRAY, STRAY, CONSTANT]
            guess, doubt = np.array(first).T
            known = np.linalg.inv(self._normal[channel] / MISS**2 + np.diag(doubt**-2))
            answer = known @ (self._right[channel] / MISS**2 + doubt**-2 * guess)
            self._matrix[channel] = np.maximum(answer[:3], 0)
            unsure = 2 * np.sqrt(np.diag(known)[:3]) + BEYOND / self._brightest
            self._most[channel] = self._matrix[channel] + unsure
            self._back[channel] = np.maximum(answer[3:5], 0)
            self._constant[channel] = answer[5]
        self.uncertain = float((self._most - self._matrix).sum(axis=1).max())

    def _learn_regions(self, stimulus: Floats, target: Floats, regions: Numbers) -> None:
        """A straight line for each region, held to the whole screen's where it has shown one brightness only."""
        for channel in (0, 1, 2):
            e, u = stimulus[:, channel], target[:, channel]
            for row, values in enumerate((np.ones_like(e), e, u, e * e, e * u)):
                fresh = np.bincount(regions, weights=values, minlength=REGIONS)
                self._sums[channel, row] = FORGET * self._sums[channel, row] + fresh
        n, e1, u1, ee, eu = (self._sums[:, row] for row in (0, 1, 2, 3, 4))
        ridge = RIDGE * np.maximum(e1 / np.maximum(n, 1e-6), 0.02) ** 2
        a11, a12, a22, b2 = n + RIDGE_LIGHT, e1, ee + ridge, eu + ridge
        determinant = np.maximum(a11 * a22 - a12 * a12, 1e-9)
        self._room = ((a22 * u1 - a12 * b2) / determinant).T.astype(np.float32)
        self._gain = np.clip((a11 * b2 - a12 * u1) / determinant, 0.2, 3).T.astype(np.float32)

    def _learn_tone(self, level: Floats, seen: Levels) -> None:
        bins = np.clip(level, 0, 255).astype(np.intp) * BINS // 256
        miss = seen - level
        for channel in (0, 1, 2):
            m, here = miss[:, channel], bins[:, channel]
            for row, values in enumerate((np.ones_like(m), m, m * m)):
                fresh = np.bincount(here, weights=values, minlength=BINS)
                self._tone_sums[channel, row] = FORGET * self._tone_sums[channel, row] + fresh
            weight, total, squares = self._tone_sums[channel]
            mean = total / (weight + DOUBT)
            about = np.maximum(squares - 2 * mean * total + mean**2 * weight, 0)
            spread = np.sqrt(np.maximum((about + (3 + 0.06 * CENTRES) ** 2 * DOUBT) / (weight + DOUBT), 1))
            self._tone[channel] = np.arange(256) + np.interp(np.arange(256), CENTRES, mean)
            self.spread[channel] = np.interp(np.arange(256), CENTRES, spread)
        miss = np.abs(seen - self._toned(level))
        self.error = float(np.median(miss))
        self.misfit += FRESH * (float(np.minimum(miss, 30).mean()) - self.misfit)

    def _stimulus_of(self, seen: Levels) -> Floats:
        level: Floats = seen.astype(np.float32) / np.float32(255)
        return np.square(level) if self.root else level

    def _level(self, stimulus: Floats) -> Floats:
        e = np.maximum(stimulus, 0)
        return np.asarray(255 * (np.sqrt(e) if self.root else e), np.float32)

    def _toned(self, level: Floats) -> Floats:
        at = np.clip(level, 0, 255).astype(np.intp)
        toned = np.stack([self._tone[channel][at[:, channel]] for channel in (0, 1, 2)], axis=1)
        return np.asarray(np.clip(toned, 0, 255), np.float32)
