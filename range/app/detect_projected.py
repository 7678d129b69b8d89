"""A recording's search that knows which film was on the wall."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from calibration.file import read_calibration
from calibration.mapping import Calibration
from calibration.solved import SolvedCalibration
from hardware.camera.recording import Recording, RecordingError
from hardware.laser.box import Box
from hardware.laser.film import Film
from hardware.laser.film_picture import OnWall
from range.app.detect_film import ClipError, ProjectedClip, pictures
from range.app.film_offset import CELLS, Brightness, OffsetError, cells_of, offset_of
from range.app.film_view import film_view, places_of

EVERY = 3
"""Every how many of a recording's pixels are looked at for the offset."""


class MisleadingError(Exception):
    """A result would mislead; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Projected:
    """The film `clip` was on the screen of a `calibration` file, its time 0 at `offset` seconds of the recording; None
    where that is to be found."""

    clip: Path
    calibration: Path
    offset: float | None = 0.0


class FollowedFilm:
    """The film during a recording, and the finder's knowledge of it.

    `part` is the part of the recording's picture that is searched. Raises RecordingError for a recording that does not
    fit the calibration, CalibrationFileError, ClipError, and MisleadingError where the offset cannot be found.
    """

    def __init__(self, projected: Projected, recording: Path, size: tuple[int, int], part: Box) -> None:
        calibration = read_calibration(projected.calibration)
        refuse_another_size(calibration, projected.calibration, size, recording)
        offset = projected.offset
        if offset is None:
            offset = found_offset(projected.clip, calibration, recording, size)
        self._clip = ProjectedClip(projected.clip, calibration, offset)
        self.told = f"offset {offset:.4f} s: the film's time 0 in the recording"
        self.film = Film(film_view(calibration, part, self._clip.size, self._clip.shape))
        self._since = 0.0
        self._why: str | None = None

    def around(self, time: float) -> OnWall | None:
        """What may have been on the wall at a recording's time."""
        return self._clip.around(time)

    def change(self, time: float | None) -> str:
        """A stretch that ended at `time` (None: the recording did) without knowing what the film shows, and why."""
        why = self.film.why_not if time is not None else None
        if why == self._why:
            return ""
        ended, since = self._why, self._since
        self._why, self._since = why, time if time is not None else 0.0
        if not ended:
            return ""
        until = f"to {time:.3f} s" if time is not None else "on"
        return f"from {since:.3f} s {until} the film was not reckoned with: {ended}"

    def close(self) -> None:
        """Let go of the clip."""
        self._clip.close()


def refuse_another_size(calibration: Calibration, file: Path, size: tuple[int, int], recording: Path) -> None:
    """Raise RecordingError where a calibration is known to be of camera pictures of another size."""
    if isinstance(calibration, SolvedCalibration) and calibration.camera.size != size:
        width, height = calibration.camera.size
        raise RecordingError(
            f"{file} is for camera pictures of {width}x{height}, those of {recording} are {size[0]}x{size[1]}: "
            "name the calibration that the recording was made with"
        )


def found_offset(clip: Path, calibration: Calibration, recording: Path, size: tuple[int, int]) -> float:
    """The offset by the pictures. Raises ClipError, RecordingError, and MisleadingError where nothing fits."""
    shown = [(one.time, cells_of(one.picture), shape) for one, shape in pictures(clip)]
    if not shown:
        raise ClipError(f"{clip} holds no picture; name the film that was shown")
    film = Brightness(np.array([time for time, _, _ in shown]), np.stack([cells for _, cells, _ in shown]))
    shape = shown[0][2]
    places = places_of(calibration, (0, 0, *size), CELLS, shape)[::EVERY, ::EVERY]
    with np.errstate(invalid="ignore"):
        inside = np.asarray(((places > -0.5) & (places < np.array(CELLS) - 0.5)).all(axis=2))
    x, y = np.moveaxis(np.where(inside[..., None], np.rint(places), 0).astype(np.intp), 2, 0)
    number, weight = (y * CELLS[0] + x).ravel(), inside.ravel().astype(np.float64)
    count = np.bincount(number, weights=weight, minlength=CELLS[0] * CELLS[1])
    times: list[float] = []
    cells: list[NDArray[np.float64]] = []
    with Recording(recording) as source:
        for frame in source.frames():
            grey = frame.pixels[::EVERY, ::EVERY].mean(axis=2).ravel()
            cells.append(np.bincount(number, weights=grey * weight, minlength=len(count)) / np.maximum(count, 1))
            times.append(frame.time)
    try:
        return offset_of(film, Brightness(np.array(times), np.stack(cells).astype(np.float32)))
    except OffsetError as problem:
        raise MisleadingError(f"{problem}; say it with --offset S") from problem
