"""The debrief as a person uses it: a real session in a real record, a real server, a real browser."""

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from range.app.debrief_export import export_debrief
from range.app.record import events
from range.app.web.server import WebServer
from range.core.people import Person
from tests.recorded_sessions import record_long_session, record_session, write_story
from tests.web.browser import Browser
from tests.web.pages import FIRST, film, frame_of, opened, shows

AXE = files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("debrief")
    record = folder / "record.sqlite3"
    people = (Person("Ada", "participant", "officer", "North station"), Person("Jo", "instructor"))
    assert record_session(record, write_story(folder / "door"), people=people) == 1
    return record


@pytest.fixture(scope="module")
def server(record: Path) -> Iterator[WebServer]:
    served = WebServer(record)
    yield served
    served.close()


@pytest.fixture
def page(a_browser: Browser, server: WebServer) -> Browser:
    a_browser.is_sized(1280, 720)
    opened(a_browser, f"{server.address}/debrief/1")
    return a_browser


def rows(browser: Browser) -> list[int]:
    return list(browser.says("return [...document.querySelectorAll('.event')].map((one) => Number(one.dataset.event))"))


def test_at_each_event_the_frame_shown_is_the_frame_recorded(page: Browser, record: Path) -> None:
    recorded = events(record, 1)
    seen = 0
    for number in rows(page):
        event = recorded[number]
        if event.get("scene") is None:
            continue
        page.says("document.querySelector(`[data-event='${arguments[0]}']`).click()", number)
        shows(page, frame_of(event))
        seen += 1
    assert seen >= 15


def test_by_keyboard_alone_one_goes_through_every_event(page: Browser, record: Path) -> None:
    recorded = events(record, 1)
    page.types("home")
    for number in rows(page):
        page.types("down")
        assert page.says("return document.querySelector('[aria-current]')?.dataset.event") == str(number)
        if recorded[number].get("scene"):
            shown = page.says("return Number(document.getElementById('picture').dataset.frame)")
            assert shown == frame_of(recorded[number]) - FIRST[recorded[number]["scene"]]


def test_single_frames_go_on_and_back(page: Browser, record: Path) -> None:
    (_, cue, *_) = [event for event in events(record, 1) if event["kind"] in ("scene_shown", "cue")]
    page.says("const d = window.debrief; d.player.pick(d.data.events.find((one) => one.kind === 'cue'))")
    for key, step in (("right", 1), ("right", 2), ("left", 1), ("left", 0), ("left", -1)):
        page.types(key)
        shows(page, frame_of(cue) + step)


def test_hits_are_marked_where_they_were_at_their_moment_and_gathered_on_request(page: Browser) -> None:
    places = "return [...document.querySelectorAll('#picture .hit')].map((one) => one.getAttribute('transform'))"
    page.says("const d = window.debrief; d.player.pick(d.data.events.filter((one) => one.kind === 'hit')[1])")
    picture = film(page)
    height, width = picture.shape[:2]
    for u, v in ((0.25, 0.6), (0.75, 0.6)):  # both within the last second and a half
        x, y = round(u * width), round(v * height)
        around = picture[y - 25 : y + 25, x - 25 : x + 25].astype(int)
        assert ((around[..., 2] - around[..., 1]) > 60).sum() > 40, "a red ring"
    page.says("window.debrief.player.go(8.5)")
    assert page.says(places) == []
    page.types("m")
    assert page.says(places) == ["translate(400 540)", "translate(1200 540)"]
    page.types("m")
    assert page.says(places) == []


def test_one_key_shows_the_same_instant_from_the_other_place(page: Browser) -> None:
    page.says("const d = window.debrief; d.player.pick(d.data.events.find((one) => one.kind === 'cue'))")
    front = page.says("return Number(document.getElementById('picture').dataset.frame)")
    shows(page, front)
    page.types("v")
    shows(page, 800 + front)
    page.types("v")
    shows(page, front)


def test_what_was_taken_back_paused_or_not_counted_is_told_at_its_time(page: Browser) -> None:
    banner = "return document.getElementById('banner').hidden ? '' : document.getElementById('banner').textContent"
    state = "return document.getElementById('state').textContent"
    page.says("window.debrief.player.go(4.8)")
    assert page.says(banner) == "This path was taken back. Hits not counted: the camera is gone."
    page.says("window.debrief.player.go(7.0)")
    assert page.says(state).startswith("paused, film")
    assert page.says(banner) == ""
    page.says("window.debrief.player.go(12.6)")
    assert page.says(state) == "slate"


def test_it_plays_in_its_own_time_through_a_cut_and_over_a_pause(page: Browser) -> None:
    page.says("window.debrief.player.go(5.7); window.debrief.player.speed = 4")
    page.types(" ")
    page.waits("document.getElementById('scene').textContent === 'Talk'")
    page.waits("!window.debrief.player.playing")
    assert page.says("return window.debrief.player.clock") == pytest.approx(13.0)
    assert page.log() == []


