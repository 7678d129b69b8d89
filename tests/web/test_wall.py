"""The debrief on the wall: a second page follows the desk's, and the keypad steers both."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from media.outputs import Output
from range.app.debrief_wall import browser_words
from range.app.web.server import WebServer
from tests.recorded_sessions import record_session, write_story
from tests.web.browser import BROWSER, DRIVER, Browser, chromium
from tests.web.pages import opened, shows

pytestmark = pytest.mark.skipif(not (DRIVER and BROWSER), reason="chromium and chromium-driver are not installed")
HIT = "const d = window.debrief; d.player.pick(d.data.events.find((one) => one.kind === 'hit'))"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    folder = tmp_path_factory.mktemp("wall")
    story = write_story(folder / "door")
    for _ in range(2):
        record_session(folder / "record.sqlite3", story)
    served = WebServer(folder / "record.sqlite3", wall=1)
    yield served
    served.close()


@pytest.fixture(scope="module")
def pages(server: WebServer, a_browser: Browser) -> Iterator[tuple[Browser, Browser]]:
    desk = a_browser
    with chromium("--autoplay-policy=no-user-gesture-required") as wall:
        desk.is_sized(1280, 720)
        opened(desk, f"{server.address}/debrief/1")
        opened(wall, f"{server.address}/wall/1")
        desk.waits("document.getElementById('wall').textContent === 'On the wall too'")
        yield desk, wall


def both(pages: tuple[Browser, Browser], condition: str) -> None:
    for page in pages:
        page.waits(condition)


def test_the_wall_shows_what_the_desk_has_gone_to(pages: tuple[Browser, Browser]) -> None:
    desk, wall = pages
    desk.says(HIT)
    frame = int(desk.says("return document.getElementById('picture').dataset.frame"))
    wall.waits(f"document.getElementById('picture').dataset.frame === '{frame}'")
    shows(wall, frame)
    assert wall.says("return document.querySelectorAll('.hit').length") == 1


def test_the_keypad_steers_both(pages: tuple[Browser, Browser], server: WebServer) -> None:
    desk, _wall = pages
    desk.says(HIT)
    frame = int(desk.says("return document.getElementById('picture').dataset.frame"))
    both(pages, f"document.getElementById('picture').dataset.frame === '{frame}'")
    for key, step in (("6", 1), ("6", 2), ("4", 1)):
        server.press(key)
        both(pages, f"document.getElementById('picture').dataset.frame === '{frame + step}'")
    server.press("3")
    both(pages, "window.debrief.player.view === 'resident'")
    server.press("3")
    both(pages, "window.debrief.player.view === ''")


def test_both_play_together_and_hold_together(pages: tuple[Browser, Browser]) -> None:
    desk, wall = pages
    desk.says("window.debrief.player.go(9.2); window.debrief.player.speed = 0.5")
    desk.types(" ")
    both(pages, "window.debrief.player.playing && window.debrief.player.clock > 10")
    desk.types(" ")
    both(pages, "!window.debrief.player.playing")
    there = float(desk.says("return window.debrief.player.clock"))
    wall.waits(f"Math.abs(window.debrief.player.clock - {there}) < 1e-6")
    assert desk.log() == []
    assert wall.log() == []


def test_a_page_that_comes_late_is_told_where_the_others_are(pages: tuple[Browser, Browser], server: WebServer) -> None:
    desk, wall = pages
    desk.says("window.debrief.player.go(4.25)")
    wall.waits("Math.abs(window.debrief.player.clock - 4.25) < 1e-6")
    opened(wall, f"{server.address}/wall/1")
    wall.waits("Math.abs(window.debrief.player.clock - 4.25) < 1e-6")


def test_a_session_that_is_not_on_the_wall_has_no_wall_page(server: WebServer) -> None:
    assert httpx.get(f"{server.address}/wall/2", trust_env=False).status_code == 404
    assert "link" not in httpx.get(f"{server.address}/api/sessions/2/debrief", trust_env=False).json()


def test_what_pages_tell_each_other_is_small_and_from_here(server: WebServer) -> None:
    with httpx.Client(base_url=server.address, trust_env=False) as client:
        own = {"origin": server.address}
        assert client.post("/link", content=b"{}").status_code == 403
        assert client.post("/link", content=b"x" * 5000, headers=own).status_code == 413
        assert client.post("/link", content=b"[1]", headers=own).status_code == 400
        assert client.post("/link", content=b'{"press": "0"}', headers=own).status_code == 400


def test_the_wall_opens_alone_on_the_display_that_is_configured(tmp_path: Path) -> None:
    words = browser_words("chromium", "http://127.0.0.1:1/wall/1", Output("HDMI-1", 1920, 0, 1280, 720), tmp_path)
    assert {"--kiosk", "--window-position=1920,0", "--window-size=1280,720"} <= set(words)
