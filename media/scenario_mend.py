"""A faulty scenario made whole enough to look at the rest of it, so that one fault does not hide the others.

What was misspelt is taken as meant; what is missing or of the wrong kind gets a harmless stand-in, and whatever is then
said about that place is not believed.
"""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from media.strict_file import Misfit
from media.toml_places import Place
from range.core.audit import GraphFault

_ROUNDS = 4  # a guess can bring new misfits to light
_SQUARE = {"keyframes": [{"t": 0.0, "polygon": [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]}]}


@dataclass(frozen=True, slots=True)
class Mended:
    """Data made whole (None: beyond mending), and the `misfits` that were found on the way.

    `doubtful` are the places that hold stand-ins; `story_known` unless a way through the story was lost.
    """

    data: dict[str, Any] | None
    misfits: tuple[Misfit, ...] = ()
    doubtful: tuple[Place, ...] = ()
    story_known: bool = True

    def believes(self, fault: GraphFault) -> bool:
        """Whether a fault found in the mended data is one of the file as it is written."""
        if fault.story and not self.story_known:
            return False
        return not self.doubts(fault.place)

    def doubts(self, place: Place) -> bool:
        """Whether a place holds, or lies in, a stand-in."""
        return any(place[: len(doubtful)] == doubtful for doubtful in self.doubtful)


def mend(data: dict[str, Any], judge: Callable[[dict[str, Any]], Sequence[Misfit]]) -> Mended:
    """Data without the misfits that `judge` finds in it. What only shows once a guess was followed is found as well."""
    mended = copy.deepcopy(data)
    found: dict[Place, Misfit] = {}
    doubtful: list[Place] = []
    story_known = True
    for _ in range(_ROUNDS):
        misfits = _without_echoes(judge(mended))
        for misfit in misfits:
            found.setdefault(misfit.place, misfit)
        if not misfits:
            return Mended(mended, tuple(found.values()), tuple(doubtful), story_known)
        if any(misfit.place == ("scenes",) for misfit in misfits):
            break
        # Guesses first: a stand-in replaces the whole of what the guess is about.
        for misfit in [m for m in misfits if not _take_as_meant(mended, m)]:
            doubtful += _shade(misfit.place)
            story_known = _stand_in(mended, misfit.place) and story_known
    return Mended(None, tuple(found.values()))


def _without_echoes(misfits: Sequence[Misfit]) -> list[Misfit]:
    """Misfits less those that say of a misspelt key that the right one is missing."""
    slips = {(*m.place[:-1], m.meant) for m in misfits if m.type == "extra_forbidden"}
    return [m for m in misfits if m.type != "missing" or m.place not in slips]


def _take_as_meant(data: dict[str, Any], misfit: Misfit) -> bool:
    """Follow a suggestion, or drop a key that nobody knows; False where neither applies."""
    around, last = _around(data, misfit.place), misfit.place[-1]
    if misfit.type == "extra_forbidden" and isinstance(around, dict):
        value = around.pop(last, None)
        if misfit.meant is not None:
            around.setdefault(misfit.meant, value)
        return True
    if misfit.meant is not None and isinstance(around, dict):
        around[last] = misfit.meant
        return True
    return False


def _stand_in(data: dict[str, Any], place: Place) -> bool:
    """Put something harmless at a place; False where a way through the story may be lost by it."""
    if place[0] != "scenes":
        return _stand_in_at_top(data, str(place[0]))
    name = str(place[1])
    scene = data["scenes"][name]
    match place[2:]:
        case ():
            data["scenes"][name] = {"clip": "?", "ending": "open"}
            return False
        case ("clip", *_):
            scene["clip"] = "?"
        case ("branches", int(at), *rest):
            written = scene["branches"][at]
            to = written.get("to") if isinstance(written, dict) else None
            known = isinstance(to, str) and to != "" and rest != []
            scene["branches"][at] = {"on": "operator", "to": to if known else name}
            return known
        case ("cues", int(at), *_):
            scene["cues"][at] = {"t": 0.0, "kind": "?"}
        case ("zones", str(zone), *_):
            scene["zones"][zone] = _SQUARE
        case ("captions" | "perspectives" as key, str(one), *_):
            scene[key].pop(one)
        case (key, *_):
            scene.pop(key, None)
            return key not in ("branches", "ending")
    return True


def _stand_in_at_top(data: dict[str, Any], key: str) -> bool:
    scenes = data.get("scenes")
    first = next(iter(scenes), "?") if isinstance(scenes, dict) else "?"
    needed = {"format": 1, "title": "?", "start": first}
    if key in needed:
        data[key] = needed[key]
    else:
        data.pop(key, None)
    return key != "start"


def _shade(place: Place) -> tuple[Place, ...]:
    """The places about which a stand-in at a place could make something be said. A stand-in branch keeps its way."""
    if place[2:3] == ("branches",):
        return ()
    return (place[:4] if place[2:3] in (("cues",), ("zones",)) else place[:3],)


def _around(data: Any, place: Place) -> Any:
    """What holds the last part of a place; None where the data does not go so deep."""
    for part in place[:-1]:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
    return data
