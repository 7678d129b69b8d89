"""Whether a scenario's clips are what they should be: films that decode from end to end, and cut cleanly."""

from dataclasses import dataclass
from pathlib import Path

import av
import av.error
from av.container import InputContainer
from av.video.stream import VideoStream

from media.container import UNREADABLE, TooLargeError, open_clip, pictures_of, start_of
from range.core.faults import nearest

# A film whose pictures end so much (seconds) before its own statement of its length has lost its end. Streams round.
LOST_END = 0.5

_MEND = "Export it again, or run rangectl check with --fix, which encodes anew what can be read of it"
# So many pictures may lie between a key frame and a scene's start: to decode them takes a quarter of a second.
MOST_BEHIND_KEY = 45
MOST_PIXELS_A_SECOND = 3840 * 2160 * 31


@dataclass(frozen=True, slots=True)
class Film:
    """What decoding a film from end to end showed.

    `seconds` is the media time at which its last frame ends; `keys` those of its key frames, from which alone decoding
    can begin.
    """

    seconds: float
    frames: int
    width: int
    height: int
    sound: bool
    codec: str = ""
    keys: tuple[float, ...] = (0.0,)


class UnusableFile(Exception):  # noqa: N818 - said of the file
    """A file of a scenario that cannot be used: what is wrong, the remedy, and whether encoding it anew is one."""

    def __init__(self, message: str, remedy: str, *, mendable: bool = False) -> None:
        super().__init__(f"{message}. {remedy}")
        self.message = message
        self.remedy = remedy
        self.mendable = mendable


class MissingFile(UnusableFile):
    """A file that is not there."""


def locate(folder: Path, name: str) -> Path:
    """The file that a scenario in `folder` means by `name`. Raises UnusableFile: missing, empty, outside."""
    try:
        return _located(folder, name)
    except (OSError, ValueError):
        raise UnusableFile("No file can have this name", "Name a file in the scenario's folder") from None


def _located(folder: Path, name: str) -> Path:
    path = folder / name
    if Path(name).is_absolute() or not path.resolve().is_relative_to(folder.resolve()):
        message = f"{name} lies outside the scenario's folder"
        raise UnusableFile(message, "Copy it into the folder and name it relative to it")
    if path.is_dir():
        raise UnusableFile(f"{name} is a folder", "Name a file in it")
    if not path.is_file():
        there = [str(file.relative_to(folder)) for file in folder.glob(f"*{path.suffix}")]
        meant = nearest(name, there)
        remedy = f'Did you mean "{meant}"?' if meant else "Copy it into the scenario's folder, or name another file"
        raise MissingFile(f"There is no {name}", remedy)
    if path.stat().st_size == 0:
        raise UnusableFile(f"{name} is empty", "Export or copy it again")
    return path


def probe_film(path: Path) -> Film:
    """Decode a whole film. Raises UnusableFile where it is no film, or damaged, or has lost its end."""
    try:
        with open_clip(path) as container:
            if not container.streams.video:
                kind = "sound alone" if container.streams.audio else "no pictures"
                raise UnusableFile(f"{path.name} is no film: it holds {kind}", "Name a film, such as an MP4 file")
            return _decode(path.name, container, pictures_of(container))
    except TooLargeError as problem:
        raise UnusableFile(f"{path.name} cannot be shown: {problem}", "Export it at 1920 x 1080") from None
    except UNREADABLE as problem:
        raise _unopened(path, problem) from None


def seconds_declared(path: Path) -> float | None:
    """How long a clip is by its own account, where it gives one."""
    try:
        with open_clip(path) as container:
            return container.duration / av.time_base if container.duration is not None else None
    except UNREADABLE:
        return None


