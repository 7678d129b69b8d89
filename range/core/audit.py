"""What is wrong with a scenario as a graph and as a story. Pure: nothing here opens a file.

`lengths` gives, for a clip's name, the media time in seconds at which its last frame ends, where that is known.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from range.core.faults import nearest, or_list
from range.core.scenario import Branch, Scenario, Scene, Zone

Place = tuple[str | int, ...]

# Seconds by which a written end may lie past the clip's own: authors round, and the clip's end comes first anyway.
ROUNDING = 0.1


@dataclass(frozen=True, slots=True)
class GraphFault:
    """One fault at a place of the scenario: keys of tables and positions in arrays, as the file has them.

    `playable`: a session could still be played through it. `story`: it follows from several scenes taken together.
    """

    place: Place
    message: str
    remedy: str
    playable: bool = True
    story: bool = False


def audit(scenario: Scenario, lengths: Mapping[str, float] | None = None) -> tuple[GraphFault, ...]:
    """Every fault of a scenario: scene by scene in the file's order, then of the whole story."""
    found: list[GraphFault] = []
    for scene in scenario.scenes.values():
        length = (lengths or {}).get(scene.clip)
        found += _time_faults(scene, length)
        for zone in scene.zones:
            found += _zone_faults(scene, zone)
        found += _cue_faults(scene, length)
        found += _branch_faults(scenario, scene, length)
        found += _repeated_branches(scene)
    found += _story_faults(scenario)
    return tuple(found)


def _time_faults(scene: Scene, length: float | None) -> Iterator[GraphFault]:
    place: Place = ("scenes", scene.name)
    if scene.end is not None and scene.start >= scene.end:
        message = f"The scene starts at {scene.start:g} s, which is not before its end at {scene.end:g} s"
        yield GraphFault((*place, "end"), message, "Set end after start", playable=False)
    if length is None:
        return
    if scene.start >= length:
        message = f"The scene starts at {scene.start:g} s, but {scene.clip} is over at {length:.3g} s"
        yield GraphFault((*place, "start"), message, "Set start within the clip", playable=False)
    elif scene.end is not None and scene.end > length + ROUNDING:
        message = f"The scene ends at {scene.end:g} s, but {scene.clip} is over at {length:.3g} s"
        yield GraphFault((*place, "end"), message, "Set end within the clip, or leave it out for the clip's own end")


def _zone_faults(scene: Scene, zone: Zone) -> Iterator[GraphFault]:
    corners = len(zone.keyframes[0].polygon)
    for at, key in enumerate(zone.keyframes):
        place: Place = ("scenes", scene.name, "zones", zone.name, "keyframes", at)
        if len(key.polygon) < 3:
            message = f'The zone "{zone.name}" has {len(key.polygon)} corners here'
            yield GraphFault((*place, "polygon"), message, "Give it three corners or more", playable=False)
        elif len(key.polygon) != corners:
            message = f'The zone "{zone.name}" has {len(key.polygon)} corners here, but {corners} in its first keyframe'
            yield GraphFault((*place, "polygon"), message, "Give every keyframe the same corners", playable=False)
        for corner, (u, v) in enumerate(key.polygon):
            if not (0 <= u <= 1 and 0 <= v <= 1):
                message = f'The corner ({u:g}, {v:g}) of the zone "{zone.name}" lies outside the picture'
                remedy = "Corners go from [0, 0], the top left of the picture, to [1, 1], its bottom right"
                yield GraphFault((*place, "polygon", corner), message, remedy)
        if at and key.t <= zone.keyframes[at - 1].t:
            message = f"This keyframe at {key.t:g} s does not come after the one before it, at "
            message += f"{zone.keyframes[at - 1].t:g} s"
            yield GraphFault((*place, "t"), message, "Put the keyframes in the order of their times", playable=False)


def _cue_faults(scene: Scene, length: float | None) -> Iterator[GraphFault]:
    ends = [(scene.end, "the scene ends"), (length, f"{scene.clip} is over")]
    end, over = min(((t, why) for t, why in ends if t is not None), default=(None, ""))
    for at, cue in enumerate(scene.cues):
        place: Place = ("scenes", scene.name, "cues", at, "t")
        remedy = "Set t to the media time of a frame that the scene shows"
        if cue.t < scene.start:
            message = f'The cue "{cue.kind}" at {cue.t:g} s comes before the scene starts, at {scene.start:g} s'
            yield GraphFault(place, message, remedy)
        if end is not None and cue.t >= end:
            message = f'The cue "{cue.kind}" at {cue.t:g} s is never shown: {over} at {end:.3g} s'
            yield GraphFault(place, message, remedy)


def _branch_faults(scenario: Scenario, scene: Scene, length: float | None) -> Iterator[GraphFault]:
    if scene.ending is not None and scene.branches:
        message = f'"{scene.name}" is an ending, and an ending has no branches'
        yield GraphFault(("scenes", scene.name, "ending"), message, "Remove the branches, or remove ending")
    for at, branch in enumerate(scene.branches):
        place: Place = ("scenes", scene.name, "branches", at)
        if branch.to not in scenario.scenes:
            remedy = _meant(branch.to, scenario.scenes, "scenes")
            message = f'The branch leads to "{branch.to}", and there is no such scene'
            yield GraphFault((*place, "to"), message, remedy, playable=False)
        if branch.on == "timeout" and branch.after <= 0:
            yield GraphFault(place, "The timeout has no time", "Add after = SECONDS", playable=False)
        if branch.on == "hit":
            yield from _hit_faults(scene, branch, place, length)


