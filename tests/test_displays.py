"""Screens and projectors: chosen by number, name or place, verified, followed when they go. A real X server."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from media.outputs import NoOutputError, Output, find_output

TWO = (Output("eDP-1", 0, 0, 800, 720), Output("HDMI-1", 800, 0, 480, 720))
STAY = "import ctypes; ctypes.CDLL('libX11.so.6').XOpenDisplay(None); print(flush=True); input()"
needs_xrandr = pytest.mark.skipif(shutil.which("xrandr") is None, reason="xrandr is not installed")


def on(display: str, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {"DISPLAY": display, "PYTHONPATH": ".", "PATH": "/usr/bin:/bin", **more}
    return subprocess.run(words, env=environment, capture_output=True, text=True, timeout=100, check=False)


def monitor(display: str, name: str, place: str) -> None:
    output = "screen" if name == "desk" else "none"
    done = on(display, "xrandr", "--setmonitor", name, place, output)
    assert done.returncode == 0, done.stderr


def without(display: str, name: str) -> None:
    assert on(display, "xrandr", "--delmonitor", name).returncode == 0


@pytest.fixture
def two_outputs(display: str) -> Iterator[str]:
    """A desk's screen and, to its right, a projector."""
    # A server whose last client leaves forgets its monitors: one client stays.
    words, pipe = [sys.executable, "-c", STAY], subprocess.PIPE
    with subprocess.Popen(words, env={"DISPLAY": display}, stdin=pipe, stdout=pipe, stderr=pipe) as client:
        assert client.stdout is not None
        client.stdout.readline()
        monitor(display, "desk", "800/200x720/190+0+0")
        monitor(display, "projector", "480/120x720/190+800+0")
        yield display
        client.terminate()


@pytest.mark.parametrize("wanted", [1, "HDMI-1", "800,0", " 800 , 0"])
def test_an_output_is_chosen_by_number_name_or_place(wanted: int | str) -> None:
    assert find_output(wanted, TWO) == TWO[1]


@pytest.mark.parametrize(("wanted", "said"), [(2, "no display 2"), ("DP-9", "called DP-9"), ("5,5", "at 5,5")])
def test_an_output_that_is_not_there_is_told_with_those_that_are(wanted: int | str, said: str) -> None:
    with pytest.raises(NoOutputError, match=said):
        find_output(wanted, TWO)


@needs_xrandr
def test_the_outputs_are_listed_as_the_configuration_names_them(two_outputs: str) -> None:
    done = on(two_outputs, sys.executable, "-P", "-m", "range", "displays", "--json")
    told = [json.loads(line) for line in done.stdout.splitlines()]
    assert {"name": "projector", "x": 800, "y": 0, "width": 480, "height": 720} in [
        {key: value for key, value in one.items() if key != "number"} for one in told
    ]
    assert [one["number"] for one in told] == list(range(len(told)))


def test_without_a_display_it_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    done = on(":987", sys.executable, "-P", "-m", "range", "displays")
    assert done.returncode == 1
    assert "set DISPLAY" in done.stderr


FOLLOW = """
import sys
from media.window import Window
window = Window(mode="fullscreen", size=(640, 360), display=sys.argv[1])
print(window.misplaced, (*window._window.get_location(), *window.size), flush=True)
for _ in iter(input, "end"):
    window.events()
    news = window.follow_output()
    print(news.state if news else None, (*window._window.get_location(), *window.size), flush=True)
"""


class Show:
    """A window on an output, in a process of its own, asked about its output again and again."""

    def __init__(self, display: str, output: str) -> None:
        environment = {"DISPLAY": display, "PYTHONPATH": ".", "PATH": "/usr/bin:/bin"}
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", FOLLOW, output],
            env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.opened = self._line()

    def says(self) -> str:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return self._line()

    def end(self) -> None:
        self._process.communicate("end\n", timeout=20)

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@needs_xrandr
@pytest.mark.parametrize("chosen", ["projector", "800,0"])
def test_the_film_covers_the_chosen_output_alone(two_outputs: str, chosen: str) -> None:
    show = Show(two_outputs, chosen)
    show.end()
    assert show.opened == "None (800, 0, 480, 720)"


@needs_xrandr
def test_an_output_that_is_lost_and_comes_back_elsewhere_is_taken_again(two_outputs: str) -> None:
    show = Show(two_outputs, "projector")
    assert show.says().startswith("None")
    without(two_outputs, "projector")
    assert show.says().startswith("lost")
    assert show.says().startswith("None")
    monitor(two_outputs, "projector", "400/100x360/95+800+200")
    assert show.says() == "live (800, 200, 400, 360)"
    assert show.says().startswith("None")
    show.end()


@needs_xrandr
def test_identify_shows_every_outputs_name_on_it(two_outputs: str) -> None:
    done = on(two_outputs, sys.executable, "-P", "-m", "range", "displays", "--identify", "--seconds", "0.5")
    assert done.returncode == 0, done.stderr
    assert "projector: 480 x 720 at 800,0" in done.stdout