def test_a_click_on_the_line_goes_there_and_a_click_on_a_mark_to_its_event(page: Browser) -> None:
    box = page.says("const b = document.getElementById('plot').getBoundingClientRect(); return [b.x, b.y]")
    x = page.says("return window.debrief.timeline.x(2.9)")
    page.clicks_at(box[0] + x, box[1] + 82)
    assert page.says("return window.debrief.player.event.kind") == "hit"
    x = page.says("return window.debrief.timeline.x(10)")
    page.clicks_at(box[0] + x, box[1] + 14)
    assert page.says("return window.debrief.player.clock") == pytest.approx(10, abs=0.05)


def test_a_note_is_kept_at_its_moment_and_shown_as_it_was_written(page: Browser, server: WebServer) -> None:
    page.says("window.debrief.player.go(4.25)")
    page.types("n")
    page.types("<script>alert(1)</script> she stepped back")
    page.clicks("#notes form button")
    page.waits("document.querySelectorAll('.notes li').length === 1 && document.querySelector('.notes p')")
    opened(page, f"{server.address}/debrief/1")
    assert page.says("return window.debrief.data.notes.map((note) => [note.clock, note.note])") == [
        [4.25, "<script>alert(1)</script> she stepped back"]
    ]
    page.opens(f"{server.address}/report/1")
    assert "&lt;script&gt;" in page.says("return document.documentElement.innerHTML")
    assert page.log() == []


@pytest.mark.parametrize("size", [(1366, 768), (1024, 768), (768, 1024), (390, 844)])
def test_nothing_is_cut_off_at_any_size(page: Browser, server: WebServer, size: tuple[int, int]) -> None:
    page.is_sized(*size)
    opened(page, f"{server.address}/debrief/1")
    assert page.says("return document.documentElement.scrollWidth <= innerWidth")
    for selector in ("#play", "#plot", "#tab-notes", "#report", "#speed"):
        box = page.says(
            "const b = document.querySelector(arguments[0]).getBoundingClientRect();return [b.left, b.right, b.height]",
            selector,
        )
        assert box[0] >= 0, selector
        assert box[1] <= size[0], selector
        assert box[2] > 15, selector


@pytest.mark.parametrize("path", ["debrief", "report"])
@pytest.mark.parametrize("size", [(1280, 720), (390, 844)], ids=["desk", "phone"])
def test_nobody_is_kept_out_as_far_as_axe_can_tell(
    page: Browser, server: WebServer, path: str, size: tuple[int, int]
) -> None:
    page.is_sized(*size)
    page.opens(f"{server.address}/{path}/1")
    page.says(AXE)
    page.says("void axe.run().then((found) => { window.found = found })")
    found = page.waits("window.found")["violations"]
    assert [(one["id"], one["help"]) for one in found if one["impact"] in ("serious", "critical")] == []


def test_the_export_opens_from_a_stick_and_shows_the_same(a_browser: Browser, record: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    page = export_debrief(record, 1, stick)
    a_browser.is_sized(1280, 720)
    opened(a_browser, page.as_uri())
    recorded = events(record, 1)
    for number in [number for number in rows(a_browser) if recorded[number]["kind"] in ("hit", "cue", "branch")]:
        a_browser.says("document.querySelector(`[data-event='${arguments[0]}']`).click()", number)
        shows(a_browser, frame_of(recorded[number]))
    a_browser.opens((stick / "report.html").as_uri())
    assert "At the door" in a_browser.says("return document.body.textContent")
    assert a_browser.log() == []
    for file in stick.rglob("*.*"):
        if file.suffix in (".html", ".js", ".css"):
            text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
            assert "://" not in text, f"{file.name} names an address"


def test_the_report_of_a_short_session_prints_on_one_page(page: Browser, server: WebServer) -> None:
    page.opens(f"{server.address}/report/1")
    assert page.paper().count(b"/Type /Page\n") == 1


def test_the_data_is_what_the_contract_prints(page: Browser, record: Path) -> None:
    measures = page.says("return window.debrief.data.measures")
    hits = [event for event in events(record, 1) if event["kind"] == "hit"]
    assert measures["hits"] == len(hits) == 3
    assert measures["in_no_zone"] == sum(not hit["zones"] for hit in hits)
    cue = next(event for event in events(record, 1) if event["kind"] == "cue")
    assert measures["reactions"][0]["to_hit"] == pytest.approx(hits[0]["clock"] - cue["clock"])
    assert json.dumps(measures)


def test_two_hours_with_thousands_of_events_are_gone_through_like_any_other(a_browser: Browser, tmp_path: Path) -> None:
    record = tmp_path / "record.sqlite3"
    record_long_session(record, write_story(tmp_path / "door"), seconds=7200, every=1.4)
    server = WebServer(record)
    try:
        a_browser.is_sized(1280, 720)
        opened(a_browser, f"{server.address}/debrief/1")
        assert len(rows(a_browser)) > 5000
        recorded = events(record, 1)
        a_browser.types("m", "m")  # no mark shall hide what a frame says
        for part in (0.9, 0.1, 0.5):
            number = rows(a_browser)[int(part * 5000)]
            a_browser.says("document.querySelector(`[data-event='${arguments[0]}']`).click()", number)
            shows(a_browser, frame_of(recorded[number]))
        a_browser.types("m", "m", "end")
        assert a_browser.says("return document.querySelectorAll('#picture .hit').length") > 1000
    finally:
        server.close()
