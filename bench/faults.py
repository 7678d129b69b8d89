"""What a fault costs: until it is told, until all is well again, hits and keys lost or invented, the film meanwhile.

Each is shown by a twin in a whole session off screen: camera process, pseudo-terminal, window and record are real.
"""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from bench.figures import Figure
from bench.silent_range import silent_plan
from range.app.demo import run_course
from range.app.fault_course import GIVE_UP_SECONDS, FaultCourse, Passed
from range.app.live import Outcome
from range.app.status import StatusLine
from range.app.twin_wall import calibrate_twin

LONGEST = 400.0
REFRESH = 1000 / 60
# A cable is noticed at once, a hang within the watchdog's time; a picture must be bad for seconds, or it is the film's.
TELL_SECONDS = {
    "camera hang": 2.0, "camera freeze": 2.0, "camera black": 3.0, "camera blind": 3.0, "camera slow": 4.0,
    "keypad freeze": 2.0,
}  # fmt: skip
TELL_ELSE = 1.0
RETURN_SECONDS = 5.0


def measure() -> Iterator[Figure]:
    """Five figures for each fault, and what the film does while nothing is wrong."""
    course, outcome = _course()
    for passed in course.passed:
        yield from _figures(passed)
    calm = 1000 * course.calm_interval
    yield Figure("no fault, worst frame interval", calm, "ms", None, len(course.passed))
    astray = sum(passed.hits_astray + passed.keys_astray for passed in course.passed)
    yield Figure("all faults, hits and keys lost or invented", float(astray), "", 0.0, len(course.passed))
    yield Figure("all faults, film pictures skipped", float(outcome.skipped), "pictures", None, outcome.shown)
    yield Figure("faults of the course not shown", float(len(course.left)), "faults", 0.0, len(course.passed))


def _course() -> tuple[FaultCourse, Outcome]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        line = StatusLine(stack.enter_context((folder / "status").open("w")))
        plan = silent_plan(folder, camera="twin", calibration=calibrate_twin, seconds=LONGEST)
        return run_course(plan, line)


def _figures(passed: Passed) -> Iterator[Figure]:
    fault = passed.fault
    never = GIVE_UP_SECONDS
    if fault.tells:
        told = never if passed.told is None else passed.told
        yield Figure(f"{fault.id}, until told", told, "s", TELL_SECONDS.get(fault.id, TELL_ELSE), 1)
    back = never if passed.returned is None else passed.returned
    yield Figure(f"{fault.id}, until well again", back, "s", RETURN_SECONDS, 1)
    yield Figure(f"{fault.id}, hits lost or invented", float(passed.hits_astray), "hits", 0.0, passed.shots)
    yield Figure(f"{fault.id}, keys lost or invented", float(passed.keys_astray), "keys", 0.0, passed.presses)
    yield Figure(f"{fault.id}, worst frame interval", 1000 * passed.worst_interval, "ms", 2 * REFRESH, passed.frames)
