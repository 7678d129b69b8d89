"""Everything that happens, as immutable values. `clock` is seconds on the one monotonic clock.

Two families. *Inputs* reach `decide` through the inbox. *Facts* are what `decide` makes of them and what the journal
keeps; `own_fields` names their fields as the public record does (contract, section "Events").
"""

from dataclasses import dataclass, fields
from typing import ClassVar, Literal

Colour = Literal["red", "green", "infrared", "unknown"]
OperatorAction = Literal["stop", "go_on", "pause", "resume", "back"]
OperatorKey = Literal["stop", "go_on", "pause", "back", "next", "flag"]


@dataclass(frozen=True, slots=True)
class Visible:
    """What was on the wall at an instant: the scene, its clip and the media time in seconds."""

    scene: str
    clip: str
    media: float


# --- what a key means -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Intent:
    """What the instructor wants of the film."""

    name: str


@dataclass(frozen=True, slots=True)
class Act:
    """Something the participant did that no sensor sees."""

    name: str


@dataclass(frozen=True, slots=True)
class Operate:
    """Steering that is no part of the story."""

    action: OperatorKey


@dataclass(frozen=True, slots=True)
class Choice:
    """The scene's n-th operator branch, counted from 1."""

    number: int


Meaning = Intent | Act | Operate | Choice


# --- inputs -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """A key went down. `source` says on which device; `meaning` is None where the configuration gives the key none."""

    clock: float
    key: str
    source: str
    meaning: Meaning | None
    visible: Visible | None = None


@dataclass(frozen=True, slots=True)
class HitSeen:
    """A laser spot placed on the screen.

    `clock` is the capture time of its first lit frame; `x`, `y` screen pixels; `u`, `v` clip positions 0-1 (None where
    no clip was visible); `visible` what was on the wall when the camera saw it.
    """

    clock: float
    x: float
    y: float
    u: float | None
    v: float | None
    colour: Colour
    camera_x: float
    camera_y: float
    participant: str | None = None
    visible: Visible | None = None


@dataclass(frozen=True, slots=True)
class FirstFrame:
    """A scene's first frame was flipped onto the wall at `clock`."""

    clock: float
    visible: Visible


@dataclass(frozen=True, slots=True)
class ClipEnded:
    """The scene's part of its clip has been shown to its end (each round of a loop says so once)."""

    clock: float
    scene: str
    visible: Visible | None = None


@dataclass(frozen=True, slots=True)
class CueReached:
    """A cue's frame was flipped onto the wall."""

    clock: float
    cue: str
    visible: Visible


@dataclass(frozen=True, slots=True)
class TimeoutDue:
    """A timeout branch's time has run out; `branch` is its index among the scene's branches."""

    clock: float
    scene: str
    branch: int
    visible: Visible | None = None


@dataclass(frozen=True, slots=True)
class DeviceReported:
    """A device changed state, or said something the record must hold."""

    clock: float
    device: str
    state: str
    reason: str
    visible: Visible | None = None


Input = KeyPressed | HitSeen | FirstFrame | ClipEnded | CueReached | TimeoutDue | DeviceReported


# --- facts ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something for the record, with what was visible."""

    kind: ClassVar[str] = ""
    clock: float
    scene: str | None = None
    media: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStarted(Fact):
    kind: ClassVar[str] = "session_started"
    scenario: str
    participants: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SceneShown(Fact):
    kind: ClassVar[str] = "scene_shown"
    clip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Key(Fact):
    kind: ClassVar[str] = "key"
    key: str
    intent: str | None
    source: str
    accepted: bool
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit(Fact):
    kind: ClassVar[str] = "hit"
    x: float
    y: float
    u: float | None
    v: float | None
    zones: tuple[str, ...]
    colour: Colour
    camera_x: float
    camera_y: float
    participant: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchTaken(Fact):
    kind: ClassVar[str] = "branch"
    from_: str
    to: str
    trigger: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CueShown(Fact):
    kind: ClassVar[str] = "cue"
    cue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActSeen(Fact):
    kind: ClassVar[str] = "act"
    act: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged(Fact):
    kind: ClassVar[str] = "flag"
    flag: int
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault(Fact):
    kind: ClassVar[str] = "fault"
    device: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Operated(Fact):
    kind: ClassVar[str] = "operator"
    action: OperatorAction


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEnded(Fact):
    kind: ClassVar[str] = "session_ended"
    reason: str


def own_fields(fact: Fact) -> dict[str, object]:
    """A fact's own fields under their public names (`from_` is `from`), without kind, clock, scene and media."""
    common = {"clock", "scene", "media"}
    return {f.name.rstrip("_"): getattr(fact, f.name) for f in fields(fact) if f.name not in common}
