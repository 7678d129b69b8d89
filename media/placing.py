"""Putting a window onto an output, and seeing to it that it is there."""

import time
from typing import Any

from media.outputs import Output

SETTLING, SETTLING_STEP = 10, 0.02


def screen_of(output: Output | None) -> Any:
    """The windowing library's screen where an output lies; its first where it knows none there."""
    import pyglet.display

    screens = pyglet.display.get_display().get_screens()
    for screen in screens:
        if output is not None and (screen.x, screen.y, screen.width, screen.height) == output.place:
            return screen
    return screens[0]


def cover(output: Output, screen: Any, options: dict[str, Any]) -> Any:
    """A window over the whole of an output; borderless where full screen lies elsewhere, or the library knows less."""
    from pyglet.window import Window as PygletWindow

    if (screen.x, screen.y, screen.width, screen.height) == output.place:
        window = PygletWindow(fullscreen=True, screen=screen, **options)
        window.dispatch_events()
        if (*window.get_location(), *window.get_size()) == output.place:
            return window
        window.close()
    style = PygletWindow.WINDOW_STYLE_BORDERLESS
    window = PygletWindow(width=output.width, height=output.height, style=style, screen=screen, **options)
    move(window, output)
    return window


def move(window: Any, output: Output) -> None:
    """Put a window onto an output, whatever it was on."""
    if window.fullscreen:
        window.set_fullscreen(False)
    if window.get_size() != (output.width, output.height):
        window.set_size(output.width, output.height)
    window.set_location(output.x, output.y)
    _settle(window, output)


def _settle(window: Any, output: Output) -> None:
    """Let the desktop do what it was asked; it answers within a moment, or does not mean to."""
    for _ in range(SETTLING):
        window.dispatch_events()
        if (*window.get_location(), *window.get_size()) == output.place:
            return
        time.sleep(SETTLING_STEP)
