"""Which corners of the screen the camera does not see, and how to turn it so that it does. Pure."""

from math import atan2, degrees

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
NAMES = ("top left", "top right", "bottom right", "bottom left")
# Half the usual camera's picture, over its focal length: sixty degrees across. Angles are told as "about".
USUAL_HALF_VIEW = 0.577
MARGIN = 0.015  # of the picture's width, by which a corner should lie inside it


def outside(corners: Array, camera: tuple[int, int]) -> str | None:
    """What to do so that all corners (4, 2) in camera pixels are inside the picture, in words; None where they are.

    The corners come as top left, top right, bottom right, bottom left of the screen, wherever they lie in the picture;
    left, right, up and down in the words are those of someone who faces the screen.
    """
    size = np.array(camera, float)
    excess = np.maximum(corners - (size - 0.5), 0) + np.minimum(corners + 0.5, 0)
    gone = (excess != 0).any(axis=1)
    if not gone.any():
        return None
    names = [name for name, missing in zip(NAMES, gone, strict=True) if missing]
    which = names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
    says = f"the {which} {'corner is' if len(names) == 1 else 'corners are'} outside the camera's picture"
    extent = corners.max(axis=0) - corners.min(axis=0)
    if (extent > 0.99 * size).any():
        share = float((extent / (0.97 * size)).max())
        return (
            f"{says}: move the camera back or zoom out until the screen is about {100 * (1 - 1 / share):.0f} % smaller"
        )
    # From the picture's axes to the screen's: the camera may be turned or its picture mirrored.
    right = corners[1] + corners[2] - corners[0] - corners[3]
    down = corners[2] + corners[3] - corners[0] - corners[1]
    axes = np.column_stack([right / np.hypot(*right), down / np.hypot(*down)])
    needed = np.linalg.solve(axes, _furthest(excess) + np.sign(_furthest(excess)) * MARGIN * size[0])
    focal = size.max() / (2 * USUAL_HALF_VIEW)
    angles = [max(1, round(degrees(atan2(abs(part), focal)))) for part in needed]
    strong = np.abs(needed) > 0.3 * np.abs(needed).max()
    words = [("right" if needed[0] > 0 else "left"), ("down" if needed[1] > 0 else "up")]
    turns = [
        f"{word} by about {angle} degrees" for word, angle, does in zip(words, angles, strong, strict=True) if does
    ]
    if len(turns) == 2 and angles[0] == angles[1]:
        turns = [f"{words[1]} and {words[0]} by about {angles[0]} degrees"]
    turned = " and ".join(reversed(turns)).replace("about 1 degrees", "about 1 degree")
    return f"{says}: turn the camera {turned}"


def _furthest(excess: Array) -> Array:
    return np.array([excess[np.argmax(np.abs(excess[:, axis])), axis] for axis in (0, 1)])
