"""The outputs of this machine: screens and projectors, by name and place on the desktop.

Under X11 these are RandR's monitors, asked of the server alone: it answers at once and never probes a cable.
Elsewhere they are the windowing library's screens.
"""

import ctypes
import ctypes.util
import re
import sys
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self


class NoOutputError(LookupError):
    """There is no such output; the text says which there are."""


class NoServerError(NoOutputError):
    """Nothing answers that could be asked for displays."""


@dataclass(frozen=True, slots=True)
class Output:
    """An output's name, and its place and size on the desktop in pixels."""

    name: str
    x: int
    y: int
    width: int
    height: int

    @property
    def place(self) -> tuple[int, int, int, int]:
        """Left, top, width and height."""
        return self.x, self.y, self.width, self.height


def find_output(wanted: int | str, outputs: tuple[Output, ...]) -> Output:
    """The output meant by a number from 0, a name, or a place such as `1920,0` (its top left). Raises NoOutputError."""
    if isinstance(wanted, int):
        if wanted >= len(outputs):
            raise NoOutputError(f"there is no display {wanted}, counted from 0, of {len(outputs)}")
        return outputs[wanted]
    at = re.fullmatch(r"\s*(-?\d+)\s*,\s*(-?\d+)\s*", wanted)
    for output in outputs:
        if output.name == wanted or (at is not None and (output.x, output.y) == (int(at[1]), int(at[2]))):
            return output
    known = ", ".join(f"{output.name} at {output.x},{output.y}" for output in outputs)
    raise NoOutputError(f"there is no display {'at' if at else 'called'} {wanted}, only {known or 'none'}")


class Outputs:
    """The outputs, asked again and again over one connection; a context, or to be closed. Raises NoOutputError."""

    def __init__(self) -> None:
        self._x: _RandR | None = None
        if sys.platform == "linux":
            try:
                self._x = _RandR()
            except (OSError, AttributeError) as problem:
                raise NoServerError(f"the displays cannot be asked for ({problem})") from None

    def now(self) -> tuple[Output, ...]:
        """The outputs there are now, the primary one first, as far as the desktop orders them so."""
        if self._x is not None:
            return self._x.monitors()
        import pyglet.display

        screens = pyglet.display.get_display().get_screens()
        return tuple(Output(s.get_monitor_name() or str(n), s.x, s.y, s.width, s.height) for n, s in enumerate(screens))

    def close(self) -> None:
        """Let the connection go."""
        if self._x is not None:
            self._x.close()
            self._x = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _MonitorInfo(ctypes.Structure):
    """XRRMonitorInfo of <X11/extensions/Xrandr.h>."""

    _fields_ = (
        ("name", ctypes.c_ulong), ("primary", ctypes.c_int), ("automatic", ctypes.c_int), ("noutput", ctypes.c_int),
        ("x", ctypes.c_int), ("y", ctypes.c_int), ("width", ctypes.c_int), ("height", ctypes.c_int),
        ("mwidth", ctypes.c_int), ("mheight", ctypes.c_int), ("outputs", ctypes.c_void_p),
    )  # fmt: skip


class _RandR:
    """A connection to the X server, for RandR's monitors alone. Raises OSError where there is none."""

    def __init__(self) -> None:
        self._xlib: Any = ctypes.CDLL(ctypes.util.find_library("X11") or "libX11.so.6")
        self._xrandr: Any = ctypes.CDLL(ctypes.util.find_library("Xrandr") or "libXrandr.so.2")
        self._xlib.XOpenDisplay.restype = ctypes.c_void_p
        self._xlib.XDefaultRootWindow.restype = ctypes.c_ulong
        self._xlib.XGetAtomName.restype = ctypes.c_void_p
        self._xrandr.XRRGetMonitors.restype = ctypes.POINTER(_MonitorInfo)
        self._display = self._xlib.XOpenDisplay(None)
        if not self._display:
            raise OSError("no X server answers")

    def monitors(self) -> tuple[Output, ...]:
        display, count = ctypes.c_void_p(self._display), ctypes.c_int()
        root = ctypes.c_ulong(self._xlib.XDefaultRootWindow(display))
        found = self._xrandr.XRRGetMonitors(display, root, 1, ctypes.byref(count))
        if not found:
            return ()
        ordered = sorted(found[: count.value], key=lambda one: not one.primary)
        outputs = tuple(Output(self._name(one.name), one.x, one.y, one.width, one.height) for one in ordered)
        self._xrandr.XRRFreeMonitors(found)
        return outputs

    def close(self) -> None:
        self._xlib.XCloseDisplay(ctypes.c_void_p(self._display))

    def _name(self, atom: int) -> str:
        text = self._xlib.XGetAtomName(ctypes.c_void_p(self._display), ctypes.c_ulong(atom))
        if not text:
            return ""
        name = ctypes.string_at(text).decode(errors="replace")
        self._xlib.XFree(ctypes.c_void_p(text))
        return name
