"""Everything a debrief shows of one session, as plain data for a browser.

Times are seconds on the session's clock; media times are seconds in a clip; places on the film are in 0-1 of its width
and height. Files are named by numbers given here, never by paths.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from media.captions import CaptionsUnreadable, read_captions
from media.clip_probe import UnusableFile, locate
from range.app.clip_frames import ClipFrames, frames_of
from range.app.event_words import words_for
from range.app.recorded import RecordedSession
from range.core.measures import measure
from range.core.played import film_of
from range.core.scenario import Branch, Scenario, Scene

SHOWN = ("cue", "hit", "act", "flag", "branch", "key", "operator", "fault", "scene_shown", "session_ended")


@dataclass(frozen=True, slots=True)
class Debrief:
    """The data, and the clips' files by the numbers that the data gives them (None: the file is missing)."""

    data: dict[str, Any]
    clips: tuple[Path | None, ...]


def debrief_of(session: RecordedSession, language: str = "en") -> Debrief:
    """Gather a session's debrief. Clips that are missing or cannot be read leave their film black, and are told."""
    graph = session.graph
    files = _Files(session.folder)
    scenes = {} if graph is None else {name: _scene(scene, files, language) for name, scene in graph.scenes.items()}
    lengths = {name: scene["length"] for name, scene in scenes.items() if scene["length"]}
    film = film_of(session.events, graph, lengths)
    measures = measure(session.events)
    data = {
        "session": session.number,
        "title": session.title,
        "scenario": session.scenario,
        "started": session.started,
        "ended": session.ended,
        "runs": session.runs,
        "seconds": film.seconds,
        "people": [asdict(person) for person in session.people] or _named(session),
        "screen": session.screen,
        "wide": session.wide,
        "scenes": scenes,
        "clips": [_clip(number, file, frames) for number, (_, file, frames) in enumerate(files.found)],
        "missing": files.missing,
        "passages": _passages(session, graph, film.passages),
        "stretches": [asdict(stretch) for stretch in film.stretches],
        "events": list(_events(session, graph)),
        "uncounted": list(_uncounted(session, film.seconds)),
        "measures": asdict(measures),
        "notes": [asdict(note) for note in session.notes],
    }
    return Debrief(data, tuple(file for _, file, _ in files.found))


class _Files:
    """Numbers a scenario's clips, and knows what was missing."""

    def __init__(self, folder: Path | None) -> None:
        self.found: list[tuple[str, Path | None, ClipFrames | None]] = []
        self.missing: list[str] = []
        self._folder = folder

    def number_of(self, name: str) -> int:
        for number, (known, _, _) in enumerate(self.found):
            if known == name:
                return number
        file = self.file(name)
        frames = None if file is None else frames_of(file)
        if frames is None:
            self.missing.append(name)
        self.found.append((name, file if frames is not None else None, frames))
        return len(self.found) - 1

    def file(self, name: str) -> Path | None:
        try:
            return None if self._folder is None else locate(self._folder, name)
        except UnusableFile:
            return None

    def length_of(self, scene: Scene) -> float | None:
        frames = self.found[self.number_of(scene.clip)][2]
        if frames is None:
            return None
        return min(frames.end, scene.end if scene.end is not None else frames.end) - scene.start


def _scene(scene: Scene, files: _Files, language: str) -> dict[str, Any]:
    return {
        "clip": files.number_of(scene.clip),
        "perspectives": {name: files.number_of(clip) for name, clip in scene.perspectives.items()},
        "start": scene.start,
        "length": files.length_of(scene),
        "loops": scene.at_end == "loop" and scene.ending is None,
        "ending": scene.ending,
        "zones": [asdict(zone) for zone in scene.zones],
        "captions": _captions(scene, files, language),
    }


def _captions(scene: Scene, files: _Files, language: str) -> list[tuple[float, float, str]]:
    name = scene.captions.get(language) or next(iter(scene.captions.values()), None)
    file = None if name is None else files.file(name)
    try:
        return [] if file is None else [(line.start, line.end, line.text) for line in read_captions(file)]
    except CaptionsUnreadable:
        return []


