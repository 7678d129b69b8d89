"""Whether hits can be seen in a camera's pictures at all. Pure arithmetic on a sample of each picture's pixels.

What makes a picture one in which no hit can be seen, and why a working camera in a dark room is never taken for that:

- *black*: every sampled pixel stays within `EVEN` levels of every other and below `BLACK_LEVEL`. A covered sensor whose
  noise is clipped away delivers this. A working one does not: it has read noise, hot pixels, the fall-off
  of its lens, and a projector's black still lights a wall. A camera behind an infrared filter may see nothing but
  the laser: once a spot has shown out of such a picture, black is what that camera sees.
- *frozen*: hardly a sampled pixel changes from one picture to the next. Light arrives in quanta, so a working
  sensor's picture always changes (of the real recordings at hand the stillest changes 5 % of its pixels from frame to
  frame); a picture that repeats bit for bit does not, nor does one on which only a driver's clock goes on. Dark
  pictures may lose their noise to compression, so they are given longer.
- *blinded*: most of the screen is clipped in all channels, so that a laser can add nothing to it. Where the screen lies
  is known from the calibration; a sunlit window beside it does not count.

Each must hold for seconds before it is believed, because a film may be black or white for a moment; it ends with the
first good picture.
"""

import numpy as np
from numpy.typing import NDArray

from hardware.camera.messages import PictureCondition

BLACK_LEVEL = 20
"""The highest black: 16 where a camera codes its range as video does, and a little."""
EVEN = 2
BLINDED_SHARE = 0.5
NOISELESS = 0.005
"""The share of sampled pixels below which a change is no sensor's noise."""
DARK = 40
BLACK_SECONDS = 2.5
BLINDED_SECONDS = 2.0
FROZEN_SECONDS = 1.5
FROZEN_DARK_SECONDS = 4.0
FEWEST_REPEATS = 3
LATELY = 0.5


class PictureWatch:
    """`condition` is what is believed of the pictures, `since` the capture time of the first that was so."""

    def __init__(self) -> None:
        self.condition: PictureCondition = "clear"
        self.since = 0.0
        self._before: NDArray[np.uint8] | None = None
        self._black_since: float | None = None
        self._black_at = float("-inf")
        self._blinded_since: float | None = None
        self._same_since = 0.0
        self._repeats = 0
        self._sees_only_light = False

    def see(self, sample: NDArray[np.uint8], captured: float, *, clipped: float | None, spots: int) -> None:
        """Take note of a picture's sampled pixels; `clipped` is the screen's clipped share where it was measured."""
        darkest, brightest = int(sample.min()), int(sample.max())
        black = brightest <= BLACK_LEVEL and brightest - darkest <= EVEN
        if black:
            self._black_at = captured
        elif spots and captured - self._black_at < LATELY:
            self._sees_only_light = True
        self._black_since = _from(self._black_since, captured, black and not self._sees_only_light and not spots)
        if clipped is not None or spots:
            blinded = clipped is not None and clipped > BLINDED_SHARE and not spots
            self._blinded_since = _from(self._blinded_since, captured, blinded)
        self._note_repeats(sample, captured, evidence=not (spots or (black and self._sees_only_light)))
        self._before = sample
        self._believe(captured, dark=brightest < DARK)

    def _note_repeats(self, sample: NDArray[np.uint8], captured: float, *, evidence: bool) -> None:
        before = self._before
        comparable = before is not None and before.shape == sample.shape and evidence
        if comparable and np.count_nonzero(sample != before) <= NOISELESS * sample.size:
            self._repeats += 1
        else:
            self._repeats, self._same_since = 0, captured

    def _believe(self, captured: float, *, dark: bool) -> None:
        still = FROZEN_DARK_SECONDS if dark else FROZEN_SECONDS
        # A picture clipped away at either end has no noise either, and its cause is another.
        clipped_away = self._black_since is not None or self._blinded_since is not None
        frozen_since = self._same_since if self._repeats >= FEWEST_REPEATS and not clipped_away else None
        beliefs: tuple[tuple[PictureCondition, float | None, float], ...] = (
            ("black", self._black_since, BLACK_SECONDS),
            ("blinded", self._blinded_since, BLINDED_SECONDS),
            ("frozen", frozen_since, still),
        )
        believed = ((name, since) for name, since, long in beliefs if since is not None and captured - since >= long)
        self.condition, self.since = next(believed, ("clear", 0.0))


def _from(since: float | None, now: float, holds: bool) -> float | None:
    """Since when something holds."""
    return (now if since is None else since) if holds else None