def _hit_faults(scene: Scene, branch: Branch, place: Place, length: float | None) -> Iterator[GraphFault]:
    zones = [zone.name for zone in scene.zones]
    if branch.zone not in zones:
        message = f'The scene "{scene.name}" has no zone "{branch.zone}"'
        yield GraphFault((*place, "zone"), message, _meant(branch.zone, zones, "zones"), playable=False)
    if branch.until is not None and branch.until <= branch.since:
        message = f"Hits count until {branch.until:g} s, which is not after {branch.since:g} s, from when they count"
        yield GraphFault((*place, "until"), message, "Set until after from")
    end = min((t for t in (scene.end, length) if t is not None), default=None)
    if end is not None and branch.since >= end:
        message = f"Hits count from {branch.since:g} s on, when the scene is over ({end:.3g} s)"
        yield GraphFault((*place, "from"), message, "Set from within the scene")
    elif branch.until is not None and branch.until <= scene.start:
        message = f"Hits count until {branch.until:g} s, before the scene starts ({scene.start:g} s)"
        yield GraphFault((*place, "until"), message, "Set until within the scene")


def _repeated_branches(scene: Scene) -> Iterator[GraphFault]:
    for at, branch in enumerate(scene.branches):
        for earlier, other in enumerate(scene.branches[:at]):
            if branch.on == other.on and (what := _same_trigger(branch, other)):
                message = f'Two branches of "{scene.name}" wait for {what}: to "{other.to}" (branch {earlier + 1}) and '
                message += f'to "{branch.to}" (branch {at + 1}); only one can be taken'
                yield GraphFault(("scenes", scene.name, "branches", at), message, "Remove one, or change its trigger")
                break


def _same_trigger(one: Branch, other: Branch) -> str:
    """What two branches of one kind both wait for; empty where they differ."""
    overlap = one.since < _until(other) and other.since < _until(one)
    cases = {
        "intent": (one.intent == other.intent, f'the intent "{one.intent}"'),
        "act": (one.act == other.act, f'the act "{one.act}"'),
        "operator": (one.name == other.name != "", f'the operator\'s choice "{one.name}"'),
        "hit": (
            one.zone == other.zone and one.count == other.count and overlap,
            f'the same hit in the zone "{one.zone}" at the same time',
        ),
        "end": (True, "the end of the clip"),
        "timeout": (True, "a timeout"),
    }
    same, what = cases[one.on]
    return what if same else ""


def _until(branch: Branch) -> float:
    return float("inf") if branch.until is None else branch.until


def _story_faults(scenario: Scenario) -> Iterator[GraphFault]:
    scenes = scenario.scenes
    if scenario.start not in scenes:
        message = f'The story starts with "{scenario.start}", and there is no such scene'
        yield GraphFault(("start",), message, _meant(scenario.start, scenes, "scenes"), playable=False)
    for scene in scenes.values():
        if scene.ending is None and not scene.branches:
            message = f'"{scene.name}" leads nowhere and is no ending'
            remedy = 'Add a branch, or ending = "well", "badly" or "open"'
            yield GraphFault(("scenes", scene.name), message, remedy, story=True)
    # A misspelt name is followed to where it was meant to lead, so that one slip is not told twice.
    ways = {
        name: {to for to in (_target(branch.to, scenes) for branch in scene.branches) if to is not None}
        for name, scene in scenes.items()
    }
    start = _target(scenario.start, scenes)
    if start is not None:
        reached = _closure({start}, ways)
        for name in scenes:
            if name not in reached:
                message = f'No way leads from the start to "{name}"'
                yield GraphFault(
                    ("scenes", name), message, f'Add a branch with to = "{name}", or remove it', story=True
                )
    yield from _no_good_way(scenario, ways)


def _no_good_way(scenario: Scenario, ways: Mapping[str, set[str]]) -> Iterator[GraphFault]:
    scenes = scenario.scenes
    back: dict[str, set[str]] = {name: set() for name in scenes}
    for name, targets in ways.items():
        for target in targets:
            back[target].add(name)
    # Where a branch leads nowhere or a scene is unfinished, that is the fault; whether it ends well is not known yet.
    unfinished = {name for name, scene in scenes.items() if _unfinished(scene, scenes)}
    well = {name for name, scene in scenes.items() if scene.ending == "well"}
    fine = _closure(well | unfinished, back)
    without = [name for name, scene in scenes.items() if scene.ending is None and name not in fine]
    remedy = 'Add a branch that can still end well, or give the story a scene with ending = "well"'
    if not well and len(without) > 1:
        names = or_list(f'"{name}"' for name in without)
        message = f'No "well" ending can be reached from {names}: the story has none'
        yield GraphFault(("scenes", without[0]), message, remedy, story=True)
        return
    for name in without:
        yield GraphFault(("scenes", name), f'No "well" ending can be reached from "{name}"', remedy, story=True)


def _unfinished(scene: Scene, scenes: Mapping[str, Scene]) -> bool:
    if scene.ending is not None:
        return False
    return not scene.branches or any(_target(branch.to, scenes) is None for branch in scene.branches)


def _target(name: str, scenes: Mapping[str, Scene]) -> str | None:
    return name if name in scenes else nearest(name, scenes)


def _closure(names: set[str], ways: Mapping[str, set[str]]) -> set[str]:
    """The names and all that can be reached from them."""
    reached: set[str] = set()
    ahead = set(names)
    while ahead:
        name = ahead.pop()
        reached.add(name)
        ahead |= ways[name] - reached
    return reached


def _meant(word: str, words: Mapping[str, object] | list[str], kind: str) -> str:
    meant = nearest(word, words)
    if meant is not None:
        return f'Did you mean "{meant}"?'
    return f"The {kind} here are {', '.join(words)}" if words else f"There are no {kind} here; add one"
