"""The window on the wall: full screen, in a window, or off screen where there is no display.

pyglet decides at its first import whether it draws on a display or through EGL: it is imported when a window is opened.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from media.key_names import key_names
from media.outputs import NoOutputError, NoServerError, Output, Outputs, find_output
from media.placing import cover, move, screen_of

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


@dataclass(frozen=True, slots=True)
class OutputNews:
    """What became of the window's output: lost, live again, or the window is elsewhere; `reason` says it in words."""

    state: Literal["lost", "live", "elsewhere"]
    reason: str


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

            self._outputs = Outputs() if mode == "fullscreen" else None
            self._output = find_output(display, self._outputs.now()) if self._outputs is not None else None
            screen = screen_of(self._output)
            options: dict[str, Any] = {"config": _eight_bits(screen), "caption": "Common Ground", "vsync": True}
            if self._output is not None:
                self._window = cover(self._output, screen, options)
            else:
                self._window = pyglet.window.Window(width=size[0], height=size[1], **options)
        except NoServerError as problem:
            raise NoDisplayError(f"{problem}: start it with --headless, or set DISPLAY") from None
        except NoOutputError as problem:
            raise NoDisplayError(f"{problem}: change screen.display in config.toml") from None
        except Exception as problem:
            remedy = "start it with --headless, or set DISPLAY" if mode != "offscreen" else "install libegl1"
            raise NoDisplayError(f"no window can be opened ({problem}): {remedy}") from problem
        self._lost = False
        self._clock = clock
        self._keys = key_names()
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

    @property
    def output(self) -> Output | None:
        """The output that a full-screen window is meant for."""
        return self._output

    @property
    def misplaced(self) -> str | None:
        """Where a full-screen window is instead of on its output, in words; None where all is well."""
        if self._output is None:
            return None
        place = (*self._window.get_location(), *self.size)
        if place == self._output.place:
            return None
        x, y, width, height = place
        return f"the film is not on {self._output.name}: its window is {width} x {height} pixels at {x},{y}"

    def follow_output(self) -> OutputNews | None:
        """Look whether the output is still there, and take it again after it was lost or moved; what is new, if so.

        To be asked about once a second.
        """
        if self._outputs is None or self._output is None:
            return None
        name = self._output.name
        now = next((output for output in self._outputs.now() if output.name == name), None)
        if now is None:
            news = None if self._lost else OutputNews("lost", f"the display {name} is gone: check its cable")
            self._lost = True
            return news
        if not self._lost and now == self._output:
            return None
        self._lost, self._output = False, now
        move(self._window, now)
        trouble = self.misplaced
        return OutputNews("elsewhere", trouble) if trouble else OutputNews("live", f"the film is on {name} again")

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
        if self._outputs is not None:
            self._outputs.close()

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
