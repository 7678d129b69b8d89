"""What the demo shows over the film: keys, state, hit marks. A live session shows none of it on the wall."""

from collections import deque

from media.paint import Instruments, Prompt
from range.app.config import Config
from range.app.counting import DEVICE as HITS
from range.app.status import Status, key_for
from range.core import events as e
from range.core.geometry import Point
from range.core.rules import State, open_intents

KEPT_MARKS = 12
STRIP = 86
"""Letters of a headline that fit the strip."""
BESIDE_A_NOTE = 58
"""... that leave room for a note."""
OPERATOR_PROMPTS: dict[e.OperatorKey, str] = {
    "go_on": "go on",
    "stop": "stop",
    "pause": "pause",
    "back": "back",
    "next": "next",
}


def short(headline: str) -> str:
    """A headline that fits the strip: without its remedy, which stands in the terminal, where both do not."""
    while len(headline) > STRIP and headline.count(": ") > 1:
        headline = headline.rpartition(": ")[0]
    return headline if len(headline) <= STRIP else f"{headline[: STRIP - 1]}…"


class InstrumentPanel:
    """Collects what happens and words it for the strip."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._marks: deque[Point] = deque(maxlen=KEPT_MARKS)
        self._note = "click the picture: the laser"

    @property
    def marks(self) -> tuple[Point, ...]:
        """The scene's hits so far, as clip positions."""
        return tuple(self._marks)

    def heard(self, fact: e.Fact) -> None:
        """Take note of a fact."""
        match fact:
            case e.SceneShown():
                self._marks.clear()
                self._note = f"scene {fact.scene}"
            case e.Hit(u=float(u), v=float(v)):
                self._marks.append((u, v))
                self._note = f"{fact.colour} hit, {' and '.join(fact.zones) or 'no zone'}"
            case e.Hit():
                self._note = f"{fact.colour} hit beside the film"
            case e.Key(accepted=False):
                self._note = f"{fact.key}: {fact.reason}"
            case e.BranchTaken():
                self._note = f"{fact.from_} → {fact.to}"
            case e.ActSeen():
                self._note = f"logged: {fact.act}"
            case e.Flagged():
                self._note = f"flag {fact.flag}"
            case e.Fault() if fact.device != HITS:
                self._note = f"{fact.device} {fact.state}"

    def shown(self, state: State, status: Status) -> Instruments:
        """The strip for this moment."""
        can = open_intents(state)
        keys = self._config.keys
        intents = [Prompt(key, intent, intent in can) for key, intent in keys.intents.items() if intent in can]
        steering = [
            Prompt(key_for(keys, action), words, self._can(action, state)) for action, words in OPERATOR_PROMPTS.items()
        ]
        headline = short(status.headline)
        note = self._note if len(headline) <= BESIDE_A_NOTE else ""
        return Instruments(headline, status.not_counted is None, (*intents, *steering), note)

    def _can(self, action: str, state: State) -> bool:
        match action:
            case "go_on":
                return state.stopped or state.phase != "playing"
            case "pause":
                return not state.stopped and state.phase in ("playing", "paused")
            case "back":
                return not state.stopped and bool(state.decisions)
        return True
