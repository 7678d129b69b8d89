"""This computer's keyboard in the window: real X events, sent to a real window."""

import subprocess
import sys

TYPE = """
from media.window import KeyTyped, Window
window = Window(mode="windowed", size=(320, 180))
from ctypes import byref
from pyglet.libs.x11 import xlib
x = window._window

def send(kind, symbol, state):
    event = xlib.XEvent()
    event.xkey.type = kind
    event.xkey.display = x._x_display
    event.xkey.window = event.xkey.root = x._view
    event.xkey.keycode = xlib.XKeysymToKeycode(x._x_display, symbol)
    event.xkey.state = state
    event.xkey.same_screen = 1
    xlib.XSendEvent(x._x_display, x._view, 1, 0, byref(event))
    xlib.XSync(x._x_display, 0)

for kind, symbol, state in {events}:
    send(kind, symbol, state)
print([event.key for event in window.events() if isinstance(event, KeyTyped)])
"""

PRESS, RELEASE, SHIFT = 2, 3, 1
EQUAL, ONE, ESCAPE = 0x3D, 0x31, 0xFF1B


def typed(display: str, *events: tuple[int, int, int]) -> str:
    program = TYPE.format(events=repr(events))
    done = subprocess.run(
        [sys.executable, "-P", "-c", program],
        env={"DISPLAY": display, "PYTHONPATH": ".", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_keys_have_the_names_of_the_configuration(display: str) -> None:
    taps = [(kind, key, 0) for key in (ONE, ESCAPE) for kind in (PRESS, RELEASE)]
    assert typed(display, *taps) == "['1', 'escape']"


def test_a_held_key_is_one_press(display: str) -> None:
    assert typed(display, *[(PRESS, ONE, 0)] * 5) == "['1']"


def test_plus_counts_again_though_shift_was_let_go_before_the_key(display: str) -> None:
    plus = ((PRESS, EQUAL, SHIFT), (RELEASE, EQUAL, 0))
    assert typed(display, *plus, *plus) == "['+', '+']"
