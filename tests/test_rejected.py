"""What was no hit is told each second: when, where and why, and a flood of it only by its number."""

from collections import deque

from hardware.camera.messages import RejectionSeen
from hardware.camera.rejected import TOLD_REJECTIONS, Rejected
from hardware.laser.spot import Rejection


def test_a_candidate_is_told_with_the_time_at_which_it_was_seen() -> None:
    finder: deque[Rejection] = deque()
    rejected = Rejected(finder)
    for number in range(4):
        if number == 3:
            finder.append(Rejection(1, 10.04, 20.0, "life: it stayed"))  # turned down two frames after it was seen
        rejected.take(100.0 + number / 30)
    told = rejected.last_second()
    assert told is not None
    assert told.rejections == (RejectionSeen(100.0 + 1 / 30, 10.0, 20.0, "life: it stayed"),)
    assert told.more == 0
    assert rejected.last_second() is None, "told once"


def test_a_flood_is_told_by_its_number_and_leaves_nothing_behind() -> None:
    finder: deque[Rejection] = deque(maxlen=4000)
    rejected = Rejected(finder)
    for number in range(30):
        finder.extend(Rejection(number, 1.0, 1.0, "size: large") for _ in range(100))
        rejected.take(number / 30)
        assert not finder
    told = rejected.last_second()
    assert told is not None
    assert len(told.rejections) == TOLD_REJECTIONS
    assert told.more == 3000 - TOLD_REJECTIONS
