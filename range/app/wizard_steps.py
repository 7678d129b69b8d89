"""What the calibration wizard does, step by step. Each step asks the wizard's loop for one thing at a time.

A step is a generator: it yields a request and is given the answer. So the order of things reads from top to bottom,
while the loop keeps the window, the keys and the camera alive in between.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.corners import CornersError, from_corners
from calibration.figures import ORDER, worst
from calibration.latency import Flip, MeasuredLatency, NoLatency, measure_latency
from calibration.lit import Misleading, find_lit
from calibration.mapping import Calibration
from calibration.patterns import PatternSet
from calibration.solve import covered, grey, solve
from calibration.solved import Camera, Latency, SolvedCalibration, solved_calibration
from hardware.camera.messages import PictureTaken
from media.paint_page import Line, Mark, Page, picture_place
from range.app.wizard_requests import (
    BACK,
    BY_HAND,
    GO_ON,
    RETRY,
    STOP,
    Grey,
    Keep,
    Pointed,
    Steps,
    Tell,
    Watch,
    ask,
    ask_or_point,
    collect,
    fix,
    shoot,
    show,
    take,
    want,
    watch,
)

FLASH_SECONDS = (0.13, 0.25, 0.16, 0.12, 0.27, 0.14)
"""Seconds each flash stays: so uneven that a slower projector's are not taken for each other, but found scattered."""
SLOWER = 3.5
"""How many times as long they stay for a projector that is slower than that."""
BRIGHT = (150.0, 180.0)
"""Grey levels in which white's 99th percentile must lie: bright, and far from clipping."""
SOUGHT = 165.0
TRIES = 6
REFRESH = 1 / 60
GAMMA = 2.2
CLIPPED = 250
EXPOSURE_UNITS = 1e4
"""Steps of a camera's exposure in a second (Video4Linux2)."""
SETTLING = 0.17
"""Seconds a camera may take to follow a change of its settings."""
SEEN, UNSEEN, ARROW, DOT = (74, 60, 48), (24, 20, 16), (160, 196, 134), (234, 241, 244)
"""The map's colours, in blue, green and red."""
MARKS = ((0.5, 0.5), (0.92, 0.1), (0.92, 0.9), (0.1, 0.74), (0.55, 0.1))


