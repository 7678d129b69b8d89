"""A clip encoded anew, so that any scene of it is ready at once: key frames where scenes begin and twice a second.

Times, colours, shape and the way up stay as they are; the original is not touched.
"""

import hashlib
from collections.abc import Callable, Iterable
from fractions import Fraction
from pathlib import Path

import av
import av.error
from av import AudioFrame, VideoFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.filter import Graph
from av.filter.context import FilterContext
from av.video.frame import PictureType
from av.video.stream import VideoStream

from media.clip_probe import MOST_PIXELS_A_SECOND
from media.container import open_clip, pictures_of, start_of
from media.picture import turns_of

MOST_BETWEEN_KEYS = 0.5
LARGEST = (1920, 1080)
INDEX_FIRST = {"movflags": "+faststart"}
TICKS = Fraction(1, 90000)
SOUND_RATE = 48000


class Reencoded:
    """Where clips encoded anew are kept, and which of them stands for a clip."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def place_of(self, clip: Path) -> Path:
        """Where a clip's new version belongs; a clip that has changed since belongs elsewhere. Raises OSError."""
        stat = clip.stat()
        said = f"{clip.resolve()}\n{stat.st_size}\n{stat.st_mtime_ns}"
        return self.folder / f"{clip.stem[:40]}-{hashlib.sha256(said.encode()).hexdigest()[:16]}.mp4"

    def instead(self, clip: Path) -> Path:
        """What to play for a clip: its new version where there is one, else itself."""
        try:
            place = self.place_of(clip)
            return place if place.exists() else clip
        except OSError:
            return clip


def reencode(clip: Path, out: Path, starts: Iterable[float], progress: Callable[[float], None]) -> None:
    """Encode a clip's pictures and sound into `out`, which appears when it is whole.

    `starts` are the media times at which scenes begin; `progress` is told the media time reached. What is damaged is
    passed over. Raises OSError, ValueError, or an error of FFmpeg where nothing can be read or written.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_suffix(".part")
    try:
        with open_clip(clip) as source, av.open(str(part), "w", format="mp4", options=INDEX_FIRST) as made:
            _Encoder(source, made, sorted(starts), progress).run()
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


class _Encoder:
    def __init__(
        self, source: InputContainer, made: OutputContainer, starts: list[float], progress: Callable[[float], None]
    ) -> None:
        self._source = source
        self._made = made
        self._starts = starts
        self._progress = progress
        self._zero = start_of(source)
        self._pictures = pictures_of(source)
        self._sounds = source.streams.audio[0] if source.streams.audio else None
        self._video: VideoStream | None = None
        self._upright: tuple[Graph, FilterContext, FilterContext] | None = None
        self._resampler = AudioResampler(format="fltp", layout="stereo", rate=SOUND_RATE)
        # A muxer wants every stream before its first packet.
        self._audio: AudioStream | None = None
        if self._sounds is not None:
            self._audio = made.add_stream("aac", rate=SOUND_RATE, layout="stereo")
            self._audio.bit_rate = 192_000
        self._last_key: float | None = None
        self._last_ticks = -1

    def run(self) -> None:
        """Everything, from the first packet to the last."""
        streams = [self._pictures, *([self._sounds] if self._sounds is not None else [])]
        self._pictures.thread_type = "AUTO"
        waiting: list[AudioFrame] = []
        for packet in self._source.demux(streams):
            try:
                frames = packet.decode()
            except av.error.InvalidDataError:
                continue
            for frame in frames:
                if isinstance(frame, VideoFrame):
                    self._picture(frame)
                elif isinstance(frame, AudioFrame):
                    waiting.append(frame)
            if self._video is not None:
                for sound in waiting:
                    self._sound(sound)
                waiting.clear()
        if self._video is None:
            raise ValueError("none of its pictures can be decoded")
        self._made.mux(self._video.encode(None))
        if self._audio is not None:
            self._made.mux(self._audio.encode(None))

    def _picture(self, frame: VideoFrame) -> None:
        if frame.pts is None or frame.time_base is None:
            return
        media = float(frame.pts * frame.time_base) - self._zero
        frame = self._turned(frame)
        stream = self._video or self._open(frame)
        ticks = round(media / TICKS)
        if ticks <= self._last_ticks:
            return
        self._last_ticks = ticks
        ready = frame.reformat(width=stream.width, height=stream.height, format="yuv420p")
        ready.pts, ready.time_base = ticks, TICKS
        ready.pict_type = PictureType.I if self._wants_key(media) else PictureType.NONE
        self._made.mux(stream.encode(ready))
        self._progress(media)

    def _wants_key(self, media: float) -> bool:
        due = self._last_key is None or media - self._last_key >= MOST_BETWEEN_KEYS
        while self._starts and self._starts[0] <= media + 0.001:
            self._starts.pop(0)
            due = True
        if due:
            self._last_key = media
        return due

    def _turned(self, frame: VideoFrame) -> VideoFrame:
        turns = turns_of(frame)
        if not turns:
            return frame
        if self._upright is None:
            graph = Graph()
            into = graph.add_buffer(template=self._pictures, time_base=frame.time_base)
            last = into
            for turn in {1: ["clock"], 2: ["clock", "clock"], 3: ["cclock"]}[turns]:
                following = graph.add("transpose", turn)
                last.link_to(following)
                last = following
            end = graph.add("buffersink")
            last.link_to(end)
            graph.configure()
            self._upright = graph, into, end
        _, into, end = self._upright
        into.push(frame)
        turned = end.pull()
        assert isinstance(turned, VideoFrame)
        return turned

    def _open(self, frame: VideoFrame) -> VideoStream:
        rate = self._pictures.average_rate or Fraction(30)
        width, height = frame.width, frame.height
        if width * height * rate > MOST_PIXELS_A_SECOND:
            scale = min(1.0, LARGEST[0] / width, LARGEST[1] / height)
            width, height = round(width * scale), round(height * scale)
        options = {"crf": "17", "preset": "veryfast", "x264-params": "scenecut=0:open-gop=0:keyint=600"}
        stream = self._made.add_stream("libx264", rate=rate, options=options)
        # H.264 of this kind has even sizes; a line more is invisible.
        stream.width, stream.height, stream.pix_fmt = width + width % 2, height + height % 2, "yuv420p"
        context = stream.codec_context
        context.time_base = TICKS
        context.colorspace, context.color_range = frame.colorspace, frame.color_range
        context.color_primaries, context.color_trc = frame.color_primaries, frame.color_trc
        aspect = self._pictures.sample_aspect_ratio
        if aspect:
            context.sample_aspect_ratio = 1 / aspect if turns_of(frame) % 2 else aspect
        self._video = stream
        return stream

    def _sound(self, frame: AudioFrame) -> None:
        if self._audio is None or frame.pts is None or frame.time_base is None:
            return
        frame.pts -= round(self._zero / frame.time_base)
        for ready in self._resampler.resample(frame):
            self._made.mux(self._audio.encode(ready))
