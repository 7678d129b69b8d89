"""The window on the wall: full screen, in a window, or off screen where there is no display.

pyglet decides at its first import whether it draws on a display or through EGL: it is imported when a window is opened.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

Mode = Literal["fullscreen", "windowed", "offscreen"]
FALLBACK_REFRESH = 60.0


class NoDisplayError(Exception):
    """No window can be opened; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class KeyTyped:
    """A key of this computer's keyboard, by its name in the configuration."""

    key: str


@dataclass(frozen=True, slots=True)
class Clicked:
    """A mouse button went down at (x, y) screen pixels from the top left; `button` is left, middle or right."""

    x: float
    y: float
    button: str


@dataclass(frozen=True, slots=True)
class Dragged:
    """The mouse moved with a button down, to (x, y) screen pixels from the top left."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Closed:
    """The person wants to leave: the window's close button, or control and Q."""


WindowEvent = KeyTyped | Clicked | Dragged | Closed


class Window:
    """An OpenGL window with our own loop: `events`, draw, `flip`. Not for use from another thread."""

    def __init__(
        self,
        *,
        mode: Mode,
        size: tuple[int, int],
        display: int | str = 0,
        clock: Callable[[], float] = time.monotonic,
        show_pointer: bool = False,
    ) -> None:
        import pyglet

        pyglet.options.headless = mode == "offscreen"
        pyglet.options.shadow_window = False
        try:
            import pyglet.window

            screen = _screen(display if mode == "fullscreen" else 0)
            options: dict[str, Any] = {"config": _eight_bits(screen), "caption": "Common Ground", "vsync": True}
            if mode == "fullscreen":
                self._window = _cover(screen, options)
            else:
                self._window = pyglet.window.Window(width=size[0], height=size[1], **options)
        except NoDisplayError:
            raise
        except Exception as problem:
            remedy = "start it with --headless, or set DISPLAY" if mode != "offscreen" else "install libegl1"
            raise NoDisplayError(f"no window can be opened ({problem}): {remedy}") from problem
        self._clock = clock
        self._keys = _key_names()
        self._pending: list[WindowEvent] = []
        self._last_flip = clock()
        self._paced = mode == "offscreen"
        self.period = 1.0 / (_refresh(self._window) or FALLBACK_REFRESH)
        self._window.on_key_press = self._on_key
        self._window.on_key_release = self._on_release
        self._window.on_deactivate = self._forget_held
        self._window.on_mouse_press = self._on_mouse
        self._window.on_mouse_drag = self._on_drag
        self._window.on_close = lambda: self._pending.append(Closed())
        self._window.set_mouse_visible(show_pointer)
        self._window.switch_to()
        if not self._paced:
            self._paced = not self._waits_for_the_screen()

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        width, height = self._window.get_framebuffer_size()
        return int(width), int(height)

    def events(self) -> list[WindowEvent]:
        """What the person did since the last call."""
        self._window.switch_to()
        self._window.dispatch_events()
        events, self._pending = self._pending, []
        return events

    def next_flip(self) -> float:
        """The clock time at which the next `flip` will reach the wall, as far as can be told."""
        return max(self._last_flip + self.period, self._clock())

    def flip(self) -> float:
        """Show what was drawn; returns the clock time at which it went to the wall."""
        if self._paced:
            wait = self._last_flip + self.period - self._clock()
            if wait > 0:
                time.sleep(wait)
        self._window.flip()
        return self._on_grid()

    def _on_grid(self) -> float:
        """Paced by ourselves, refreshes keep to a grid, so that small delays do not add up."""
        now = self._clock()
        on_grid = self._last_flip + self.period
        self._last_flip = on_grid if self._paced and now - on_grid < self.period / 2 else now
        return now

    @property
    def waits_for_screen(self) -> bool:
        """Whether `flip` waits for the refresh; it then has to be called for every refresh to keep the time."""
        return not self._paced

    def wait(self) -> float:
        """Let a refresh pass with the same picture; returns the clock time of that refresh."""
        wait = self._last_flip + self.period - self._clock()
        if wait > 0:
            time.sleep(wait)
        return self._on_grid()

    def close(self) -> None:
        """Close the window."""
        self._window.close()

    def _waits_for_the_screen(self) -> bool:
        """Whether a flip waits for the refresh; under a virtual display it does not, whatever was asked for."""
        intervals = []
        for _ in range(8):
            before = self._clock()
            self._window.flip()
            intervals.append(self._clock() - before)
        return sorted(intervals)[len(intervals) // 2] > self.period / 2

    def _on_key(self, symbol: int, modifiers: int) -> None:
        from pyglet.window import key

        if symbol == key.Q and modifiers & (key.MOD_CTRL | key.MOD_COMMAND):
            self._pending.append(Closed())
        elif symbol in self._keys:
            self._pending.append(KeyTyped(self._keys[symbol]))

    def _on_release(self, symbol: int, _modifiers: int) -> None:
        """pyglet takes a key for held, and drops its next press, where shift was let go before it: `+`, then `=` up."""
        if symbol not in getattr(self._window, "pressed_keys", (symbol,)):
            self._forget_held()

    def _forget_held(self) -> None:
        """After the window lost the keyboard no release comes for what was held then."""
        getattr(self._window, "pressed_keys", set()).clear()

    def _on_mouse(self, x: int, y: int, button: int, _modifiers: int) -> None:
        from pyglet.window import mouse

        names = {mouse.LEFT: "left", mouse.MIDDLE: "middle", mouse.RIGHT: "right"}
        self._pending.append(Clicked(*self._from_top_left(x, y), names.get(button, "left")))

    def _on_drag(self, x: int, y: int, _dx: int, _dy: int, _buttons: int, _modifiers: int) -> None:
        self._pending.append(Dragged(*self._from_top_left(x, y)))

    def _from_top_left(self, x: int, y: int) -> tuple[float, float]:
        ratio = self._window.get_pixel_ratio()
        return x * ratio + 0.5, self.size[1] - y * ratio - 0.5


def _screen(display: int | str) -> Any:
    import pyglet.display

    screens = pyglet.display.get_display().get_screens()
    if isinstance(display, str):
        named = [screen for screen in screens if screen.get_monitor_name() == display]
        if not named:
            known = ", ".join(screen.get_monitor_name() or "?" for screen in screens)
            raise NoDisplayError(f"there is no display called {display}, only {known}: change screen.display")
        return named[0]
    if display >= len(screens):
        raise NoDisplayError(f"there is no display {display}, counted from 0, of {len(screens)}: change screen.display")
    return screens[display]


def _cover(screen: Any, options: dict[str, Any]) -> Any:
    """A window over the whole of a screen; borderless where the desktop put the full-screen one elsewhere."""
    from pyglet.window import Window as PygletWindow

    window = PygletWindow(fullscreen=True, screen=screen, **options)
    window.dispatch_events()
    if (*window.get_location(), *window.get_size()) == (screen.x, screen.y, screen.width, screen.height):
        return window
    window.close()
    borderless = PygletWindow(
        width=screen.width, height=screen.height, style=PygletWindow.WINDOW_STYLE_BORDERLESS, screen=screen, **options
    )
    borderless.set_location(screen.x, screen.y)
    return borderless


def _eight_bits(screen: Any) -> Any:
    """A drawing format of 8 bits a colour; libraries offer 10 first, or 5, which cost time or colours."""
    from pyglet import gl

    wanted = gl.Config(double_buffer=True, major_version=3, minor_version=3, red_size=8, green_size=8, blue_size=8)
    offered = screen.get_matching_configs(wanted)
    exact = [config for config in offered if (config.red_size, config.green_size, config.blue_size) == (8, 8, 8)]
    return (exact or offered)[0]


def _refresh(window: Any) -> float | None:
    try:
        rate = window.screen.get_mode().rate
    except Exception:  # noqa: BLE001 - not every backend knows its mode
        return None
    return float(rate) if rate and 20 <= rate <= 500 else None


def _key_names() -> dict[int, str]:
    from pyglet.window import key

    names = {getattr(key, letter.upper()): letter for letter in "abcdefghijklmnopqrstuvwxyz"}
    for digit in "0123456789":
        names[getattr(key, f"_{digit}")] = digit
        names[getattr(key, f"NUM_{digit}")] = digit
    for number in "12345678":
        names[getattr(key, f"F{number}")] = f"f{number}"
    return names | {
        key.ENTER: "enter",
        key.NUM_ENTER: "enter",
        key.PLUS: "+",
        key.NUM_ADD: "+",
        key.MINUS: "-",
        key.NUM_SUBTRACT: "-",
        key.ASTERISK: "*",
        key.NUM_MULTIPLY: "*",
        key.SLASH: "/",
        key.NUM_DIVIDE: "/",
        key.PERIOD: ".",
        key.NUM_DECIMAL: ".",
        key.SPACE: "space",
        key.TAB: "tab",
        key.BACKSPACE: "backspace",
        key.ESCAPE: "escape",
    }