@dataclass(frozen=True, slots=True)
class Room:
    """What is known before the wizard begins.

    `wide` is the screen's width on the wall in millimetres, 0 where nobody measured it; `camera` the camera's name,
    `versions` and `made` what the file is to say.
    """

    screen: tuple[int, int]
    camera: str
    wide: float
    made: str
    versions: dict[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Exposure:
    """The camera's settings, the 99th percentile of white in the `picture` they give, whether they had to change."""

    settings: dict[str, float]
    white: float
    changed: bool
    picture: NDArray[np.uint8]

    @property
    def remedy(self) -> str | None:
        """What to do where white is not as bright as it should be; None where it is."""
        if BRIGHT[0] <= self.white <= BRIGHT[1]:
            return None
        lower = "lower" if self.white > BRIGHT[1] else "raise"
        cannot = "" if "exposure" in self.settings else ", and this camera's cannot be set from here"
        return f"White is {self.white:.0f} of 255{cannot}: {lower} the camera's exposure or gain."


def calibrate(room: Room) -> Steps[Calibration]:
    """The whole wizard; the calibration to keep. Raises StoppedError."""
    again = False
    while True:
        key = GO_ON if again else (yield from start_page())
        again = False
        if key == BY_HAND:
            by_hand = yield from corners_by_hand(room)
            if by_hand is not None:
                return by_hand
            continue
        try:
            solved, exposure = yield from measure(room)
        except (Misleading, NoLatency) as reason:
            yield Watch(0)
            again = (yield from refusal(str(reason))) == RETRY
            continue
        key = yield from result(solved, exposure)
        if key == GO_ON:
            key = yield from live_check(room, solved)
            if key == GO_ON:
                return solved
        again = key == RETRY


def start_page() -> Steps[str]:
    """What to see to before one key starts it all."""
    page = Page(
        "Calibration",
        "Point the camera at the screen",
        (
            Line("All four edges of the screen in the camera's picture, filling most of it."),
            Line("Camera and projector sharp, room as dark as in a session, nobody in the light."),
            Line("One key, then about five seconds.", "quiet"),
        ),
    )
    return (yield from ask(page, (GO_ON, BY_HAND, STOP), live=True))


def measure(room: Room) -> Steps[tuple[SolvedCalibration, Exposure]]:
    """Screen, exposure, latency and patterns, without a pause. Raises Misleading and NoLatency."""
    patterns = PatternSet(room.screen)
    yield from take(0.0)  # the camera may still be opening
    white, black = patterns.picture(0), patterns.picture(1)
    try:
        latency = yield from find_latency(white, black, 1.0)
    except NoLatency:
        latency = yield from find_latency(white, black, SLOWER)
    seen = yield from captured((black, white), latency)
    lit = find_lit(grey(seen[1].picture), grey(seen[0].picture)).inner > 0
    exposure = yield from set_exposure(seen[1], lit)
    # White has been seen as it is to be measured, and black too unless the exposure had to change.
    captures = [exposure.picture] if exposure.changed else [exposure.picture, seen[0].picture]
    numbers = tuple(range(len(patterns.names)))[len(captures) :]
    captures += [taken.picture for taken in (yield from captured([patterns.picture(n) for n in numbers], latency))]
    yield Watch(0)
    yield Tell(Page("Calibration", "Computing"))
    solution = solve(patterns, captures)
    camera = Camera(solution.camera, room.camera, round(1 / latency.period, 1), "none", exposure.settings)
    timing = Latency(latency.seconds, latency.spread)
    kept = solved_calibration(solution, captures, camera, timing, made=room.made, versions=room.versions)
    return kept, exposure


def captured(pictures: Sequence[Grey], latency: MeasuredLatency) -> Steps[list[PictureTaken]]:
    """For each picture the first frame that began wholly after it was visible, and ended before the next one was.

    A picture does not wait for the camera to have seen the one before: several are on their way at once. Where the
    camera was unpunctual, a picture is shown again by itself.
    """
    flips: list[float] = []
    wanted: list[int] = []
    for picture in pictures:
        flip = yield from show(picture)
        flips.append(flip)
        wanted.append((yield from want(flip + latency.until_whole(REFRESH))))
        yield Keep(flip + latency.until_next(REFRESH))
    seen: list[PictureTaken] = []
    for number in wanted:
        taken = yield from collect(number)
        seen.append(taken)
    for at, next_flip in enumerate(flips[1:]):
        if not latency.untouched(seen[at].clock, next_flip):
            flip = yield from show(pictures[at])
            seen[at] = yield from take(flip + latency.until_whole(REFRESH))
    return seen


def set_exposure(white: PictureTaken, lit: NDArray[np.bool_]) -> Steps[Exposure]:
    """Bring the white that is shown to `BRIGHT` and fix every setting, as read back and as the frames show.

    The shutter stays open for whole refreshes where it can, so that a projector's colours and lines even out; the gain
    does the rest.
    """
    settings = yield from fix({})
    if settings:
        settings = yield from fix(settings)
    level = white_level(white.picture, lit)
    changed = False
    for _ in range(TRIES):
        if BRIGHT[0] <= level <= BRIGHT[1] or "exposure" not in settings:
            break
        changed = True
        factor = (SOUGHT / max(level, 1.0)) ** (1.0 if level < CLIPPED else GAMMA)
        settings = yield from fix({**settings, **brighter(settings, factor)})
        white = yield from take(white.clock + SETTLING)
        level = white_level(white.picture, lit)
    return Exposure(settings, level, changed, white.picture)


def brighter(settings: dict[str, float], factor: float) -> dict[str, float]:
    """Exposure and gain that give `factor` times the light: whole refreshes and a gain, or where there is none less."""
    wanted = settings["exposure"] * factor
    refreshes = round(wanted / (REFRESH * EXPOSURE_UNITS))
    if "gain" not in settings or refreshes < 1:
        return {"exposure": wanted}
    whole = refreshes * REFRESH * EXPOSURE_UNITS
    return {"exposure": whole, "gain": settings["gain"] * wanted / whole}


def white_level(picture: NDArray[np.uint8], lit: NDArray[np.bool_]) -> float:
    """The 99th percentile of the lit screen's strongest channel, in grey levels."""
    strongest = picture if picture.ndim == 2 else picture.max(axis=2)
    return float(np.percentile(strongest[lit], 99))


def find_latency(white: Grey, black: Grey, slower: float) -> Steps[MeasuredLatency]:
    """Six flashes. Raises NoLatency."""
    flips: list[Flip] = []
    yield from show(black)
    samples = yield from watch(FLASH_SECONDS[0] * slower)
    began = len(samples)
    for number, seconds in enumerate(FLASH_SECONDS):
        to_white = number % 2 == 0
        flip = yield from show(white if to_white else black)
        flips.append(Flip(flip, to_white))
        samples = yield from watch(seconds * slower)
    return measure_latency(samples[max(0, began - 3) :], flips)


def refusal(reason: str) -> Steps[str]:
    """Say why nothing was calibrated."""
    page = Page("Calibration", "Not calibrated", (Line(f"{reason[:1].upper()}{reason[1:]}.", "poor"),))
    return (yield from ask(page, (RETRY, BACK, STOP)))


def result(solved: SolvedCalibration, exposure: Exposure) -> Steps[str]:
    """What the calibration is worth; `enter` keeps it, where it may be kept."""
    verdict = worst(solved.findings)
    lines = [Line(f"Latency {1000 * solved.timing.seconds:.0f} ms, give or take {1000 * solved.timing.spread:.0f}.")]
    if exposure.remedy is not None:
        lines.append(Line(exposure.remedy, "poor"))
    lines += [
        Line(finding.sentence, "good" if finding.verdict == "pass" else "poor")
        for finding in sorted(solved.findings, key=lambda finding: -ORDER.index(finding.verdict))
        if finding.verdict != "pass" or finding.figure in ("error", "coverage")
    ]
    title = {
        "pass": f"Accurate to {solved.figures.error_p95:.2f} px",
        "warn": f"Accurate to {solved.figures.error_p95:.2f} px, with a caution",
        "fail": "Not good enough to be kept",
    }[verdict]
    keys = (RETRY, BACK, STOP) if verdict == "fail" else (GO_ON, RETRY, BACK, STOP)
    return (yield from ask(Page("Calibration", title, lines[:5], picture=error_map(solved)), keys))


def error_map(solved: SolvedCalibration) -> NDArray[np.uint8]:
    """The screen with an arrow for each unused dot's error, a hundred times as long, and what is not seen in dark."""
    width, height = 640, round(640 * solved.screen[1] / solved.screen[0])
    scale = width / solved.screen[0]
    seen = covered(solved.inverse, solved.seen, solved.screen)
    picture = np.where(seen[:, :, None], SEEN, UNSEEN).astype(np.uint8)
    picture = np.ascontiguousarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_NEAREST))
    for (x, y), (dx, dy) in zip(solved.dots.places, solved.dots.misses, strict=True):
        if np.isfinite(dx) and np.isfinite(dy):
            start = (round(x * scale), round(y * scale))
            end = (round(x * scale + 100 * dx * scale), round(y * scale + 100 * dy * scale))
            cv2.arrowedLine(picture, start, end, ARROW, 1, cv2.LINE_AA, tipLength=0.3)
            cv2.circle(picture, start, 2, DOT, -1, cv2.LINE_AA)
    return np.asarray(picture, np.uint8)


