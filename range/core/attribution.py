"""Who fired: a hit's colour and its place on the screen name a participant, or nobody. Never a guess.

The law. A session may say of a participant: fires this colour, or stands in this lane, or both (`Shooter`). A hit
*contradicts* an entry when its colour is known and another than the entry's, or when it lies outside the entry's lane.
A hit *fits* an entry when it contradicts nothing that the entry says and its colour is known wherever the entry names
one. Then a hit is somebody's exactly where

1. every entry that it does not contradict belongs to one and the same participant, and
2. it fits at least one of these.

So a hit of colour `unknown` never fits an entry that names a colour. It may still fit an entry that has a lane alone,
but only where no entry with a colour could have fired it there too: of a red laser on the left and a left lane's owner
without a colour, an unknown spot on the left might be either's, and is nobody's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from range.core.events import Colour


@dataclass(frozen=True, slots=True)
class Lane:
    """A part of the screen: from (x0, y0) to (x1, y1) in 0-1 of its width and height, from its top left corner.

    A lane holds its left and top edge; its right and bottom edge only where the screen ends there, so that lanes side
    by side share no point.
    """

    x0: float
    y0: float
    x1: float
    y1: float

    def holds(self, x: float, y: float) -> bool:
        """Whether a place on the screen lies in the lane; a place off the screen lies in none."""
        return _within(x, self.x0, self.x1) and _within(y, self.y0, self.y1)

    def covers(self, other: "Lane") -> bool:
        """Whether the other lane lies wholly in this one."""
        return self.x0 <= other.x0 and self.y0 <= other.y0 and other.x1 <= self.x1 and other.y1 <= self.y1


WHOLE_SCREEN = Lane(0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Shooter:
    """What a session says of one participant's laser: its colour, its lane, or both; None says nothing of it."""

    participant: str
    colour: Colour | None = None
    lane: Lane | None = None

    def contradicted_by(self, colour: Colour, x: float, y: float) -> bool:
        """Whether a hit cannot be this one's."""
        of_another_colour = self.colour is not None and colour not in (self.colour, "unknown")
        return of_another_colour or (self.lane is not None and not self.lane.holds(x, y))

    def fits(self, colour: Colour, x: float, y: float) -> bool:
        """Whether a hit is what this entry says."""
        known = self.colour is None or colour != "unknown"
        return known and not self.contradicted_by(colour, x, y)

    def hides(self, other: "Shooter") -> bool:
        """Whether no hit can ever be told to be the other's: what fits the other never contradicts this one."""
        any_colour = self.colour is None or self.colour == other.colour
        return any_colour and (self.lane is None or (other.lane is not None and self.lane.covers(other.lane)))


def who_fired(shooters: Sequence[Shooter], colour: Colour, x: float, y: float) -> str | None:
    """The participant who fired a hit of this colour at (x, y) in 0-1 of the screen; None where that cannot be told."""
    possible = [shooter for shooter in shooters if not shooter.contradicted_by(colour, x, y)]
    participants = {shooter.participant for shooter in possible}
    if len(participants) != 1 or not any(shooter.fits(colour, x, y) for shooter in possible):
        return None
    return participants.pop()


def _within(value: float, start: float, end: float) -> bool:
    return start <= value < end or value == end == 1.0
