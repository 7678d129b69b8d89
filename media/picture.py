"""One picture of a film as it goes to the graphics card: two planes, what their numbers mean, which way is up."""

from dataclasses import dataclass
from typing import Literal

from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from av.video.stream import VideoStream

from range.core.geometry import Placement

# Luma alone and both chromas side by side: two look-ups a pixel when drawn instead of three.
PLANES = "nv12"
BYTES_A_PIXEL = 1.5

Matrix = Literal["bt601", "bt709", "bt2020"]
Size = tuple[int, int]

# The code points of ITU-T H.273: what `VideoFrame.colorspace` holds.
_MATRICES: dict[int, Matrix] = {1: "bt709", 4: "bt601", 5: "bt601", 6: "bt601", 9: "bt2020", 10: "bt2020"}
_CHROMA_IN_THE_MIDDLE = ("yuvj", "rgb", "bgr", "gbr", "argb", "abgr", "gray", "pal")


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded frame as luma and chroma planes.

    `media` is its time in the clip, `line` that since the scene began, rounds of a loop added. `turns` quarter turns
    clockwise bring it upright. `chroma_left`: chroma samples lie at the left of their pair of pixels, not between.
    """

    frame: VideoFrame
    media: float
    line: float
    matrix: Matrix
    full_range: bool
    turns: int = 0
    chroma_left: bool = True


class PictureMaker:
    """Brings decoded frames of any format into planes no larger than the output needs; for one thread."""

    def __init__(self, fit: Size | None = None) -> None:
        self.fit = fit
        self._reformatter = VideoReformatter()

    def picture(self, frame: VideoFrame, media: float, line: float, *, aspect: float = 1.0) -> Picture:
        """A frame as a picture; range and matrix stay as they are, `aspect` is the width / height of its pixels."""
        name = frame.format.name
        is_rgb = frame.format.is_rgb or name.startswith("pal")
        matrix: Matrix = "bt709" if is_rgb else matrix_of(frame)
        full = not is_rgb and (int(frame.color_range) == ColorRange.JPEG or name.startswith("yuvj"))
        scale = ColorRange.JPEG if full else ColorRange.MPEG
        turns = turns_of(frame)
        width, height = needed_size(frame, shape_of(frame, aspect), turns, self.fit)
        planes = self._reformatter.reformat(
            frame,
            width=width,
            height=height,
            format=PLANES,
            src_color_range=ColorRange.JPEG if is_rgb else scale,
            dst_color_range=scale,
            dst_colorspace=Colorspace.ITU709 if is_rgb else None,
            interpolation=Interpolation.BILINEAR,
            threads=1,
        )
        in_the_middle = name.startswith(_CHROMA_IN_THE_MIDDLE)
        return Picture(planes, media, line, matrix, full, turns, chroma_left=not in_the_middle)


def picture_of(frame: VideoFrame, media: float, line: float) -> Picture:
    """A single frame, in its own size."""
    return PictureMaker().picture(frame, media, line)


def matrix_of(frame: VideoFrame) -> Matrix:
    """The luma weights a frame was made with; where it does not say, those of its size (high definition: BT.709)."""
    return _MATRICES.get(int(frame.colorspace), "bt709" if frame.height >= 720 or frame.width >= 1280 else "bt601")


def turns_of(frame: VideoFrame) -> int:
    """Quarter turns clockwise that bring a frame upright, from its display matrix."""
    return round(-frame.rotation / 90) % 4


def pixel_aspect(stream: VideoStream) -> float:
    """Width / height of a stream's pixels."""
    aspect = stream.sample_aspect_ratio
    return float(aspect) if aspect else 1.0


def shape_of(frame: VideoFrame, aspect: float) -> float:
    """Width / height as a frame is to be seen: non-square pixels and rotation counted in."""
    lying = frame.width / frame.height * aspect
    return 1 / lying if turns_of(frame) % 2 else lying


def needed_size(frame: VideoFrame, shape: float, turns: int, fit: Size | None) -> Size:
    """The size, as decoded, at which a frame fills its place on an output of size `fit`; never more than its own."""
    if fit is None:
        return frame.width, frame.height
    place = Placement.letterbox(fit, shape)
    wide, high = round(place.width), round(place.height)
    if turns % 2:
        wide, high = high, wide
    return max(2, min(frame.width, wide)), max(2, min(frame.height, high))
