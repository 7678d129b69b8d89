"""The ring of shown pictures: the newest one visible at an instant, and nothing broken."""

import numpy as np

from range.core.shown import RingShape, ShownRing

SHAPE = RingShape(slots=4, width=8, height=6)


def picture(grey: int) -> np.ndarray:
    return np.full((6, 8, 3), grey, np.uint8)


def test_the_picture_visible_at_an_instant_is_the_last_one_flipped_before_it() -> None:
    memory = memoryview(bytearray(SHAPE.size))
    player, camera = ShownRing(memory, SHAPE), ShownRing(memory, SHAPE)
    assert camera.visible_at(100.0) is None
    for index in range(3):
        player.write(10.0 + index, picture(50 * (index + 1)))
    seen = camera.visible_at(11.5)
    assert seen is not None
    assert (seen == 100).all()
    assert camera.visible_at(9.0) is None


def test_old_pictures_make_room_for_new_ones() -> None:
    memory = memoryview(bytearray(SHAPE.size))
    ring = ShownRing(memory, SHAPE)
    for index in range(9):
        ring.write(float(index), picture(index))
    seen = ring.visible_at(100.0)
    assert seen is not None
    assert seen[0, 0, 0] == 8
    assert ring.visible_at(4.5) is None


def test_a_writer_killed_in_mid_write_leaves_a_slot_that_is_seen_to_be_broken() -> None:
    memory = memoryview(bytearray(SHAPE.size))
    ring = ShownRing(memory, SHAPE)
    ring.write(1.0, picture(10))
    ring.write(2.0, picture(20))
    slots = SHAPE.lay_over(memory)
    slots[2]["before"] = 6
    seen = ring.visible_at(5.0)
    assert seen is not None
    assert seen[0, 0, 0] == 10


def test_what_was_visible_for_a_while_comes_with_its_share_of_it() -> None:
    memory = memoryview(bytearray(SHAPE.size))
    ring = ShownRing(memory, SHAPE)
    assert ring.during(0.0, 1.0) == []
    for index in range(3):
        ring.write(10.0 + index, picture(50 * (index + 1)))
    seen = ring.during(10.75, 11.75)
    assert [(share, int(shown[0, 0, 0])) for share, shown in seen] == [(0.25, 50), (0.75, 100)]
    assert [share for share, _ in ring.during(9.5, 10.5)] == [0.5]
    assert [int(shown[0, 0, 0]) for _, shown in ring.during(20.0, 21.0)] == [150]
