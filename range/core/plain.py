"""Inputs and states as plain values for the record, and back.

Plain means what JSON keeps: a mapping of names to numbers, texts, lists and mappings. What comes back is equal to what
was written.
"""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, get_args

from range.core import events as e
from range.core.rules import State
from range.core.scenario import Scenario

INPUTS: Mapping[str, type[e.Input]] = {cls.__name__: cls for cls in get_args(e.Input)}
MEANINGS: Mapping[str, type[e.Meaning]] = {cls.__name__: cls for cls in get_args(e.Meaning)}


class UnknownInputError(ValueError):
    """The record names an input that this program does not know; the text says which."""


def plain_input(event: e.Input) -> dict[str, Any]:
    """An input's own fields, without its clock; a meaning carries its kind."""
    plain = asdict(event)
    del plain["clock"]
    if isinstance(event, e.KeyPressed) and event.meaning is not None:
        plain["meaning"] = {"is": type(event.meaning).__name__, **asdict(event.meaning)}
    return plain


def input_from(kind: str, clock: float, plain: Mapping[str, Any]) -> e.Input:
    """The input of a kind at a clock time that `plain_input` wrote down. Raises UnknownInputError."""
    own = {name: _tuples(value) for name, value in plain.items()}
    if kind not in INPUTS:
        raise UnknownInputError(f"the record holds an input {kind} that this program does not know")
    if own.get("visible") is not None:
        own["visible"] = e.Visible(**own["visible"])
    if own.get("meaning") is not None:
        meant = dict(own["meaning"])
        own["meaning"] = MEANINGS[meant.pop("is")](**meant)
    return INPUTS[kind](clock=clock, **own)


def plain_state(state: State) -> dict[str, Any]:
    """A state without its scenario."""
    plain = {f.name: getattr(state, f.name) for f in fields(state) if f.name != "scenario"}
    plain["hits"] = {str(branch): count for branch, count in state.hits.items()}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in plain.items()}


def state_from(scenario: Scenario, plain: Mapping[str, Any]) -> State:
    """The state that `plain_state` wrote down."""
    own = {name: _tuples(value) for name, value in plain.items()}
    own["hits"] = {int(branch): count for branch, count in plain["hits"].items()}
    return State(scenario, **own)


def _tuples(value: Any) -> Any:
    return tuple(_tuples(one) for one in value) if isinstance(value, list) else value
