"""The report: one page to print, of facts alone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from range.app.debrief_data import Debrief, debrief_of
from range.app.event_words import spoken
from range.app.record import events, sessions
from range.app.recorded import RecordedSession, read_session
from range.app.report_plot import hit_picture, timeline_svg
from range.core.over_time import Spread, session_of

MOST_PICTURES = 3
MOST_SESSIONS = 12
STORY = ("scene_shown", "branch", "act", "flag", "operator", "hit", "cue", "fault")
LONGEST_STORY = 40


def report_page(record: Path, number: int, *, style: str) -> str:
    """A session's report as a page of HTML; `style` is the address of its style sheet. Raises RecordError."""
    session = read_session(record, number)
    debrief = debrief_of(session)
    title = f"Session {number}: {session.title}"
    parts = [
        f"<header><h1>{escape(title)}</h1><p>{escape(_when(session))}</p></header>",
        _people(debrief.data),
        _section("The session on one line", timeline_svg(debrief.data) + _legend(debrief.data)),
        '<div class="columns">' + _section("What happened", _story(debrief.data)),
        "<div>" + "".join(_measures(debrief.data)) + "</div></div>",
        _pictures(debrief),
        _notes(debrief.data),
        "".join(_over_time(record, session)),
        '<footer>Facts as recorded; what they mean is for the group to say. <span class="screen">Print this page with '
        "your browser.</span></footer>",
    ]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="stylesheet" href="{escape(style)}"></head><body><main>{"".join(parts)}</main></body></html>'
    )


def _when(session: RecordedSession) -> str:
    seconds = max((event["clock"] for event in session.events), default=0.0)
    runs = "" if session.runs == 1 else f", in {session.runs} runs"
    began = f"{session.started[:16].replace('T', ' ')} UTC"
    return f"{began}. {_clock(seconds)} long{runs}. Ended: {session.ended}."


def _people(data: Mapping[str, Any]) -> str:
    rows = [
        [spoken(person["part"]), person["name"], person["role"] or "–", person["body"] or "–", person["consent"] or "–"]
        for person in data["people"]
    ]
    return _table(["Part", "Name", "Role", "Agency or group", "Consent"], rows) if rows else "<p>Nobody was named.</p>"


def _legend(data: Mapping[str, Any]) -> str:
    gaps = "".join(
        f"<li>{_clock(gap['clock'])}–{_clock(gap['until'])} hits not counted: {escape(gap['reason'])}</li>"
        for gap in data["uncounted"]
    )
    told = f'<ul class="gaps">{gaps}</ul>' if gaps else ""
    if any(passage["abandoned"] for passage in data["passages"]):
        told += "<p>Dashed: a path that was taken back.</p>"
    return told


def _story(data: Mapping[str, Any]) -> str:
    told = [event for event in data["events"] if event["kind"] in STORY]
    if len(told) > LONGEST_STORY:
        told = [event for event in told if event["kind"] in ("scene_shown", "branch", "act", "flag")][:LONGEST_STORY]
    lines = "".join(
        f'<li class="{event["kind"]}"><span class="at">{_clock(event["clock"], 1)}</span> {escape(event["words"])}</li>'
        for event in told
    )
    return f'<ol class="story">{lines}</ol>'


def _measures(data: Mapping[str, Any]) -> Iterator[str]:
    measures = data["measures"]
    counts = [[measures[name] for name in ("hits", "in_zones", "in_no_zone", "on_slate")]]
    yield _section("Hits", _table(["All", "In a zone", "In no zone", "On the slate"], counts))
    reactions = [
        [
            f"{_clock(one['clock'], 1)} {spoken(one['cue'])}",
            "–" if one["act"] is None else f"{one['act']}, {one['to_act']:.2f} s",
            _seconds(one["to_hit"]),
        ]
        for one in measures["reactions"]
    ]
    yield _section("After each cue", _table(["Cue", "First act", "First hit"], reactions))
    firsts = [
        [f"{_clock(one['clock'], 1)} {spoken(one['scene'])}", one["hits"], _seconds(one["seconds"])]
        for one in measures["first_hits"]
        if one["hits"]
    ]
    yield _section("First hit in each scene that had one", _table(["Scene", "Hits", "First after"], firsts))
    stops = [
        [f"{_clock(one['clock'], 1)} {spoken(one['cue'])}", one["before"], one["after"]] for one in measures["stops"]
    ]
    yield _section("Hits around a cue to stop", _table(["Cue", "Before", "After"], stops))
    told = _length_words(data)
    groups = [
        [
            f"{_clock(one['clock'], 1)} {one['participant'] or one['colour']}",
            one["n"],
            told(one["extreme"]),
            told(one["radius"]),
        ]
        for one in measures["groups"]
    ]
    yield _section("Groups", _table(["Whose", "n", "Largest distance", "Mean from centre"], groups))


