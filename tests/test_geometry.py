"""Places: polygons, homographies, letterbox, moving zones."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from range.core.geometry import Placement, homography, inside, project
from range.core.scenario import Keyframe, Zone

SQUARE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
NEAR = st.floats(-0.2, 0.2)
SHARE = st.floats(0.01, 0.99)


@given(SHARE, SHARE)
def test_a_point_inside_stays_inside_whichever_way_round_the_corners_go(x: float, y: float) -> None:
    assert inside(SQUARE, x, y)
    assert inside(SQUARE[::-1], x, y)
    assert not inside(SQUARE, x + 1, y)


@given(st.tuples(*[st.tuples(NEAR, NEAR)] * 4), SHARE, SHARE)
def test_a_homography_and_its_inverse_bring_every_point_home(
    shifts: tuple[tuple[float, float], ...], x: float, y: float
) -> None:
    bent = tuple((u + du, v + dv) for (u, v), (du, dv) in zip(SQUARE, shifts, strict=True))
    there, back = homography(SQUARE, bent), homography(bent, SQUARE)
    ((mapped_x, mapped_y),) = project(there, np.array([[x, y]]))
    assume(np.isfinite(mapped_x))
    ((home_x, home_y),) = project(back, np.array([[mapped_x, mapped_y]]))
    assert (home_x, home_y) == (pytest.approx(x, abs=1e-6), pytest.approx(y, abs=1e-6))


def test_three_corners_on_a_line_are_refused() -> None:
    with pytest.raises(ValueError, match="one line"):
        homography(((0, 0), (1, 0), (2, 0), (0, 1)), SQUARE)


@given(st.integers(64, 4000), st.integers(64, 4000), st.floats(0.4, 3.0), SHARE, SHARE)
def test_clip_and_screen_positions_are_each_others_inverse(
    width: int, height: int, shape: float, u: float, v: float
) -> None:
    placement = Placement.letterbox((width, height), shape)
    assert placement.to_clip(*placement.to_screen(u, v)) == pytest.approx((u, v))
    assert placement.width / placement.height == pytest.approx(shape)
    assert placement.left >= -1e-6
    assert placement.top >= -1e-6


def test_a_zone_moves_in_a_straight_line_between_keyframes_and_rests_outside_them() -> None:
    right = tuple((x + 4, y) for x, y in SQUARE)
    zone = Zone("door", (Keyframe(1.0, SQUARE), Keyframe(3.0, right)))
    assert zone.polygon_at(0.0) == SQUARE
    assert zone.polygon_at(2.0)[0] == (2.0, 0.0)
    assert zone.polygon_at(9.0) == right
    assert zone.holds(2.5, 0.5, 2.0)
    assert not zone.holds(0.5, 0.5, 2.0)
