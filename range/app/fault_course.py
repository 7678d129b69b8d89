"""A course of faults on twins: one after the other begins, is told, ends and is got over, while a film plays.

`rangectl demo --faults` shows it to people; `rangectl bench faults` measures it.
"""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from hardware.camera.twin_faults import TwinFault, TwinFaults
from hardware.keypad.twin import KeypadTwin
from range.app.live import LiveRange
from range.core import events as e

PROBE_KEY = "8"
"""An act: it is recorded whatever the film does, and turns nothing."""
PROBE_PLACE = (0.12, 0.2)
"""A clip position in no zone."""
PULL_SECONDS = 0.7
"""Long enough for the slowest camera here: what is asked is whether hits count, not whether a flash is caught."""
SETTLE_SECONDS = 1.2
MEANWHILE_SECONDS = 0.6
HOLD_SECONDS = 2.4
ANSWER_SECONDS = 1.0
GIVE_UP_SECONDS = 20.0
FLOOD_BYTES = 2048

Step = Literal["settling", "telling", "holding", "returning", "probing"]


@dataclass(frozen=True, slots=True)
class CourseFault:
    """`says` is for people; `tells` the state the operator must read of the device, empty where the fault is borne
    without a word; `hits` and `keys` whether they count meanwhile."""

    id: str
    says: str
    device: str
    begin: Callable[[], None]
    end: Callable[[], None]
    tells: str
    hits: bool = True
    keys: bool = True
    lasting: Callable[[], None] = lambda: None


@dataclass(slots=True)
class Passed:
    """How a fault was borne: seconds until it was told and until all was well again (None where that never came),
    the worst time between two of the wall's `frames` meanwhile, and how many of the shots and presses that had to count
    were lost, or others invented."""

    fault: CourseFault
    told: float | None = None
    returned: float | None = None
    worst_interval: float = 0.0
    frames: int = 0
    shots: int = 0
    presses: int = 0
    hits_astray: int = 0
    keys_astray: int = 0

    @property
    def is_sound(self) -> bool:
        """Whether it was told, got over, and nothing lost or invented."""
        told = self.told is not None or not self.fault.tells
        return told and self.returned is not None and not self.hits_astray and not self.keys_astray


def usual_faults(camera: TwinFaults, keypad: KeypadTwin) -> tuple[CourseFault, ...]:
    """Every way in which the twins misbehave."""

    def of_camera(fault: TwinFault, says: str, tells: str, *, hits: bool = False) -> CourseFault:
        def begin() -> None:
            camera.set(fault)

        def end() -> None:
            camera.set(fault, on=False)

        return CourseFault(f"camera {fault}", says, "camera", begin, end, tells, hits=hits)

    def of_keypad(
        name: str, says: str, begin: Callable[[], None], end: Callable[[], None], tells: str, *, keys: bool = True
    ) -> CourseFault:
        return CourseFault(f"keypad {name}", says, "keypad", begin, end, tells, keys=keys)

    def nothing() -> None:
        pass

    flood = CourseFault(
        "keypad flood", "the keypad floods its line with noise", "keypad", nothing, nothing, "noisy", keys=False,
        lasting=lambda: keypad.noise(os.urandom(FLOOD_BYTES)),
    )  # fmt: skip
    return (
        of_camera("unplug", "the camera's cable is pulled", "lost"),
        of_camera("hang", "the camera's driver hangs", "lost"),
        of_camera("crash", "the camera's process crashes", "lost"),
        of_camera("freeze", "the camera repeats one picture", "frozen"),
        of_camera("black", "the lens cap is on", "black"),
        of_camera("blind", "the sun shines on the screen", "blinded"),
        of_camera("slow", "the camera gives a quarter of its pictures", "slow", hits=True),
        of_camera("jitter", "the camera's pictures come late and uneven", "", hits=True),
        of_camera("shake", "the camera shakes", "", hits=True),
        of_keypad("bounce", "the keypad's contacts bounce", keypad.wear, lambda: keypad.wear(on=False), ""),
        of_keypad("split", "each byte of the keypad comes on its own", keypad.split, lambda: keypad.split(on=False),
                  ""),
        of_keypad("garble", "the keypad's line flips bits", lambda: keypad.garble(29), lambda: keypad.garble(0),
                  "noisy"),
        of_keypad("unplug", "the keypad's cable is pulled", keypad.unplug, keypad.plug_in, "lost", keys=False),
        of_keypad("freeze", "the keypad's program hangs", keypad.freeze, lambda: keypad.freeze(on=False), "lost",
                  keys=False),
        flood,
    )  # fmt: skip