def live_check(room: Room, calibration: Calibration) -> Steps[str]:
    """Five marks to fire at, each with its error; `enter` goes on at any time, for no laser is needed."""
    width, height = room.screen
    errors: list[str] = []
    marks: list[Mark] = []
    for number, (u, v) in enumerate(MARKS, start=1):
        mark = Mark(u * width, v * height)
        lines = [Line(text, "good") for text in errors] or [Line("Or go on without: no laser is needed.", "quiet")]
        page = Page("Check", f"Fire at mark {number} of {len(MARKS)}", lines, marks=(*marks, mark))
        answer = yield from shoot(page, mark.x, mark.y, (GO_ON, BACK, STOP))
        if isinstance(answer, str):
            return answer
        ((x, y),) = calibration.to_screen(np.array([[answer.x, answer.y]]))
        off = float(np.hypot(x - mark.x, y - mark.y))
        on_wall = f", {off * room.wide / width:.1f} mm" if room.wide else ""
        errors.append(f"Mark {number}: {off:.1f} px off{on_wall}.")
        marks.append(Mark(mark.x, mark.y, (float(x), float(y))))
    page = Page("Check", "Five shots, each where it fell", [Line(text, "good") for text in errors], marks=marks)
    return (yield from ask(page, (GO_ON, BACK, STOP)))


def corners_by_hand(room: Room) -> Steps[Calibration | None]:
    """The screen's four corners, dragged to their places in the camera's picture; None to go back."""
    taken = yield from take(0.0)
    rows, columns = taken.picture.shape[:2]
    corners = [(columns * u, rows * v) for u, v in ((0.2, 0.2), (0.8, 0.2), (0.8, 0.8), (0.2, 0.8))]
    held = 0
    note = Line("Expect errors of some pixels on a flat screen, of tens on a curved one.", "quiet")
    lines = [Line("Drag each mark to its corner of the screen in the picture, or click there."), note]
    while True:
        page = Page("By hand", "Four corners", lines, picture=taken.picture, dragged=corners)
        answer = yield from ask_or_point(page, (GO_ON, BACK, STOP))
        if isinstance(answer, Pointed):
            left, top, scale = picture_place(page, *room.screen)
            x, y = (answer.x - left) / scale, (answer.y - top) / scale
            if not answer.dragging:
                held = min((0, 1, 2, 3), key=lambda at: np.hypot(corners[at][0] - x, corners[at][1] - y))
            corners[held] = (float(np.clip(x, 0, columns - 1)), float(np.clip(y, 0, rows - 1)))
            taken = yield from take(taken.clock + 0.01)
        elif answer == BACK:
            return None
        else:
            try:
                return from_corners(tuple(corners), room.screen, latency=0.1, made=room.made)
            except CornersError as problem:
                lines = [Line(f"{problem}.", "poor"), note]