def _clip(number: int, file: Path | None, frames: ClipFrames | None) -> dict[str, Any]:
    if file is None or frames is None:
        return {"number": number, "shape": 16 / 9, "frames": None}
    return {"number": number, "shape": frames.shape, "frames": frames.plain()}


def _named(session: RecordedSession) -> list[dict[str, str]]:
    """The participants of a session that was recorded before anything but names was kept."""
    started = next((event for event in session.events if event["kind"] == "session_started"), {})
    blank = {"part": "participant", "role": "", "body": "", "consent": ""}
    return [{"name": name, **blank} for name in started.get("participants", ())]


def _passages(session: RecordedSession, graph: Scenario | None, passages: Any) -> list[dict[str, Any]]:
    """Each showing with the branches that were offered in it, and the one that was taken, by whom."""
    taken = [event for event in session.events if event["kind"] == "branch"]
    told = []
    for passage in passages:
        left = next(
            (branch for branch in taken if passage.clock <= branch["clock"] <= passage.until), None
        )  # a passage is left by one branch at most
        scene = None if graph is None else graph.scenes.get(passage.scene)
        at_once = [] if left is None else [event for event in session.events if event["clock"] == left["clock"]]
        offers = [] if scene is None else [_offer(branch, left, at_once) for branch in scene.branches]
        told.append({**asdict(passage), "left": left, "offers": offers})
    return told


def _offer(branch: Branch, left: Mapping[str, Any] | None, at_once: list[Mapping[str, Any]]) -> dict[str, Any]:
    taken = left is not None and (left["trigger"], left["to"]) == (branch.on, branch.to)
    # Several branches may lead to one scene: what happened at that instant tells which it was.
    said = {"intent": ("key", "intent", branch.intent), "act": ("act", "act", branch.act)}.get(branch.on)
    if said is not None:
        kind, field, value = said
        taken = taken and any(event["kind"] == kind and event[field] == value for event in at_once)
    if branch.on == "hit":
        taken = taken and any(event["kind"] == "hit" and branch.zone in event["zones"] for event in at_once)
    return {"on": branch.on, "by": trigger_words(branch), "to": branch.to, "label": branch.label, "taken": taken}


def trigger_words(branch: Branch) -> str:
    """What takes a branch, in words."""
    match branch.on:
        case "intent":
            return branch.intent
        case "hit":
            return f"{branch.count} hits in {branch.zone}" if branch.count > 1 else f"a hit in {branch.zone}"
        case "end":
            return "the clip's end"
        case "timeout":
            return f"{branch.after:g} s without a decision"
        case "act":
            return branch.act
        case "operator":
            return branch.name or "the operator's choice"


def _events(session: RecordedSession, graph: Scenario | None) -> Iterator[dict[str, Any]]:
    for number, event in enumerate(session.events):
        if event["kind"] not in SHOWN or (event["kind"] == "key" and event["accepted"]):
            continue  # a key that was taken shows in what it led to
        told = {
            "id": number,
            "kind": event["kind"],
            "clock": event["clock"],
            "run": event["run"],
            "scene": event.get("scene"),
            "media": event.get("media"),
            "words": words_for(event, graph),
        }
        if event["kind"] == "hit":
            told |= {name: event[name] for name in ("u", "v", "x", "y", "colour", "zones", "participant")}
        yield told


def _uncounted(session: RecordedSession, seconds: float) -> Iterator[dict[str, Any]]:
    """Times in which no hit would have counted though the film played, with the reason."""
    since: Mapping[str, Any] | None = None
    for event in session.events:
        over = event["kind"] == "session_started" and event["run"] > 1
        if event["kind"] == "fault" and event["device"] == "hits":
            over = True
        if over and since is not None:
            yield {"clock": since["clock"], "until": event["clock"], "reason": since["reason"]}
            since = None
        if event["kind"] == "fault" and event["device"] == "hits" and event["state"] == "not counted":
            since = event
    if since is not None:
        yield {"clock": since["clock"], "until": seconds, "reason": since["reason"]}