class FaultCourse:
    """Hand `hear` to the range as its `on_fact`, and ask `each_round` once each refresh; it answers False at the end.

    `say` is told what comes next, for those who watch.
    """

    def __init__(
        self,
        faults: Sequence[CourseFault],
        keypad: KeypadTwin,
        *,
        clock: Callable[[], float],
        say: Callable[[str], None],
    ) -> None:
        self.passed: list[Passed] = []
        self.calm_interval = 0.0
        """The worst time between two refreshes while nothing was wrong, in seconds."""
        self._faults = list(faults)
        self._keypad = keypad
        self._clock = clock
        self._say = say
        self._step: Step = "settling"
        self._since: float | None = None
        self._last_round: float | None = None
        self._began = self._ended = 0.0
        self._meanwhile_done = False
        self._told_at: dict[tuple[str, str], float] = {}
        self._last_state: dict[str, str] = {}
        self._hits = self._keys = 0

    @property
    def left(self) -> tuple[str, ...]:
        """The faults that have not been shown."""
        return tuple(fault.id for fault in self._faults)

    @property
    def is_over(self) -> bool:
        """Whether every fault has been shown."""
        return not self._faults and self._step == "settling"

    def hear(self, fact: e.Fact) -> None:
        """What the record is told."""
        if isinstance(fact, e.Fault):
            self._told_at[fact.device, fact.state] = self._clock()
            self._last_state[fact.device] = fact.state
        elif isinstance(fact, e.Hit):
            self._hits += 1
        elif isinstance(fact, e.Key) and fact.source == "keypad" and fact.key == PROBE_KEY:
            self._keys += 1

    def each_round(self, live: LiveRange) -> bool:
        """Do what is due; False once every fault has been got over or given up."""
        now = self._clock()
        interval = 0.0 if self._last_round is None else now - self._last_round
        if self._step != "settling":
            self.passed[-1].worst_interval = max(self.passed[-1].worst_interval, interval)
            self.passed[-1].frames += 1
        elif self.passed:
            self.calm_interval = max(self.calm_interval, interval)
        self._last_round = now
        if live.runtime.state.phase == "ready":
            if live.devices_are_live and self._since is None:
                self._keypad.press("enter")
                self._since = now
            return True
        if self._since is None:
            self._since = now
        return self._go_on(live, now)

    def _go_on(self, live: LiveRange, now: float) -> bool:
        waited = now - (self._since or now)
        match self._step:
            case "settling" if waited >= SETTLE_SECONDS and live.devices_are_live:
                if not self._faults:
                    return False
                self._begin(self._faults.pop(0), now)
            case "telling" | "holding":
                self._bear(live, now)
            case "returning":
                self._wait_for_return(live, now)
            case "probing" if waited >= ANSWER_SECONDS and (self._is_answered or waited >= GIVE_UP_SECONDS):
                self._close_account(now)
            case _:
                pass
        return True

    def _begin(self, fault: CourseFault, now: float) -> None:
        self._say(f"Now {fault.says}.")
        self.passed.append(Passed(fault))
        self._told_at.clear()
        self._hits = self._keys = 0
        self._began, self._meanwhile_done = now, False
        fault.begin()
        self._turn("telling" if fault.tells else "holding", now)

    def _bear(self, live: LiveRange, now: float) -> None:
        passed = self.passed[-1]
        fault = passed.fault
        fault.lasting()
        if not self._meanwhile_done and now - self._began >= MEANWHILE_SECONDS:
            self._meanwhile_done = True
            self._probe(live, hits=fault.hits, keys=fault.keys)
        told = self._told_at.get((fault.device, fault.tells))
        if self._step == "telling":
            if told is not None:
                passed.told = told - self._began
                self._turn("holding", now)
            elif now - self._began >= GIVE_UP_SECONDS:
                self._turn("holding", now)
        elif now - self._began >= HOLD_SECONDS and now - (self._since or now) >= ANSWER_SECONDS:
            self._ended = now
            fault.end()
            self._turn("returning", now)

    def _wait_for_return(self, live: LiveRange, now: float) -> None:
        passed = self.passed[-1]
        fault = passed.fault
        over = fault.tells in ("", "noisy") or self._last_state.get(fault.device) != fault.tells
        if over and live.devices_are_live and live.status.not_counted is None:
            passed.returned = now - self._ended
            self._probe(live, hits=True, keys=True)
            self._turn("probing", now)
        elif now - self._ended >= GIVE_UP_SECONDS:
            self._turn("probing", now)

    def _close_account(self, now: float) -> None:
        passed = self.passed[-1]
        passed.hits_astray = abs(self._hits - passed.shots)
        passed.keys_astray = abs(self._keys - passed.presses)
        self._turn("settling", now)

    @property
    def _is_answered(self) -> bool:
        return self._hits >= self.passed[-1].shots and self._keys >= self.passed[-1].presses

    def _probe(self, live: LiveRange, *, hits: bool, keys: bool) -> None:
        """Fire a shot and press a key, as far as they must count now."""
        if hits:
            self.passed[-1].shots += 1
            live.fire(*live.place_of(*PROBE_PLACE), seconds=PULL_SECONDS)
        if keys:
            self.passed[-1].presses += 1
            self._keypad.press(PROBE_KEY)

    def _turn(self, step: Step, now: float) -> None:
        self._step, self._since = step, now
