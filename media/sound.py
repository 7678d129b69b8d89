"""The film's sound, through libVLC, on a thread of its own: libVLC's calls may wait, the frame loop may not.

Each scene gets a fresh player, opened at its start time and paused; a cut lets it go and ends the one before.
"""

import contextlib
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

MOST_PRIMED = 8
# A player let go from its pause begins too far in, constantly so: measured against the picture through a null sink
# (`rangectl bench playback`). Letting it go so many seconds later puts its sound back on the picture.
EARLY_AT_THE_START, EARLY_LATER = 0.020, 0.005
NEAR_THE_START = 0.03
STEP, FADE_STEPS = 0.004, 10


@dataclass(frozen=True, slots=True)
class Source:
    """Where a scene's sound is: the clip, its start in media seconds, and whether it goes round."""

    path: Path
    start: float
    end: float | None
    loop: bool


class Sound:
    """Sound for scenes by name. Without libVLC `fault` says so and every call does nothing.

    `options` are libVLC's own, in place of those that choose where the sound goes.
    """

    def __init__(
        self,
        *,
        on: bool,
        volume: int,
        device: str,
        on_trouble: Callable[[str], None],
        options: tuple[str, ...] = (),
    ) -> None:
        self.fault: str | None = None if on else "the sound is switched off in config.toml"
        self._volume = volume
        self._device = device
        self._orders: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._instance: Any = self._open(options) if on else None
        if self.fault is not None:
            on_trouble(self.fault)
        self._primed: dict[str, Any] = {}
        self._playing: Any = None
        self._next_round: Any = None
        self._source: Source | None = None
        self._thread = Thread(target=self._run, name="sound", daemon=True)
        self._thread.start()

    def arm(self, sources: dict[str, Source]) -> None:
        """Have these scenes' sound ready, at most eight; forget the others."""
        wanted = dict(list(sources.items())[:MOST_PRIMED])
        self._order(lambda: self._arm(wanted))

    def cut(self, scene: str, source: Source) -> None:
        """Let a scene's sound go, now."""
        self._order(lambda: self._cut(scene, source))

    def round_again(self) -> None:
        """The scene's pictures begin their next round: so does its sound."""
        self._order(self._again)

    def hold(self) -> None:
        """Be silent and keep the place."""
        self._order(self._hold)

    def resume(self) -> None:
        """Go on from the kept place."""
        self._order(self._go_on)

    def silence(self) -> None:
        """End whatever plays."""
        self._order(self._end_playing)

    def close(self) -> None:
        """End the sound and the thread."""
        self._orders.put(None)
        self._thread.join(2.0)

    def _order(self, order: Callable[[], Any]) -> None:
        if self._instance is not None:
            self._orders.put(order)

    def _open(self, chosen: tuple[str, ...]) -> Any:
        options = ["--no-video", "--quiet", "--no-osd", "--no-spu", *chosen]
        if not chosen and not has_sound_device():
            self.fault = "the sound is off: this machine has no sound device"
            options.append("--aout=adummy")
        # Without its library python-vlc fails in one of these ways, at its import or at its first use.
        with contextlib.suppress(ImportError, OSError, NotImplementedError, NameError, AttributeError, SystemExit):
            import vlc

            instance = vlc.Instance(*options)
            if instance is not None:
                self._find_device(instance)
                return instance
        self.fault = "the sound is off: install libVLC (on Debian: apt-get install libvlc5 vlc-plugin-base)"
        return None

    def _find_device(self, instance: Any) -> None:
        """Play on the system's own choice where the chosen device is not there, and say so."""
        if not self._device or self.fault is not None:
            return
        known = _devices(instance)
        if self._device not in known:
            there = ", ".join(known) or "none"
            self.fault = f"there is no sound device {self._device}, only {there}: the system's own choice is played on"
            self._device = ""

    def _run(self) -> None:
        while (order := self._orders.get()) is not None:
            order()
        self._end_playing()
        for player in self._primed.values():
            _end(player)
        if self._instance is not None:
            self._instance.release()

    def _prime(self, source: Source) -> Any:
        media = self._instance.media_new_path(str(source.path))
        media.add_option(":start-paused")
        if source.start > 0:
            media.add_option(f":start-time={source.start:.3f}")
        if source.end is not None:
            media.add_option(f":stop-time={source.end:.3f}")
        player = self._instance.media_player_new()
        player.set_media(media)
        media.release()
        player.audio_set_volume(self._volume)
        if self._device:
            player.audio_output_device_set(None, self._device)
        player.play()
        return player

    def _arm(self, sources: dict[str, Source]) -> None:
        for scene in [scene for scene in self._primed if scene not in sources]:
            _end(self._primed.pop(scene))
        for scene, source in sources.items():
            if scene not in self._primed:
                self._primed[scene] = self._prime(source)

    def _cut(self, scene: str, source: Source) -> None:
        self._replace(self._primed.pop(scene, None) or self._prime(source), source)

    def _again(self) -> None:
        if self._next_round is not None and self._source is not None:
            following, self._next_round = self._next_round, None
            self._replace(following, self._source)

    def _replace(self, player: Any, source: Source) -> None:
        before, self._playing, self._source = self._playing, player, source
        early = EARLY_AT_THE_START if source.start < NEAR_THE_START else EARLY_LATER
        for step in range(FADE_STEPS):
            if step == round(early / STEP):
                player.set_pause(0)
            self._lower(before, step)
        _end(before)
        _end(self._next_round)
        self._next_round = self._prime(source) if source.loop else None

    def _lower(self, player: Any, step: int) -> None:
        """One step of a fade, and its time."""
        if player is not None:
            # libVLC's volume is the cube root of loudness; equal steps of loudness are the least audible.
            player.audio_set_volume(round(self._volume * (1 - (step + 1) / FADE_STEPS) ** (1 / 3)))
        time.sleep(STEP)

    def _fade_out(self) -> None:
        if self._playing is not None:
            for step in range(FADE_STEPS):
                self._lower(self._playing, step)

    def _hold(self) -> None:
        if self._playing is not None:
            self._fade_out()
            self._playing.set_pause(1)

    def _go_on(self) -> None:
        if self._playing is not None:
            self._playing.audio_set_volume(self._volume)
            self._playing.set_pause(0)

    def _end_playing(self) -> None:
        self._fade_out()
        _end(self._playing)
        _end(self._next_round)
        self._playing = self._next_round = self._source = None


def _end(player: Any) -> None:
    if player is not None:
        player.stop()
        player.release()


def _devices(instance: Any) -> list[str]:
    """The devices that libVLC knows, as `sound.device` names them."""
    player = instance.media_player_new()
    first = entry = player.audio_output_device_enum()
    names = []
    while entry:
        if entry.contents.device:
            names.append(entry.contents.device.decode())
        entry = entry.contents.next
    if first:
        import vlc

        vlc.libvlc_audio_output_device_list_release(first)
    player.release()
    return names


def has_sound_device() -> bool:
    """Whether anything is there to play sound on: an ALSA card, or a sound server's socket."""
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR", "/nonexistent"))
    return (
        bool(os.environ.get("PULSE_SERVER"))
        or any(Path("/dev/snd").glob("pcm*p"))
        or (runtime / "pulse/native").exists()
        or (runtime / "pipewire-0").exists()
    )
