"""The film: which scene plays, which are armed, which picture is due, and what was on the wall when.

The player knows nothing of windows. The frame loop asks `due` for the picture of the next flip and tells `flipped` when
that flip was; the answers are the film's events.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from media.arming import DEFAULT_LIMIT, PLAYING, shares
from media.decode import Ahead, Part, SceneReader
from media.flips import FlipMemory, Shown
from media.picture import Picture, Size
from media.turns import Turns
from range.core.events import ClipEnded, CueReached, FirstFrame, Visible
from range.core.scenario import Scenario, Scene

__all__ = ["Playback", "Player", "Shown"]

HURRIED = Ahead(3)
# A picture counts as due this much (seconds) before its time: a flip that is predicted a little early shows it still,
# and films whose rate divides the screen's do not stumble.
EARLY = 0.004
# A first picture that came so much later than predicted moves its scene's time.
LATE = 0.012

FilmEvent = FirstFrame | ClipEnded | CueReached


@dataclass(slots=True)
class Playback:
    """Counts for the record: pictures shown, skipped because they came too late, cuts that waited for their scene."""

    shown: int = 0
    skipped: int = 0
    late_cuts: int = 0


class Player:
    """Plays a scenario's scenes from `folder`, on an output of `size`. Used from the frame loop's thread alone.

    `memory` is what pictures and decoders may take, in bytes; `instead` names files to play in place of clips.
    """

    def __init__(
        self,
        scenario: Scenario,
        folder: Path,
        *,
        size: Size = (1920, 1080),
        memory: int = DEFAULT_LIMIT,
        instead: Callable[[Path], Path] = lambda clip: clip,
    ) -> None:
        self.counts = Playback()
        self._scenario = scenario
        self._folder = folder
        self._size = size
        self._memory = memory
        self._instead = instead
        self._turns = Turns()
        self._armed: dict[str, SceneReader] = {}
        self._reader: SceneReader | None = None
        self._scene: Scene | None = None
        self._cut_to: str | None = None
        self._cut_was_late = False
        self._origin = 0.0
        self._held_at: float | None = None
        self._drawn: Picture | None = None
        self._first_flip_pending = False
        self._cues_before = float("-inf")
        self._covered = False
        self._flips = FlipMemory()

    @property
    def shape(self) -> float:
        """Width / height of the clip on the wall; 16:9 before the first."""
        return (self._reader.shape if self._reader is not None else None) or 16 / 9

    @property
    def scene(self) -> Scene | None:
        """The scene whose pictures are being drawn."""
        return self._scene

    @property
    def media(self) -> float | None:
        """The media time of the picture on the wall."""
        return self._drawn.media if self._drawn is not None else None

    @property
    def readers(self) -> tuple[SceneReader, ...]:
        """The scene that plays, if any, and those that are armed."""
        return (*([self._reader] if self._reader is not None else []), *self._armed.values())

    def file_of(self, name: str) -> Path:
        """The file that is played for a scene."""
        return self._instead(self._folder / self._scenario.scenes[name].clip)

    def fit(self, size: Size) -> None:
        """The output has another size from now on."""
        if size != self._size:
            self._size = size
            for reader in self.readers:
                reader.fit(size)

    def arm(self, names: tuple[str, ...]) -> None:
        """Have the first pictures of these scenes ready, the likeliest named first; forget the others."""
        for name in [name for name in self._armed if name not in names and name != self._cut_to]:
            self._armed.pop(name).close()
        for name, ahead in self._shares(names).items():
            if name in self._armed:
                self._armed[name].read_ahead(ahead)
            else:
                self._armed[name] = self._open(name, ahead, self._turns)

    def cut(self, name: str) -> None:
        """Show a scene's first picture on the next flip for which it is ready; the last one is held until then."""
        if name not in self._armed:
            self._armed[name] = self._open(name, HURRIED, None)
        self._armed[name].hurry()
        self._cut_to = name
        self._cut_was_late = False

    def hold(self, clock: float) -> None:
        """Hold the picture on the wall."""
        if self._held_at is None:
            self._held_at = clock

    def resume(self, clock: float) -> None:
        """Go on from the held picture."""
        if self._held_at is not None:
            self._origin += clock - self._held_at
            self._held_at = None

    def cover(self, covered: bool) -> None:
        """The slate lies over the film: nothing of it is visible, and it does not turn beneath."""
        self._covered = covered

    def due(self, flip: float) -> Picture | None:
        """The picture to draw for a flip at clock time `flip`; None: the one before stays."""
        if self._covered:
            return None
        if self._cut_to is not None:
            return self._cut_now(self._cut_to, flip)
        if self._reader is None or self._held_at is not None:
            return None
        picture, skipped = self._reader.take_due(flip - self._origin + EARLY)
        self.counts.skipped += skipped
        return self._draw(picture)

    def flipped(self, flip: float) -> tuple[FilmEvent, ...]:
        """Note what the flip at clock time `flip` put on the wall; the events that follow from it."""
        scene, picture = self._scene, self._drawn
        if scene is None or picture is None or self._covered:
            self._flips.note(flip, None)
            return ()
        visible = Visible(scene.name, scene.clip, picture.media)
        self._flips.note(flip, Shown(visible, self.shape))
        events: list[FilmEvent] = []
        if self._first_flip_pending:
            self._first_flip_pending = False
            self._begin(flip)
            events.append(FirstFrame(flip, visible))
        if picture.media < self._cues_before:
            self._cues_before = float("-inf")
        reached = [cue for cue in scene.cues if self._cues_before < cue.t <= picture.media]
        events.extend(CueReached(flip, cue.kind, visible) for cue in reached)
        self._cues_before = picture.media
        if self._held_at is None and self._reader is not None and self._reader.round_ended(flip - self._origin):
            events.append(ClipEnded(flip, scene.name, visible))
        return tuple(events)

    def shown_at(self, clock: float) -> Shown | None:
        """What was on the wall at a clock time; None for the slate and for times before the first flip."""
        return self._flips.at(clock)

    def clear(self) -> None:
        """Forget the scene on the wall; the next one begins afresh."""
        self._cut_to = None
        self.arm(())
        if self._reader is not None:
            self._reader.close()
        self._reader = self._scene = self._drawn = self._held_at = None

    def fault(self) -> str | None:
        """Why the scene being shown or cut to has no pictures, or lacks some, if so."""
        for reader in (self._armed.get(self._cut_to or ""), self._reader):
            if reader is not None and reader.fault is not None:
                return reader.fault
        return None

    def close(self) -> None:
        """End every decoding thread."""
        for reader in self.readers:
            reader.close()
        for reader in self.readers:
            reader.join()

    def _shares(self, names: tuple[str, ...]) -> Mapping[str, Ahead]:
        return shares(names, fit=self._size, limit=self._memory)

    def _open(self, name: str, ahead: Ahead, turns: Turns | None) -> SceneReader:
        scene, path = self._scenario.scenes[name], self.file_of(name)
        part = Part(scene.start, scene.end, loop=scene.at_end == "loop")
        return SceneReader(path, part, ahead, fit=self._size, turns=turns)

    def _cut_now(self, name: str, flip: float) -> Picture | None:
        reader = self._armed[name]
        picture, _ = reader.take_due(0.0)
        if picture is None:
            if not self._cut_was_late:
                self._cut_was_late = True
                self.counts.late_cuts += 1
            return None
        del self._armed[name]
        if self._reader is not None:
            self._reader.close()
        reader.read_ahead(PLAYING)
        self._reader, self._scene, self._cut_to = reader, self._scenario.scenes[name], None
        self._origin = flip
        if self._held_at is not None:
            self._held_at = flip
        self._first_flip_pending = True
        return self._draw(picture)

    def _begin(self, flip: float) -> None:
        """A scene's time runs from the flip that its first picture was drawn for, or from the later one that showed it.

        The flip itself is told with the delays of drawing in it; pictures are asked for by prediction.
        """
        self._cues_before = float("-inf")
        if flip - self._origin > LATE:
            self._origin = flip
            if self._held_at is not None:
                self._held_at = flip

    def _draw(self, picture: Picture | None) -> Picture | None:
        if picture is not None:
            self._drawn = picture
            self.counts.shown += 1
        return picture
