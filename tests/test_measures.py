"""Measures of a session: counted and timed as one would by hand from `rangectl events --json`."""

import itertools
import json
import math
import random
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from range.app.report import report_page
from range.core.measures import measure
from range.core.over_time import session_of
from range.core.people import Person
from tests.recorded_sessions import record_session, write_story


def event(kind: str, clock: float, scene: str | None = "a", **own: Any) -> dict[str, Any]:
    where = {} if scene is None else {"scene": scene, "media": 0.0}
    return {"kind": kind, "clock": clock, "run": 1, **where, **own}


def shown(clock: float, scene: str) -> dict[str, Any]:
    return event("scene_shown", clock, scene, clip="x.mp4")


def hit(clock: float, scene: str | None, x: float = 0.0, y: float = 0.0, **own: Any) -> dict[str, Any]:
    return event("hit", clock, scene, **{"x": x, "y": y, "zones": [], "colour": "red", "participant": None, **own})


def test_a_reaction_runs_from_the_cue_while_its_scene_is_shown() -> None:
    (first, second) = measure([
        shown(1.0, "a"), event("act", 1.5, act="early"), event("cue", 2.0, cue="weapon_visible"),
        event("act", 3.0, act="command given"), hit(4.5, "a"), shown(5.0, "b"), event("cue", 6.0, "b", cue="stop"),
    ]).reactions  # fmt: skip
    assert (first.act, first.to_act, first.to_hit, first.seconds) == ("command given", 1.0, 2.5, 1.0)
    assert (second.act, second.to_act, second.to_hit, second.seconds) == (None, None, None, None)


def test_a_hit_seen_after_the_film_has_turned_belongs_to_the_scene_it_struck() -> None:
    measures = measure([shown(1.0, "a"), shown(5.0, "b"), hit(5.05, "a")])
    assert [(one.scene, one.hits, one.seconds) for one in measures.first_hits] == [
        ("a", 1, pytest.approx(4.05)),
        ("b", 0, None),
    ]


def test_hits_before_and_after_a_cue_to_stop_are_counted() -> None:
    events = [shown(0, "a"), hit(1, "a"), hit(2, "a"), event("cue", 2.0, cue="complies"), hit(2.5, "a")]
    (stop,) = measure(events).stops
    assert (stop.before, stop.after) == (1, 2)
    assert measure([shown(0, "a"), event("cue", 2.0, cue="weapon_visible")]).stops == ()


def test_hits_in_no_zone_and_on_the_slate_are_told_apart() -> None:
    measures = measure([hit(0.5, None), shown(1, "a"), hit(2, "a", zones=["hands"]), hit(3, "a")])
    assert (measures.hits, measures.in_zones, measures.in_no_zone, measures.on_slate) == (3, 1, 1, 1)


def test_a_groups_spread_is_what_measuring_every_pair_gives() -> None:
    chance = random.Random(4)
    points = [(chance.gauss(600, 40), chance.gauss(300, 25)) for _ in range(300)]
    (group,) = measure([shown(0, "a"), *(hit(1 + n / 100, "a", *point) for n, point in enumerate(points))]).groups
    centre = statistics.fmean(x for x, _ in points), statistics.fmean(y for _, y in points)
    assert group.n == 300
    assert group.extreme == pytest.approx(max(math.dist(a, b) for a, b in itertools.combinations(points, 2)))
    assert group.radius == pytest.approx(statistics.fmean(math.dist(point, centre) for point in points))


@pytest.mark.parametrize("points", [[(5, 5), (5, 5)], [(0, 0), (3, 4)], [(0, 0), (1, 1), (2, 2), (3, 3)]])
def test_groups_on_a_point_or_a_line_have_a_spread_too(points: list[tuple[float, float]]) -> None:
    (group,) = measure([shown(0, "a"), *(hit(1 + n, "a", *point) for n, point in enumerate(points))]).groups
    assert group.extreme == pytest.approx(max(math.dist(a, b) for a, b in itertools.combinations(points, 2)))


def test_groups_are_of_one_participant_in_one_showing() -> None:
    events = [
        shown(0, "a"),
        hit(1, "a", participant="Ada"),
        hit(2, "a", participant="Jo"),
        hit(3, "a", 9, participant="Ada"),
    ]
    events += [shown(4, "a"), hit(5, "a", participant="Ada")]
    assert [(group.participant, group.n) for group in measure(events).groups] == [("Ada", 2)]


def test_with_others_only_what_is_known_to_be_theirs_is_counted() -> None:
    events = [
        event("session_started", 0, None, participants=["Ada", "Jo"]),
        shown(0, "a"),
        hit(1, "a", participant="Ada"),
    ]
    events += [hit(2, "a", participant="Jo"), hit(3, "a")]
    ada = session_of("Ada", events)
    assert ada is not None
    assert (ada.hits, ada.alone) == (1, False)
    assert session_of("Somebody", events) is None


def test_the_reports_numbers_are_those_of_the_printed_events(tmp_path: Path) -> None:
    record = tmp_path / "record.sqlite3"
    number = record_session(record, write_story(tmp_path / "door"), people=(Person("Ada"),))
    program = [sys.executable, "-P", "-m", "range", "events", str(number), "--json", "--data", str(tmp_path)]
    printed = subprocess.run(program, capture_output=True, text=True, timeout=60, check=True).stdout
    events = [json.loads(line) for line in printed.splitlines()]
    page = report_page(record, number, style="report.css")
    cue = next(one for one in events if one["kind"] == "cue")
    act = next(one for one in events if one["kind"] == "act")
    hits = [one for one in events if one["kind"] == "hit"]
    in_zones = sum(bool(one["zones"]) for one in hits)
    assert (
        f"<td>command given, {act['clock'] - cue['clock']:.2f} s</td><td>{hits[0]['clock'] - cue['clock']:.2f} s</td>"
        in page
    )
    assert f"<td>{len(hits)}</td><td>{in_zones}</td><td>{len(hits) - in_zones}</td><td>0</td>" in page
    stop = next(one for one in events if one["kind"] == "cue" and one["cue"] == "stop")
    after = sum(one["scene"] == stop["scene"] and one["clock"] >= stop["clock"] for one in hits)
    assert f"Stop</td><td>0</td><td>{after}</td>" in page
    width = math.dist((hits[0]["x"], hits[0]["y"]), (hits[1]["x"], hits[1]["y"])) / 1280 * 2000
    assert f"<td>2</td><td>{width:.0f} mm</td><td>{width / 2:.0f} mm</td>" in page
    reactions = [act["clock"] - cue["clock"], hits[2]["clock"] - stop["clock"]]
    assert f"{statistics.median(reactions):.2f} s ({min(reactions):.2f} s – {max(reactions):.2f} s), n = 2" in page
