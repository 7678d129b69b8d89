"""The test shot before a session: asked for, waited for, compared with the laser that has been learnt."""

from collections.abc import Callable
from dataclasses import dataclass

from hardware.laser.spot import Pulse, Spot
from range.app.laser_file import LearntLaser
from range.app.laser_lesson import longer_or_shorter
from range.core.fault_table import told

PATIENCE = 5.0
"""Seconds in which a test shot should have been seen."""
WEAK = 0.5


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a test shot, or its absence, says is wrong; `live` when it is right again."""

    state: str
    reason: str


class LaserCheck:
    """One session's test shot. Pure: times are given.

    Asked for only where a laser has been learnt or `wanted` says so, and only while the slate is up before the first
    scene; it never holds anything up. `say` takes a sentence for the operator, `report` what the record must hold,
    each once.
    """

    def __init__(
        self,
        laser: LearntLaser | None,
        *,
        wanted: bool,
        say: Callable[[str], None],
        report: Callable[[Trouble], None],
    ) -> None:
        self._laser = laser
        self._wanted = wanted or laser is not None
        self._say = say
        self._report = report
        self._on_slate = True
        self._asked = False
        self._since: float | None = None
        self._seen = False
        self._shot: Spot | None = None
        self._troubles: dict[str, str] = {}

    @property
    def words(self) -> str | None:
        """What the operator's line says of it while the slate is up: the trouble, or the request; None for neither."""
        if not (self._on_slate and self._asked):
            return None
        if self._troubles:
            return list(self._troubles.values())[-1]
        return None if self._seen else "fire a test shot at the slate"

    def step(self, clock: float, *, sees: bool, on_slate: bool) -> None:
        """How things stand now: whether hits can be seen, and whether the first slate is still up."""
        self._on_slate = self._on_slate and on_slate
        if not self._wanted or self._seen:
            return
        if not sees:
            self._since = None  # nobody's shot can be seen; the time begins when it can
            return
        if self._since is None:
            self._since = clock
        if self._on_slate and not self._asked:
            self._asked = True
            self._say("Fire a test shot at the slate.")
        if clock - self._since >= PATIENCE:
            self._trouble("unseen", told("laser.unseen" if self._on_slate else "laser.unseen_before"))

    def saw(self, spot: Spot) -> None:
        """A laser's spot was seen; before the first scene it is a test shot."""
        if not self._wanted:
            return
        troubled = bool(self._troubles)
        self._seen = True
        if not self._on_slate:
            if self._troubles.pop("unseen", None) is not None:
                self._report(Trouble("live", "a shot of the laser has been seen"))
            return
        self._shot = spot
        unlike = {} if self._laser is None else _unlike(spot, self._laser)
        self._say(f"Test shot seen: {spot.colour}{'' if self._laser is None or unlike else ', as bright as learnt'}.")
        for state in ("unseen", "weak", "other_colour"):
            if state not in unlike:
                self._troubles.pop(state, None)
        for state, reason in unlike.items():
            self._trouble(state, reason)
        self._well_again(troubled)

    def went_dark(self, pulse: Pulse) -> None:
        """A spot has gone dark: was the test shot lit for as long as the learnt laser lights?"""
        laser, shot = self._laser, self._shot
        if laser is None or shot is None or (pulse.frame, pulse.time) != (shot.frame, shot.time):
            return
        lit = pulse.until - pulse.time
        self._shot = None
        if longer_or_shorter(lit, laser.pulse, laser.resolution):
            self._trouble("other_pulse", told("laser.other_pulse", lit=lit, learnt=laser.pulse))
        else:
            self._well_again(self._troubles.pop("other_pulse", None) is not None)

    def _well_again(self, troubled: bool) -> None:
        if troubled and not self._troubles:
            self._report(Trouble("live", "a test shot has been seen and is as it should be"))

    def _trouble(self, state: str, reason: str) -> None:
        if state not in self._troubles:
            self._troubles[state] = reason
            self._report(Trouble(state, reason))


def _unlike(spot: Spot, laser: LearntLaser) -> dict[str, str]:
    """In what a test shot is not the laser that was learnt: state and reason."""
    unlike = {}
    if spot.rise < WEAK * laser.rise:
        levels = f"{spot.rise:.0f} of {laser.rise:.0f} grey levels"
        unlike["weak"] = told("laser.weak", levels=levels)
    if spot.colour != laser.colour and "unknown" not in (spot.colour, laser.colour):
        unlike["other_colour"] = told("laser.other_colour", seen=spot.colour, name=laser.name, learnt=laser.colour)
    return unlike