def _pictures(debrief: Debrief) -> str:
    data = debrief.data
    hits = [event for event in data["events"] if event["kind"] == "hit" and event["scene"] and event["u"] is not None]
    pictures = []
    for passage in data["passages"]:
        scene = data["scenes"].get(passage["scene"])
        own = [
            (number, hit)
            for number, hit in enumerate(hits, start=1)
            if hit["scene"] == passage["scene"] and passage["clock"] <= hit["clock"] <= passage["until"] + 0.5
        ]
        if scene is None or not own:
            continue
        first = own[0][1]
        clip = data["clips"][scene["clip"]]
        drawn = hit_picture(debrief.clips[scene["clip"]], first["media"], own, clip["shape"])
        told = "; ".join(
            f"{number}: {_clock(hit['clock'], 2)} {' and '.join(hit['zones']) or 'no zone'}" for number, hit in own[:8]
        )
        more = f"; and {len(own) - 8} more" if len(own) > 8 else ""
        words = f"{spoken(passage['scene'])}, the picture at the first hit. {told}{more}"
        pictures.append(f"<figure>{drawn}<figcaption>{escape(words)}</figcaption></figure>")
    if not pictures:
        return ""
    left = len(pictures) - MOST_PICTURES
    more = f"<p>Hits in {left} more showings are in the debrief.</p>" if left > 0 else ""
    return _section("Hits on the film", f'<div class="figures">{"".join(pictures[:MOST_PICTURES])}</div>{more}')


def _notes(data: Mapping[str, Any]) -> str:
    notes = "".join(
        f'<li><span class="at">{_clock(note["clock"], 1)}</span> {escape(note["note"])}</li>' for note in data["notes"]
    )
    return _section("Notes", f'<ol class="story">{notes}</ol>') if notes else ""


def _over_time(record: Path, session: RecordedSession) -> Iterator[str]:
    """Each participant's sessions up to this one, oldest first."""
    names = [person.name for person in session.people if person.part == "participant"]
    known = [row for row in sessions(record) if row.number <= session.number]
    for name in names:
        rows = []
        for row in [row for row in known if name in row.participants][-MOST_SESSIONS:]:
            own = session_of(name, events(record, row.number))
            if own is None:
                continue
            rows.append([
                row.started[:10],
                row.title + ("" if own.alone else " (with others)"),
                f"{own.hits}, {own.in_zones} in a zone",
                f"{own.reactions.n} of {own.cues} cues",
                _spread(own.reactions, lambda seconds: f"{seconds:.2f} s"),
                _spread(own.extremes, lambda pixels: f"{pixels:.0f} px"),
            ])  # fmt: skip
        headings = ["Day", "Scenario", "Hits", "Answered", "Reaction: median (from – to)", "Group: median (from – to)"]
        if rows:
            yield _section(f"{name} over time, n = {len(rows)}", _table(headings, rows))


def _spread(spread: Spread, told: Callable[[float], str]) -> str:
    if spread.median is None or spread.low is None or spread.high is None:
        return "–"
    return f"{told(spread.median)} ({told(spread.low)} – {told(spread.high)}), n = {spread.n}"


def _length_words(data: Mapping[str, Any]) -> Callable[[float], str]:
    if not data["screen"]:
        return lambda pixels: f"{pixels:.0f} px"
    width, wide = data["screen"][0], data["wide"]
    if wide:
        return lambda pixels: f"{pixels / width * wide:.0f} mm"
    return lambda pixels: f"{100 * pixels / width:.1f} % of the width"


def _section(title: str, body: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{body}</section>" if body else ""


def _table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    if not rows:
        return ""
    head = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    body = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f} s"


def _clock(seconds: float, decimals: int = 0) -> str:
    whole = round(seconds, decimals)
    minutes, rest = divmod(whole, 60)
    return f"{int(minutes)}:{rest:0{3 + decimals if decimals else 2}.{decimals}f}"
