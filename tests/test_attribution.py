"""Who fired: named where the session says so and the hit says the same, else nobody."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from range.core.attribution import WHOLE_SCREEN, Lane, Shooter, who_fired
from range.core.events import Colour

LEFT, RIGHT = Lane(0.0, 0.0, 0.5, 1.0), Lane(0.5, 0.0, 1.0, 1.0)
COLOURS: list[Colour] = ["red", "green", "infrared", "unknown"]
NAMES = ["Asha", "Jonas", "Mina"]

places = st.floats(-0.2, 1.2)
colours = st.sampled_from(COLOURS)
edges = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted)
lanes = st.builds(lambda across, down: Lane(across[0], down[0], across[1], down[1]), edges, edges)
shooters_ = st.builds(
    Shooter,
    st.sampled_from(NAMES),
    st.none() | st.sampled_from([colour for colour in COLOURS if colour != "unknown"]),
    st.none() | lanes,
)
sessions = st.lists(shooters_, max_size=4)


def test_a_colour_names_its_participant() -> None:
    session = [Shooter("Asha", "red"), Shooter("Jonas", "green")]
    assert who_fired(session, "red", 0.9, 0.5) == "Asha"
    assert who_fired(session, "green", 0.1, 0.5) == "Jonas"
    assert who_fired(session, "infrared", 0.1, 0.5) is None


def test_a_lane_names_its_participant_whatever_the_colour() -> None:
    session = [Shooter("Asha", lane=LEFT), Shooter("Jonas", lane=RIGHT)]
    for colour in COLOURS:
        assert who_fired(session, colour, 0.2, 0.5) == "Asha"
        assert who_fired(session, colour, 0.8, 0.5) == "Jonas"


def test_lanes_side_by_side_share_no_point_and_leave_none_out() -> None:
    session = [Shooter("Asha", lane=LEFT), Shooter("Jonas", lane=RIGHT)]
    assert who_fired(session, "red", 0.5, 0.5) == "Jonas"
    assert who_fired(session, "red", math.nextafter(0.5, 0), 0.0) == "Asha"
    assert who_fired(session, "red", 1.0, 1.0) == "Jonas"


@pytest.mark.parametrize(("x", "y"), [(-0.01, 0.5), (0.2, 1.01), (math.nan, 0.5), (math.inf, 0.5)])
def test_a_place_off_the_screen_lies_in_no_lane(x: float, y: float) -> None:
    assert who_fired([Shooter("Asha", lane=WHOLE_SCREEN)], "red", x, y) is None
    assert who_fired([Shooter("Asha", "red")], "red", x, y) == "Asha"


def test_colour_and_lane_must_both_agree() -> None:
    session = [Shooter("Asha", "red", LEFT), Shooter("Jonas", "green", LEFT)]
    assert who_fired(session, "red", 0.2, 0.2) == "Asha"
    assert who_fired(session, "red", 0.8, 0.2) is None


def test_an_unknown_colour_is_nobodys_where_a_colour_decides() -> None:
    assert who_fired([Shooter("Asha", "red")], "unknown", 0.5, 0.5) is None
    assert who_fired([Shooter("Asha", "red", LEFT), Shooter("Jonas", "green", RIGHT)], "unknown", 0.2, 0.5) is None


def test_an_unknown_colour_in_a_lane_of_ones_own_is_that_ones() -> None:
    session = [Shooter("Asha", lane=LEFT), Shooter("Jonas", "green", RIGHT)]
    assert who_fired(session, "unknown", 0.2, 0.5) == "Asha"


def test_an_unknown_colour_in_a_lane_that_a_colour_may_reach_is_nobodys() -> None:
    session = [Shooter("Asha", lane=LEFT), Shooter("Jonas", "green")]
    assert who_fired(session, "unknown", 0.2, 0.5) is None
    assert who_fired(session, "red", 0.2, 0.5) == "Asha"
    assert who_fired(session, "green", 0.2, 0.5) is None


def test_where_lanes_overlap_nobody_is_named() -> None:
    session = [Shooter("Asha", lane=Lane(0, 0, 0.6, 1)), Shooter("Jonas", lane=Lane(0.4, 0, 1, 1))]
    assert [who_fired(session, "red", x, 0.5) for x in (0.2, 0.5, 0.8)] == ["Asha", None, "Jonas"]


def test_one_participant_may_have_two_lasers() -> None:
    session = [Shooter("Asha", "red"), Shooter("Asha", "green"), Shooter("Jonas", "infrared")]
    assert who_fired(session, "green", 0.5, 0.5) == "Asha"


def test_without_a_word_of_the_session_every_hit_is_nobodys() -> None:
    assert who_fired([], "red", 0.5, 0.5) is None


@given(sessions, colours, places, places)
def test_who_is_named_is_named_by_an_entry_that_fits_and_nobody_else_could_have_been(
    session: list[Shooter], colour: Colour, x: float, y: float
) -> None:
    named = who_fired(session, colour, x, y)
    fitting = {shooter.participant for shooter in session if shooter.fits(colour, x, y)}
    if named is not None:
        assert fitting == {named}
        assert all(s.contradicted_by(colour, x, y) for s in session if s.participant != named)
    elif colour != "unknown":
        assert len(fitting) != 1, "with a known colour, the only one who fits is named"


@given(sessions, places, places)
def test_an_unknown_colour_never_names_another_than_the_colour_would(
    session: list[Shooter], x: float, y: float
) -> None:
    named = who_fired(session, "unknown", x, y)
    if named is not None:
        assert {who_fired(session, colour, x, y) for colour in COLOURS} == {named}


@given(sessions, colours, places, places)
def test_the_order_of_entries_does_not_matter(session: list[Shooter], colour: Colour, x: float, y: float) -> None:
    assert who_fired(session, colour, x, y) == who_fired(session[::-1], colour, x, y)


@given(shooters_, sessions, colours, places, places)
def test_what_hides_an_entry_takes_every_hit_from_it(
    entry: Shooter, session: list[Shooter], colour: Colour, x: float, y: float
) -> None:
    for other in session:
        if other.participant != entry.participant and other.hides(entry) and entry.fits(colour, x, y):
            assert who_fired([entry, *session], colour, x, y) is None
