"""A TOML file read against a strict model: everything that does not fit becomes a fault with its line and remedy."""

import re
import tomllib
import types
import typing
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Strict, ValidationError
from pydantic_core import ErrorDetails

from media.toml_places import Place, TomlPlaces, named
from range.core.faults import FileFault, nearest, or_list

T = TypeVar("T")
Several = Annotated[tuple[T, ...], Strict(False)]  # an array in the file; its members stay strict
Pair = Annotated[tuple[T, T], Strict(False)]


class Table(BaseModel):
    """Base of strict tables: unknown keys, numbers in quotes, infinities are faults; read-only once read."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class Unreadable(Exception):  # noqa: N818 - said of the file
    """A file that cannot be read, or is no TOML."""

    def __init__(self, fault: FileFault) -> None:
        super().__init__(str(fault))
        self.fault = fault


@dataclass(frozen=True, slots=True)
class TomlFile:
    """A TOML file's parsed data, and where everything in it stands."""

    path: Path
    data: dict[str, Any]
    places: TomlPlaces

    def fault(self, place: Place, message: str, remedy: str) -> FileFault:
        """A fault at a place of this file."""
        return FileFault(str(self.path), self.places.line_of(place), named(place), message, remedy)


@dataclass(frozen=True, slots=True)
class Misfit:
    """A place whose value does not fit the model; `type` is pydantic's, `meant` the key or word that was meant."""

    place: Place
    type: str
    message: str
    remedy: str
    meant: str | None = None


def read_toml(path: Path) -> TomlFile:
    """Read and parse a file. Raises Unreadable, with the line where the parser knows it."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return TomlFile(path, tomllib.loads(text), TomlPlaces(text))
    except FileNotFoundError:
        raise Unreadable(FileFault(str(path), None, "", "There is no such file", "Check the name")) from None
    except UnicodeDecodeError:
        remedy = "Save it as plain text in UTF-8"
        raise Unreadable(FileFault(str(path), None, "", "The file is no UTF-8 text", remedy)) from None
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(_syntax_fault(path, text, str(error))) from None
    except OSError as error:
        message = f"The file cannot be read ({error.strerror})"
        raise Unreadable(FileFault(str(path), None, "", message, "Check its permissions")) from None


def is_file(path: Path) -> bool:
    """Whether a path, whatever somebody wrote, names a file."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def misfits(model: type[BaseModel], error: ValidationError) -> tuple[Misfit, ...]:
    """Every place at which data did not fit `model`, one entry a place, in the order found."""
    found: dict[Place, Misfit] = {}
    for details in error.errors():
        place, keys = _walk(model, details["loc"])
        if details["type"].startswith("union_tag"):
            place = (*place, str(details.get("ctx", {}).get("discriminator", "")).strip("'"))
        found.setdefault(place, _misfit(place, keys, details))
    return tuple(m for m in found.values() if m.type != "too_short" or not _something_within(m.place, found))


def _something_within(place: Place, found: Iterable[Place]) -> bool:
    """Whether a misfit lies deeper; an array is too short for pydantic where its members do not fit."""
    return any(len(other) > len(place) and other[: len(place)] == place for other in found)


def _syntax_fault(path: Path, text: str, error: str) -> FileFault:
    found = re.search(r"\(at line (\d+), column (\d+)\)", error)
    line = int(found.group(1)) if found else max(1, len(text.splitlines()))
    reason = re.sub(r"\s*\(at .*\)$", "", error)
    remedy = "Mend this line; the line before it may be the cause"
    if "after value" in reason or "Invalid value" in reason:
        remedy += '. Text stands in quotes: "like this"'
    elif "initial character for a key part" in reason:
        remedy += ". A table in braces { } stands on one line"
    return FileFault(str(path), line, "", f"This is no valid TOML: {reason[:1].lower()}{reason[1:]}", remedy)


def _walk(model: Any, location: tuple[int | str, ...]) -> tuple[Place, list[str]]:
    """A pydantic location as a place, and the keys of the innermost table that holds it.

    Tags of unions, which pydantic adds to its locations, are no part of the place.
    """
    place: Place = ()
    keys: list[str] = []
    annotation = model
    for part in location:
        annotation, choices = _unwrapped(annotation)
        if choices:
            tagged = [c for c in choices if part in _tags(c)]
            if not tagged:
                break
            annotation = tagged[0]
            keys = list(_fields(annotation))
            continue
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            fields = _fields(annotation)
            keys = list(fields)
            annotation = fields.get(str(part), Any)
        elif get_origin(annotation) in (dict, tuple, list):
            keys = []
            annotation = get_args(annotation)[1 if get_origin(annotation) is dict else 0]
        else:
            break
        place = (*place, part)
    return place, keys


