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


@pytest.mark.parametrize(("rotation", "red_at"), [(0, (0, 0)), (-90, (0, 1)), (180, (1, 1)), (90, (1, 0))])
def test_a_film_held_sideways_stands_upright(tmp_path: Path, rotation: int, red_at: tuple[int, int]) -> None:
    """A red quarter at the film's top left; `red_at` is (down, across) where it must be seen."""
    body = f"""
from media.picture import Picture, picture_of
pixels = np.full((180, 320, 3), 60, np.uint8)
pixels[:90, :160] = (220, 30, 30)
flat = picture_of(av.VideoFrame.from_ndarray(pixels, format="rgb24"), 0.0, 0.0)
turns = round(-({rotation}) / 90) % 4
picture = Picture(flat.frame, 0.0, 0.0, flat.matrix, flat.full_range, turns, flat.chroma_left)
wall.show_picture(picture, 180 / 320 if turns % 2 else 320 / 180)
wall.draw(slate=False, caption="")
"""
    shown = draw(tmp_path, body, width=360, height=360)
    red = shown[:, :, 2].astype(int) - shown[:, :, 1] > 100
    down, across = (values.mean() / 360 > 0.5 for values in np.nonzero(red))
    assert (int(down), int(across)) == red_at


def test_pixels_that_are_not_square_are_shown_in_their_shape_and_odd_sizes_whole(tmp_path: Path) -> None:
    body = """
from media.picture import PictureMaker, shape_of
pixels = np.full((91, 161, 3), 200, np.uint8)
pixels[:, 80:] = (200, 30, 30)
frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
wall.show_picture(PictureMaker(wall.size).picture(frame, 0.0, 0.0, aspect=2.0), shape_of(frame, 2.0))
wall.draw(slate=False, caption="")
"""
    shown = draw(tmp_path, body).astype(int)
    lit = np.argwhere(shown.max(axis=2) > 60)
    assert (lit.min(axis=0)[1], lit.max(axis=0)[1]) == (0, 639)
    height = lit.max(axis=0)[0] - lit.min(axis=0)[0] + 1
    assert height == pytest.approx(640 / (161 / 91 * 2), abs=1.5)
    middle = shown[180]
    edge = int(np.argmax(middle[:, 2] - middle[:, 1] > 100))
    assert edge == pytest.approx(640 * 80 / 161, abs=4)
    assert np.abs(middle[600] - (30, 30, 200)).max() <= 3


def test_a_film_larger_than_the_screen_keeps_its_colours(tmp_path: Path) -> None:
    body = """
from media.picture import PictureMaker
pixels = np.zeros((2160, 3840, 3), np.uint8)
pixels[:] = (40, 180, 60)
pixels[:, 1920:] = (200, 40, 40)
picture = PictureMaker(wall.size).picture(av.VideoFrame.from_ndarray(pixels, format="rgb24"), 0.0, 0.0)
assert (picture.frame.width, picture.frame.height) == wall.size
wall.show_picture(picture, 16 / 9)
wall.draw(slate=False, caption="")
"""
    shown = draw(tmp_path, body).astype(int)
    assert np.abs(shown[180, 100] - (60, 180, 40)).max() <= 2
    assert np.abs(shown[180, 500] - (40, 40, 200)).max() <= 2


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
