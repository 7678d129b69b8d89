"""What the projector shows: colours, letterbox, captions, slate. Drawn for real, off screen, and read back."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

# pyglet chooses its display once in a process, so each wall is drawn in one of its own.
DRAW = """
import sys
import av, numpy as np
from media.window import Window
window = Window(mode="offscreen", size=({width}, {height}))
from media.picture import picture_of
from media.wall import Wall
wall = Wall(window.size)
{body}
np.save(sys.argv[1], wall.picture())
window.close()
"""

COLOURS = [(235, 235, 235), (16, 16, 16), (200, 40, 40), (40, 180, 60), (50, 60, 200), (128, 128, 128)]


def draw(tmp_path: Path, body: str, *, width: int = 640, height: int = 360) -> np.ndarray:
    """The wall after `body`, (height, width, 3) BGR."""
    out = tmp_path / "wall.npy"
    program = DRAW.format(width=width, height=height, body=body)
    subprocess.run([sys.executable, "-P", "-c", program, str(out)], check=True, timeout=60, capture_output=True)
    shown: np.ndarray = np.load(out)
    return shown


@pytest.mark.parametrize(("space", "matrix"), [("ITU709", "bt709"), ("ITU601", "bt601")])
@pytest.mark.parametrize("full", [False, True])
def test_a_films_colours_are_right_within_two_of_255(tmp_path: Path, space: str, matrix: str, full: bool) -> None:
    stripes = "np.repeat(np.array(%r, np.uint8)[None], 360, 0).repeat(96, 1)" % (COLOURS,)  # noqa: UP031
    body = f"""
from av.video.reformatter import ColorRange, Colorspace, VideoReformatter
rgb = av.VideoFrame.from_ndarray(np.ascontiguousarray({stripes}), format="rgb24")
full = {full}
frame = VideoReformatter().reformat(rgb, format="yuv420p", dst_colorspace=Colorspace.{space},
    src_color_range=ColorRange.JPEG, dst_color_range=ColorRange.JPEG if full else ColorRange.MPEG)
frame.colorspace = {1 if matrix == "bt709" else 5}
frame.color_range = 2 if full else 1
wall.show_picture(picture_of(frame, 0.0, 0.0), 576 / 360)
wall.draw(slate=False, caption="")
"""
    shown = draw(tmp_path, body, width=576)
    middles = shown[180, 48::96].astype(int)[:, ::-1]
    assert np.abs(middles - np.array(COLOURS)).max() <= 2


def test_a_film_of_another_shape_stands_between_black_bars(tmp_path: Path) -> None:
    body = """
rgb = av.VideoFrame.from_ndarray(np.full((240, 320, 3), 128, np.uint8), format="rgb24")
wall.show_picture(picture_of(rgb, 0.0, 0.0), 4 / 3)
wall.draw(slate=False, caption="")
"""
    shown = draw(tmp_path, body)
    lit = np.flatnonzero(shown[180, :, 1] > 60)
    assert (lit.min(), lit.max()) == (80, 559)


def test_the_slate_covers_the_film(tmp_path: Path) -> None:
    body = """
rgb = av.VideoFrame.from_ndarray(np.full((180, 320, 3), 255, np.uint8), format="rgb24")
wall.show_picture(picture_of(rgb, 0.0, 0.0), 16 / 9)
wall.draw(slate=True, caption="not to be seen")
"""
    shown = draw(tmp_path, body)
    assert shown.max() < 200
    assert 20 < shown.mean() < 110


def test_a_caption_stands_in_the_lower_part_and_leaves_the_rest_alone(tmp_path: Path) -> None:
    film = """
rgb = av.VideoFrame.from_ndarray(np.full((180, 320, 3), 120, np.uint8), format="rgb24")
wall.show_picture(picture_of(rgb, 0.0, 0.0), 16 / 9)
"""
    plain = draw(tmp_path, film + 'wall.draw(slate=False, caption="")')
    spoken = draw(tmp_path, film + 'wall.draw(slate=False, caption="I hear you.")')
    rows = np.flatnonzero((plain != spoken).any(axis=(1, 2)))
    assert rows.min() > 0.75 * 360
    assert rows.max() < 0.96 * 360
    assert spoken.max() > 220


def test_the_camera_twins_view_shows_what_is_on_the_wall_without_the_instruments(tmp_path: Path) -> None:
    body = """
from media.paint import Instruments
rgb = av.VideoFrame.from_ndarray(np.full((180, 320, 3), 120, np.uint8), format="rgb24")
wall.show_picture(picture_of(rgb, 0.0, 0.0), 16 / 9)
wall.draw(slate=False, caption="")
small = wall.small_view(160, 90)
wall.draw_instruments(Instruments("HITS COUNTED", True, (), ""), [(0.5, 0.5)])
assert small.shape == (90, 160, 3)
assert np.ptp(small) <= 2
"""
    shown = draw(tmp_path, body)
    assert np.ptp(shown) > 100
