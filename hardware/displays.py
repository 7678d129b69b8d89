"""The display server of this machine, and what draws, asked in a process of its own."""

from collections.abc import Mapping
from dataclasses import dataclass

from hardware.question import ask

SECONDS = 10.0

_RENDERER = """
import json
import pyglet
pyglet.options.headless = HEADLESS
pyglet.options.shadow_window = False
window = pyglet.window.Window(64, 64, visible=False)
from pyglet import gl
import ctypes
def text(which):
    return ctypes.cast(gl.glGetString(which), ctypes.c_char_p).value.decode(errors="replace")
print(json.dumps({"renderer": text(gl.GL_RENDERER), "version": text(gl.GL_VERSION)}))
"""

_SOFTWARE = ("llvmpipe", "softpipe", "swrast", "software rasterizer")


@dataclass(frozen=True, slots=True)
class Renderer:
    """What OpenGL draws with; `software` where that is the processor."""

    name: str
    version: str

    @property
    def software(self) -> bool:
        """Whether no graphics card draws."""
        return any(word in self.name.lower() for word in _SOFTWARE)


def display_server(environment: Mapping[str, str]) -> str:
    """The display server that the environment names, such as `X11 :0`; empty where there is none."""
    if display := environment.get("DISPLAY"):
        wayland = ", under Wayland" if environment.get("WAYLAND_DISPLAY") else ""
        return f"X11 {display}{wayland}"
    return ""


def find_renderer(*, offscreen: bool, seconds: float = SECONDS) -> tuple[Renderer | None, str]:
    """What draws in a window, or off screen (EGL); None, and why, where nothing does."""
    answer = ask(_RENDERER.replace("HEADLESS", str(offscreen)), seconds=seconds)
    if answer.value is None:
        return None, answer.trouble
    return Renderer(answer.value["renderer"], answer.value["version"]), ""
