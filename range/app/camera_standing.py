"""How the camera stands: made of what its process says, told to the record once for each change."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import MappingProxyType

from hardware.camera.messages import CameraHealth, CameraState, ControlsAstray, PictureCondition
from range.core.fault_table import told

NO_CAMERA = CameraState("none", told("camera.none"))
TROUBLED = ("missing", "lost")
BLIND: MappingProxyType[PictureCondition, str] = MappingProxyType(
    {"black": told("camera.black"), "frozen": told("camera.frozen"), "blinded": told("camera.blinded")}
)
"""Why a camera that delivers pictures sees no hit in them."""


@dataclass(frozen=True, slots=True)
class Told:
    """A device's state for the record; `since` the clock time from which it holds, 0 for now."""

    device: str
    state: str
    reason: str
    since: float = 0.0


class CameraStanding:
    """The camera's state, its health, and whether the calibration fits it.

    `asked` is the mode asked for, (width, height), 0 for the camera's own choice; `misfit` says why a calibration does
    not serve a camera of an identity with pictures of a size, None where it does.
    """

    def __init__(
        self, *, configured: bool, asked: tuple[int, int], misfit: Callable[[str, tuple[int, int]], str | None]
    ) -> None:
        self.state = CameraState("opening") if configured else NO_CAMERA
        self.health: CameraHealth | None = None
        self.misfit: str | None = None
        self._asked = asked
        self._misfit_of = misfit
        self._troubled = False
        self._ailing = ""
        self._since = 0.0

    @property
    def why_blind(self) -> str | None:
        """Why no hit can be seen though the camera is live, in words; None where hits can be seen."""
        return None if self.health is None else BLIND.get(self.health.picture)

    @property
    def why_uncounted(self) -> str | None:
        """Why the camera lets no hit be counted, in words; None where it does."""
        if self.state.condition == "live":
            return self.why_blind or self.misfit
        return self.state.reason or f"the camera is {self.state.condition}"

    @property
    def since(self) -> float:
        """The clock time since which it stands as it does, where it could only be noticed later; else 0."""
        return self._since

    def hear(self, message: CameraState | CameraHealth | ControlsAstray) -> Iterator[Told]:
        """Take note of what the process said; answers with what is news for the record."""
        match message:
            case CameraState():
                yield from self._hear_state(message)
            case CameraHealth():
                yield from self._hear_health(message)
            case ControlsAstray(settings):
                yield Told("camera", "wrong settings", told("camera.settings", settings=settings))

    def _hear_state(self, state: CameraState) -> Iterator[Told]:
        self.state, self._since = state, state.since
        if state.condition in TROUBLED:
            self._troubled = True
            yield Told("camera", state.condition, state.reason, state.since)
            self.health, self._ailing = None, ""  # of a camera that has gone; what comes back is judged anew
        elif state.condition == "live" and self._troubled:
            self._troubled = False
            yield Told("camera", "live", "the camera delivers pictures again")
        if state.size is not None:
            yield from self._fit(state.identity, state.size)

    def _fit(self, identity: str, size: tuple[int, int]) -> Iterator[Told]:
        """See whether the mode is the one asked for, and the calibration of this camera in this mode."""
        wrong = [got != wanted for got, wanted in zip(size, self._asked, strict=True) if wanted]
        if any(wrong):
            got, wanted = (f"{width or 'any'}x{height or 'any'}" for width, height in (size, self._asked))
            yield Told("camera", "wrong mode", told("camera.mode", got=got, wanted=wanted))
        before, self.misfit = self.misfit, self._misfit_of(identity, size)
        if self.misfit is not None and self.misfit != before:
            yield Told("calibration", "misfit", self.misfit)

    def _hear_health(self, health: CameraHealth) -> Iterator[Told]:
        self.health, self._since = health, health.since
        ailing = "" if health.picture == "clear" else health.picture
        if ailing == self._ailing:
            return
        before, self._ailing = self._ailing, ailing
        if ailing == "slow":
            reason = told("camera.slow", rate=health.frames_a_second, wanted=health.wanted)
            yield Told("camera", "slow", reason, health.since)
        elif ailing:
            yield Told("camera", ailing, BLIND[health.picture], health.since)
        else:
            better = "delivers all its pictures again" if before == "slow" else "sees again"
            yield Told("camera", "live", f"the camera {better}")
