"""What `decide` asks of the range. Carried out by the runtime, in order."""

from dataclasses import dataclass
from typing import Literal

SlateKind = Literal["ready", "stopped", "ended"]


@dataclass(frozen=True, slots=True)
class ShowScene:
    """Cut to a scene's first frame, with its sound."""

    scene: str


@dataclass(frozen=True, slots=True)
class ShowSlate:
    """Cover the wall with the neutral slate and be silent; the film beneath holds its frame."""

    kind: SlateKind


@dataclass(frozen=True, slots=True)
class LiftSlate:
    """Take the slate away; the film beneath is still held."""


@dataclass(frozen=True, slots=True)
class HoldFilm:
    """Hold the frame on the wall; sound and timeouts rest."""


@dataclass(frozen=True, slots=True)
class ResumeFilm:
    """Let the film, its sound and the timeouts go on from the held frame."""


@dataclass(frozen=True, slots=True)
class StartTimeout:
    """Report `TimeoutDue(scene, branch)` after so many seconds that were not paused."""

    scene: str
    branch: int
    seconds: float


@dataclass(frozen=True, slots=True)
class CancelTimeouts:
    """Forget every running timeout."""


@dataclass(frozen=True, slots=True)
class RelaysOff:
    """Switch off whatever the range drives besides picture and sound."""


@dataclass(frozen=True, slots=True)
class LightIntents:
    """Show on the keypad which intents can be taken now (`lit`) and which has just been taken."""

    lit: frozenset[str]
    taken: str | None = None


@dataclass(frozen=True, slots=True)
class NextSession:
    """Close this session's record and start the same scenario for the next participant."""


Command = (
    ShowScene
    | ShowSlate
    | LiftSlate
    | HoldFilm
    | ResumeFilm
    | StartTimeout
    | CancelTimeouts
    | RelaysOff
    | LightIntents
    | NextSession
)
