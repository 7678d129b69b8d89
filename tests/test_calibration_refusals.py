"""What would mislead is refused with the sentence that helps: late, swapped, foreign pictures, a camera that moved."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from calibration.lit import Misleading
from calibration.patterns import PatternSet
from calibration.solve import solve
from tests.calibration_captures import ROOM, SCREEN, Picture, captured, pictures
from tests.simulated_screen import Room, late, moved_after, swapped

Captures = dict[str, Picture]
NAMES = PatternSet(SCREEN).names


def refusal(captures: Captures) -> str:
    with pytest.raises(Misleading) as refused:
        solve(PatternSet(SCREEN), list(captures.values()))
    sentence = str(refused.value)
    assert "\n" not in sentence
    return sentence


def all_of(level: int) -> Captures:
    return {name: np.full((360, 480, 3), level, np.uint8) for name in NAMES}


def test_pictures_that_are_all_late_by_one_are_told_apart() -> None:
    assert "late by one" in refusal(late(captured(), NAMES))


@pytest.mark.parametrize("name", NAMES[1:])
def test_one_late_picture_is_refused(name: str) -> None:
    assert "late" in refusal(late(captured(), [name]))


@pytest.mark.parametrize(
    ("one", "other"),
    [(0, 1), (0, 11), (1, 2), (2, 11), (3, 4), (3, 5), (4, 6), (3, 7), (6, 7), (7, 9), (8, 10), (10, 11)],
)
def test_two_swapped_pictures_are_refused(one: int, other: int) -> None:
    refusal(swapped(captured(), NAMES[one], NAMES[other]))


def test_a_picture_half_way_to_the_next_is_refused() -> None:
    captures = dict(captured())
    captures[NAMES[4]] = cv2.addWeighted(captures[NAMES[3]], 0.5, captures[NAMES[4]], 0.5, 0).astype(np.uint8)
    assert f"{NAMES[3]} to {NAMES[6]} do not belong together" in refusal(captures)


@pytest.mark.parametrize("level", [90, 170, 255])
def test_a_picture_of_white_that_shows_none_is_refused(level: int) -> None:
    room = ROOM.with_(yaw=29.0, roll=-91.0, fill=1.2, radius=1.5, mirrored=True, blur=2.0)
    refusal({**captured(room), NAMES[0]: np.full((360, 480, 3), level, np.uint8)})


def test_somebody_who_walks_in_after_white_and_black_is_refused_or_left_out() -> None:
    walked_in = ROOM.with_(person=(0.45, 0.3, 0.55, 1.0))
    captures = moved_after(ROOM, walked_in, pictures(), 3)
    solution = solve(PatternSet(SCREEN), list(captures.values()))
    points = ROOM.seen(5.0)
    at = np.rint(points).astype(int)
    points = points[solution.seen[at[:, 1], at[:, 0]] > 0]
    assert np.percentile(np.hypot(*(solution.table.at(points) - ROOM.truth(points)).T), 95) < 0.25


@pytest.mark.parametrize("count", [3, 5, 7, 9, 11])
@pytest.mark.parametrize("push", [0.02, pytest.param(0.2, marks=pytest.mark.slow)])
def test_a_camera_that_is_pushed_on_the_way_is_refused(count: int, push: float) -> None:
    pushed = ROOM.with_(aside=(push, push / 2))
    refusal(moved_after(ROOM, pushed, pictures(), count))


@pytest.mark.parametrize(("level", "says"), [(0, "all pictures are black"), (255, "all pictures are white")])
def test_pictures_of_nothing_are_refused(level: int, says: str) -> None:
    assert says in refusal(all_of(level))


def test_a_camera_that_looks_elsewhere_is_refused() -> None:
    assert "point the camera at the screen" in refusal(all_of(90))


def test_patterns_of_another_screen_are_refused() -> None:
    foreign = PatternSet((1024, 576))
    stretched = {
        name: np.asarray(cv2.resize(foreign.picture(number), SCREEN, interpolation=cv2.INTER_NEAREST), np.uint8)
        for number, name in enumerate(NAMES)
    }
    assert "another set of patterns" in refusal(ROOM.captures(stretched))


def test_stripes_of_another_method_are_refused() -> None:
    columns = np.arange(SCREEN[0])
    code = columns ^ (columns >> 1)
    stripes = {
        name: np.array(np.broadcast_to((((code >> (10 - number)) & 1) * 255).astype(np.uint8), SCREEN[::-1]))
        for number, name in enumerate(NAMES[2:])
    }
    shown = {NAMES[0]: pictures()[NAMES[0]], NAMES[1]: pictures()[NAMES[1]], **stripes}
    assert "another set of patterns" in refusal(ROOM.captures(shown))


def test_a_camera_far_out_of_focus_is_told_to_focus() -> None:
    assert "focus" in refusal(captured(ROOM.with_(blur=7.0)))


def test_a_screen_too_small_to_measure_is_refused() -> None:
    refusal(captured(ROOM.with_(fill=0.07)))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_whatever_goes_wrong_a_wrong_map_never_passes(seed: int) -> None:
    chance = np.random.default_rng(seed)
    room = ROOM.with_(yaw=float(chance.uniform(-30, 30)), radius=(None, 1.5)[seed % 2], seed=seed)
    for spoil in (shuffled, noisy, drifting):
        try:
            solution = solve(PatternSet(SCREEN), list(spoil(room, chance).values()))
        except Misleading:
            continue
        points = room.seen(6.0)
        assert np.percentile(np.hypot(*(solution.table.at(points) - room.truth(points)).T), 95) < 1


def shuffled(room: Room, chance: np.random.Generator) -> Captures:
    order = chance.permutation(len(NAMES))
    return {name: captured(room)[NAMES[place]] for name, place in zip(NAMES, order, strict=True)}


def noisy(room: Room, chance: np.random.Generator) -> Captures:
    at = NAMES[chance.integers(len(NAMES))]
    return {**captured(room), at: chance.integers(0, 256, (360, 480, 3)).astype(np.uint8)}


def drifting(room: Room, chance: np.random.Generator) -> Captures:
    step = float(chance.choice([0.002, 0.01]))
    rooms = [room.with_(aside=(step * number, 0.0)) for number in range(len(NAMES))]
    return {name: rooms[number].capture(shown, number) for number, (name, shown) in enumerate(pictures().items())}


def test_the_functions_that_spoil_leave_the_rest_alone() -> None:
    spoilers: tuple[Callable[[], Captures], ...] = (
        lambda: late(captured(), [NAMES[3]]),
        lambda: swapped(captured(), NAMES[1], NAMES[2]),
    )
    for spoil in spoilers:
        assert list(spoil()) == list(NAMES)