def unclean_cut(name: str, film: Film, start: float) -> UnusableFile | None:
    """Why a scene that begins at media time `start` of a film may not be ready in time; None where it will be."""
    rate = film.frames / film.seconds if film.seconds > 0 else 0.0
    if film.width * film.height * rate > MOST_PIXELS_A_SECOND:
        message = f"{name} has {film.width} x {film.height} pixels, {rate:.0f} times a second: more than can be decoded"
        return UnusableFile(message, "Export it smaller, or run rangectl check with --fix", mendable=True)
    key = max((key for key in film.keys if key <= start + 0.5 / max(rate, 1.0)), default=0.0)
    if (start - key) * rate > MOST_BEHIND_KEY:
        message = (
            f"The scene begins at {start:.3g} s of {name}, and the key frame before it lies at {key:.3g} s: "
            "it will not be ready at once"
        )
        remedy = "Export it with a key frame every second, or run rangectl check with --fix"
        return UnusableFile(message, remedy, mendable=True)
    return None


def _decode(name: str, container: InputContainer, stream: VideoStream) -> Film:
    stream.thread_type = "AUTO"
    # Without this a decoder conceals what it could not read, and a damaged film passes for a sound one.
    stream.codec_context.options = {"err_detect": "explode"}
    declared = _declared_seconds(container, stream)
    zero = start_of(container)
    damaged_at: list[float] = []
    keys: list[float] = []
    frames = untimed = width = height = 0
    end = 0.0
    for packet in container.demux([stream, *container.streams.audio[:1]]):
        at = float(packet.pts * packet.time_base) if packet.pts is not None and packet.time_base else end + zero
        at -= zero
        if packet.is_corrupt:
            damaged_at.append(at)
        try:
            decoded = packet.decode()
        except av.error.FFmpegError:
            damaged_at.append(at)
            continue
        for frame in decoded:
            if isinstance(frame, av.VideoFrame | av.AudioFrame) and frame.is_corrupt:
                damaged_at.append(at)
            if isinstance(frame, av.VideoFrame):
                frames += 1
                width, height = frame.width, frame.height
                untimed += frame.pts is None
                shown = (frame.time or 0.0) - zero
                end = max(end, shown + _frame_seconds(frame, stream))
                if frame.key_frame:
                    keys.append(shown)
    if frames == 0:
        raise UnusableFile(f"{name} is damaged: none of its pictures can be decoded", _MEND)
    # Before damage: what is lost at the end often leaves a last broken picture too.
    length = None if declared is None else declared - zero
    if length is not None and end < length - LOST_END:
        message = f"{name} has lost its end: it should last {length:.3g} s, and its pictures end at {end:.3g} s"
        raise UnusableFile(message, "Copy or export it again")
    if damaged_at:
        raise UnusableFile(f"{name} is damaged, first at {min(damaged_at):.3g} s", _MEND, mendable=True)
    if untimed:
        raise UnusableFile(f"The pictures of {name} carry no times", _MEND)
    if frames == 1:
        raise UnusableFile(f"{name} is a single picture and no film", "Name a film, such as an MP4 file")
    sound = bool(container.streams.audio)
    return Film(end, frames, width, height, sound=sound, codec=stream.codec_context.name, keys=tuple(keys))


def _declared_seconds(container: InputContainer, stream: VideoStream) -> float | None:
    """The time at which a film's pictures end by its own account, where it gives one."""
    if stream.duration is not None and stream.time_base is not None:
        return float((stream.duration + (stream.start_time or 0)) * stream.time_base)
    only_pictures = len(container.streams) == 1
    if container.duration is None or not only_pictures:
        return None
    return container.duration / av.time_base + start_of(container)


def _frame_seconds(frame: av.VideoFrame, stream: VideoStream) -> float:
    if frame.duration and frame.time_base:
        return float(frame.duration * frame.time_base)
    return float(1 / stream.average_rate) if stream.average_rate else 0.0


def _unopened(path: Path, problem: Exception) -> UnusableFile:
    with path.open("rb") as file:
        head = file.read(12)
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"free"):
        message = f"{path.name} is damaged or cut short: it lacks the index that an MP4 file has"
        return UnusableFile(message, "Copy or export it again")
    known = None if isinstance(problem, av.error.InvalidDataError) else getattr(problem, "strerror", None)
    reason = f" ({known})" if known else ""
    return UnusableFile(f"{path.name} is no film that can be read{reason}", "Name a film, such as an MP4 file")
