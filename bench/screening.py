"""A film on a real window, each refresh written down with the code read back from the framebuffer."""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from ctypes import POINTER, c_ubyte
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.coded_films import STRIP, Code, code_in
from hardware.displays import display_server, find_renderer
from media.player import Player
from media.window import Mode, Window
from range.core.events import FirstFrame
from range.core.scenario import Scenario, Scene

WITHOUT_A_CARD, WITH_A_CARD = (1280, 720), (1920, 1080)


@dataclass(frozen=True, slots=True)
class Refresh:
    """One flip: its clock time, what the framebuffer said, what the player says was shown, whether a scene began."""

    flip: float
    code: Code | None
    scene: str | None
    stamp: float | None
    began: bool


class Screening:
    """Plays scenes as a session does: events, due, draw, flip."""

    def __init__(self, window: Window, player: Player, clock: Callable[[], float] = time.monotonic) -> None:
        from media.wall import Wall

        self.player = player
        self.window = window
        self.refreshes: list[Refresh] = []
        self.on_first: Callable[[str], None] = lambda _scene: None
        self.clock = clock
        self._wall = Wall(window.size)
        self._code: Code | None = None
        self.turning = False  # a scene has been cut to and is not shown yet

    def run(self, seconds: float, presses: Iterable[tuple[float, str]] = ()) -> None:
        """Play so long; each press is a clock time, and the scene it cuts to at the first round after it.

        It ends only once every press has been answered.
        """
        waiting = iter(presses)
        press = next(waiting, None)
        until = self.clock() + seconds
        while self.clock() < until or press is not None or self.turning:
            self.window.events()
            while press is not None and press[0] <= self.clock():
                self.player.cut(press[1])
                self.turning = True
                press = next(waiting, None)
            self._refresh()
            self.turning = self.turning and not self.refreshes[-1].began

    def start(self, scene: str) -> None:
        """Show a scene's first picture."""
        self.player.cut(scene)
        for reader in self.player.readers:
            reader.wait_until_ahead(20.0)
        self._refresh()

    def _refresh(self) -> None:
        picture = self.player.due(self.window.next_flip())
        if picture is not None:
            self._wall.show_picture(picture, self.player.shape)
        if picture is not None or self.window.waits_for_screen:
            self._wall.draw(slate=False, caption="")
            self._code = self._read_back()
            flip = self.window.flip()
        else:
            flip = self.window.wait()
        events = self.player.flipped(flip)
        shown = self.player.shown_at(flip)
        scene, stamp = (shown.visible.scene, shown.visible.media) if shown is not None else (None, None)
        began = any(isinstance(event, FirstFrame) for event in events)
        if began and scene is not None:
            self.on_first(scene)
        self.refreshes.append(Refresh(flip, self._code, scene, stamp, began))

    def _read_back(self) -> Code | None:
        from pyglet import gl

        place = self._wall.placement
        row = np.empty((round(place.width), 3), np.uint8)
        down = self._wall.size[1] - 1 - round(place.top + place.height * STRIP / 2)
        pixels = row.ctypes.data_as(POINTER(c_ubyte))
        gl.glPixelStorei(gl.GL_PACK_ALIGNMENT, 1)
        gl.glReadPixels(round(place.left), down, len(row), 1, gl.GL_BGR, gl.GL_UNSIGNED_BYTE, pixels)
        return code_in(row)


def has_graphics_card() -> bool:
    """Whether a card draws, and not the processor."""
    renderer, _ = find_renderer(offscreen=not display_server(os.environ))
    return renderer is not None and not renderer.software


@contextmanager
def screening(folder: Path, scenes: Iterable[Scene]) -> Iterator[Screening]:
    """A screening of scenes with clips in `folder`, in a window that suits this machine."""
    card = has_graphics_card()
    mode: Mode = "windowed" if card and display_server(os.environ) else "offscreen"
    window = Window(mode=mode, size=WITH_A_CARD if card else WITHOUT_A_CARD)
    named = {scene.name: scene for scene in scenes}
    player = Player(Scenario("Bench", next(iter(named)), named), folder, size=window.size)
    try:
        yield Screening(window, player)
    finally:
        player.close()
        window.close()
