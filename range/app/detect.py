"""`rangectl detect`: the hits in a recording, as lines or as JSON, with reasons and with a drawing of them."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from calibration.file import CalibrationFileError
from hardware.camera.recording import Recording, RecordingError
from hardware.laser.finder import Finder
from hardware.laser.settings import FinderSettings
from hardware.laser.spot import Rejection, Spot
from range.app.annotated_recording import AnnotationError, write_annotated
from range.app.detect_film import ClipError
from range.app.detect_projected import FollowedFilm, MisleadingError, Projected

DONE, UNREADABLE, REFUSED = 0, 2, 3


def detect(
    recording: Path,
    *,
    as_json: bool,
    bounds: tuple[int, int, int, int] | None,
    explain: bool,
    annotate: Path | None,
    out: TextIO,
    err: TextIO,
    projected: Projected | None = None,
) -> int:
    """Print the hits in a recording to `out` as they are found and return the exit code: 0, or 2 for unreadable input.

    With `projected` what the film shows is no hit; 3 where it is to be told when the film ran, and cannot be.

    `bounds` is x, y, width, height in pixels of the recording: only there are hits looked for; positions are of the
    whole picture all the same. With `explain` every rejected candidate is told on `err`. With `annotate` the recording
    is written there again with hits and, fainter, rejections drawn. Of a damaged recording the hits before the damage
    are printed, then one sentence on `err`.
    """
    search = _Search(bounds, as_json=as_json, explain=explain, out=out, err=err)
    code = DONE
    try:
        with Recording(recording) as source:
            search.within(source.size, recording)
            if projected is not None:
                search.follow(projected, source.size, recording)
            for frame in source.frames():
                search.look(frame.pixels, frame.time)
    except MisleadingError as problem:
        print(problem, file=err)
        return REFUSED
    except (RecordingError, ClipError, CalibrationFileError) as problem:
        search.finish()
        print(problem, file=err)
        code = UNREADABLE
    else:
        search.finish()
    if annotate is not None and search.times:
        try:
            write_annotated(recording, annotate, search.spots, search.rejections)
        except AnnotationError as problem:
            print(problem, file=err)
            code = UNREADABLE
    return code


class _Search:
    """One recording's search: hits go out as soon as they are decided."""

    def __init__(
        self, bounds: tuple[int, int, int, int] | None, *, as_json: bool, explain: bool, out: TextIO, err: TextIO
    ) -> None:
        self.spots: list[Spot] = []
        self.rejections: list[Rejection] = []
        self.times: list[float] = []
        self._finder = Finder(FinderSettings())
        self._film: FollowedFilm | None = None
        self._bounds = bounds
        self._as_json = as_json
        self._explain = explain
        self._out = out
        self._err = err

    def within(self, size: tuple[int, int], recording: Path) -> None:
        """Refuse bounds that lie outside a picture of (width, height); cut them to it."""
        if self._bounds is None:
            return
        x, y, width, height = self._bounds
        right, bottom = min(size[0], x + width), min(size[1], y + height)
        x, y = max(0, x), max(0, y)
        if right <= x or bottom <= y:
            raise RecordingError(
                f"the bounds {','.join(map(str, self._bounds))} lie outside the {size[0]}x{size[1]} picture of "
                f"{recording}; give X,Y,W,H in its pixels"
            )
        self._bounds = (x, y, right - x, bottom - y)

    def follow(self, projected: Projected, size: tuple[int, int], recording: Path) -> None:
        """Know from now on what was on the wall."""
        x, y, width, height = self._bounds or (0, 0, *size)
        self._film = FollowedFilm(projected, recording, size, (x, y, x + width, y + height))
        self._finder = Finder(FinderSettings(), film=self._film.film)
        if self._explain or projected.offset is None:
            print(self._film.told, file=self._err)

    def look(self, picture: NDArray[np.uint8], time: float) -> None:
        """Take the next frame."""
        self.times.append(time)
        if self._bounds is not None:
            x, y, width, height = self._bounds
            picture = picture[y : y + height, x : x + width]
        on_wall = self._film.around(time) if self._film is not None else None
        self._tell(self._finder.find(picture, time, on_wall))
        if self._film is not None and self._explain:
            self._say(self._film.change(time))

    def finish(self) -> None:
        """The recording has ended."""
        self._tell(self._finder.finish())
        if self._film is not None:
            if self._explain and self.times:
                self._say(self._film.change(None))
            self._film.close()

    def _say(self, sentence: str) -> None:
        if sentence:
            print(sentence, file=self._err)

    def _tell(self, found: list[Spot]) -> None:
        dx, dy = (0, 0) if self._bounds is None else self._bounds[:2]
        for seen in found:
            spot = replace(seen, x=seen.x + dx, y=seen.y + dy)
            self.spots.append(spot)
            print(self._line(spot), file=self._out, flush=True)
        while self._finder.rejections:
            seen_not = self._finder.rejections.popleft()
            rejection = replace(seen_not, x=seen_not.x + dx, y=seen_not.y + dy)
            self.rejections.append(rejection)
            if self._explain:
                print(
                    f"frame {rejection.frame}, {self.times[rejection.frame]:.3f} s, "
                    f"at {rejection.x:.1f} {rejection.y:.1f}: {rejection.reason}",
                    file=self._err,
                )

    def _line(self, spot: Spot) -> str:
        if self._as_json:
            digits = {"time": 6, "x": 3, "y": 3, "rise": 1, "radius": 2}
            values = {
                name: round(value, digits[name]) if name in digits else value for name, value in asdict(spot).items()
            }
            return json.dumps(values)
        return f"frame {spot.frame:5d}  {spot.time:8.3f} s  at {spot.x:6.1f} {spot.y:6.1f}  {spot.colour}"
