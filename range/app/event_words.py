"""One recorded event in a few words, as a person would tell it."""

from collections.abc import Mapping
from typing import Any

from range.core.scenario import Scenario

Event = Mapping[str, Any]
ACTIONS = {
    "stop": "Stopped",
    "go_on": "Going on",
    "pause": "Paused",
    "resume": "Playing again",
    "back": "Back to the last decision",
}


def words_for(event: Event, graph: Scenario | None) -> str:
    """The words for one event of the contract's kinds."""
    match event["kind"]:
        case "scene_shown":
            return f"Scene: {spoken(event['scene'])}"
        case "cue":
            return spoken(event["cue"])
        case "hit":
            return _hit(event)
        case "branch":
            return _branch(event, graph)
        case "act":
            return spoken(event["act"])
        case "flag":
            return f"Flag {event['flag']}" + (f": {event['note']}" if event.get("note") else "")
        case "key":
            return f"Key {event['key']} not taken: {event['reason']}"
        case "operator":
            return "Started" if event["action"] == "go_on" and not event.get("scene") else ACTIONS[event["action"]]
        case "fault":
            return f"{spoken(event['device'])} {event['state']}: {event['reason']}"
        case "session_started":
            return "Session started"
        case "session_ended":
            return f"Session ended: {event['reason']}"
        case kind:
            return spoken(kind)


def spoken(name: str) -> str:
    """A name from a file as words: the first letter large, no underscores."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def _hit(event: Event) -> str:
    where = " and ".join(event["zones"]) if event["zones"] else "no zone" if event.get("scene") else "the slate"
    who = f", {event['participant']}" if event["participant"] else ""
    return f"Hit: {where.replace('_', ' ')} ({event['colour']}{who})"


def _branch(event: Event, graph: Scenario | None) -> str:
    scene = None if graph is None else graph.scenes.get(event["from"])
    labels = [
        branch.label
        for branch in (() if scene is None else scene.branches)
        if (branch.on, branch.to) == (event["trigger"], event["to"]) and branch.label
    ]
    way = labels[0] if labels else f"to {event['to'].replace('_', ' ')}"
    return f"{way} ({event['trigger']}, by {event['by']})"
