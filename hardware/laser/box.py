"""Rectangles of pixels in a picture."""

Box = tuple[int, int, int, int]
"""x0, y0, x1, y1: pixels x0 <= x < x1, y0 <= y < y1."""


def box_around(box: Box, margin: int, size: tuple[int, int]) -> Box:
    """A box grown by a margin and kept within a picture of (width, height)."""
    x0, y0, x1, y1 = box
    return max(0, x0 - margin), max(0, y0 - margin), min(size[0], x1 + margin), min(size[1], y1 + margin)


def within(box: Box, x: int, y: int) -> bool:
    """Whether a pixel lies in a box."""
    return box[0] <= x < box[2] and box[1] <= y < box[3]


def longer_side(box: Box) -> int:
    """The longer of a box's sides, in pixels."""
    return max(box[2] - box[0], box[3] - box[1])