def _unwrapped(annotation: Any) -> tuple[Any, list[type[BaseModel]]]:
    """An annotation without Annotated and `| None`; and the tables to choose from where it is a tagged union."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (typing.Union, types.UnionType):
        members = [m for m in get_args(annotation) if m is not type(None)]
        if len(members) == 1:
            return _unwrapped(members[0])
        return annotation, [m for m in members if isinstance(m, type) and issubclass(m, BaseModel)]
    return annotation, []


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {f.alias or name: Annotated[f.annotation, *f.metadata] if f.metadata else f.annotation
            for name, f in model.model_fields.items()}  # fmt: skip


def _tags(model: type[BaseModel]) -> tuple[Any, ...]:
    """The values of a table's first field where it can only have a few: the tags of a tagged union."""
    first = next(iter(model.model_fields.values())).annotation
    return get_args(first) if get_origin(first) is Literal else ()


_EXPECTED = {
    "string_type": ("text", 'Put it in quotes: "like this"'),
    "float_type": ("a number", "Write a number without quotes"),
    "int_type": ("a whole number", "Write a whole number without quotes"),
    "bool_type": ("true or false", "Write true or false, without quotes"),
    "tuple_type": ("an array", "Write it in brackets: [ ... ]"),
    "list_type": ("an array", "Write it in brackets: [ ... ]"),
    "dict_type": ("a table", "Write it in braces: { name = ... }"),
    "model_type": ("a table", "Write it in braces: { key = ... }, or under its own [header]"),
    "model_attributes_type": ("a table", "Write it in braces: { key = ... }, or under its own [header]"),
    "finite_number": ("a finite number", "Write a number"),
}

_BOUNDS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}


def _misfit(place: Place, keys: list[str], details: ErrorDetails) -> Misfit:
    kind, context = details["type"], details.get("ctx", {})
    value, key = details["input"], str(place[-1]) if place else ""
    if kind == "extra_forbidden":
        meant = nearest(key, keys)
        remedy = f'Did you mean "{meant}"?' if meant else f"Remove it; the keys here are {', '.join(keys)}"
        return Misfit(place, kind, f'"{key}" is not a key that is known here', remedy, meant)
    if kind in ("missing", "union_tag_not_found"):
        return Misfit(place, kind, f'"{key}" is missing', f"Add {key} = ... here")
    if kind in ("literal_error", "union_tag_invalid"):
        expected = str(context.get("expected") or context.get("expected_tags"))
        words = re.findall(r"'([^']*)'", expected) or [expected]
        word = str(context.get("tag", value))
        meant = nearest(word, words)
        remedy = f'Did you mean "{meant}"? ' if meant else ""
        shown = _shown(value) if kind == "literal_error" else f'"{word}"'
        return Misfit(place, kind, f"{shown} is not known here", f"{remedy}It may be {or_list(words)}", meant)
    if kind in _EXPECTED:
        expected, remedy = _EXPECTED[kind]
        return Misfit(place, kind, f"{_shown(value)} should be {expected}", remedy)
    if kind == "string_too_short":
        return Misfit(place, kind, "This text is empty", "Write something between the quotes")
    if kind == "too_short":
        return Misfit(place, kind, "Too few values stand here", f"Write at least {context.get('min_length')}")
    if kind == "too_long":
        return Misfit(place, kind, "Too many values stand here", f"Write {context.get('max_length')}")
    if kind in _BOUNDS:
        limit, bound = _BOUNDS[kind]
        return Misfit(
            place, kind, f"{_shown(value)} is out of bounds", f"It should be {bound} {context.get(limit, 0):g}"
        )
    reason = details["msg"].removeprefix("Input should be ").removeprefix("Value error, ")
    return Misfit(place, kind, f"{reason[:1].upper()}{reason[1:]}", str(context.get("remedy", "Change this value")))


def _shown(value: object) -> str:
    text = f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."
