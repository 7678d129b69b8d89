"""Who takes part and who fires what, as `config.toml` says it: its tables, and what is wrong with them."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, Strict, TypeAdapter, ValidationError

from media.strict_file import Several, Table, TomlFile
from media.toml_places import Place
from range.core.attribution import Lane, Shooter
from range.core.faults import FileFault, nearest
from range.core.people import Person

Name = Annotated[str, Field(min_length=1)]
Share = Annotated[float, Field(ge=0, le=1)]
Corners = Annotated[tuple[Share, Share, Share, Share], Strict(False)]


class ShooterTable(Table):
    """A participant's laser: its colour, the lane (x0, y0, x1, y1) in 0-1 of the screen, or both."""

    participant: Name
    colour: Literal["red", "green", "infrared"] | None = None
    lane: Corners | None = None

    @property
    def shooter(self) -> Shooter:
        """The entry as the rules know it."""
        return Shooter(self.participant, self.colour, None if self.lane is None else Lane(*self.lane))


class PersonTable(Table):
    """What a participant said of themselves; `group` is an agency or a group."""

    participant: Name
    role: str = ""
    group: str = ""
    consent: str = ""


class Session(Table):
    """What is known about sessions before they start."""

    participants: Several[Name] = ()
    people: Several[PersonTable] = ()
    operator: str = ""
    instructor: str = ""
    keep_days: Annotated[int, Field(ge=0)] = 0
    shooters: Several[ShooterTable] = ()

    @property
    def everybody(self) -> tuple[Person, ...]:
        """The participants, the instructor and the operator, as the record keeps them."""
        said = {table.participant: table for table in self.people}
        people = [
            Person(name, "participant", told.role, told.group, told.consent)
            if (told := said.get(name)) is not None
            else Person(name)
            for name in self.participants
        ]
        people += [Person(self.instructor, "instructor")] if self.instructor else []
        people += [Person(self.operator, "operator")] if self.operator else []
        return tuple(people)


def session_faults(file: TomlFile) -> list[FileFault]:
    """Participants named twice; shooters who take no part, say nothing, or can never be told from another."""
    section = file.data.get("session", {})
    participants = _array(section, "participants")
    faults = [
        file.fault(("session", "participants", at), f"{name} is named twice", "Write different names")
        for at, name in enumerate(participants)
        if isinstance(name, str) and name in participants[:at]
    ]
    names = [name for name in participants if isinstance(name, str)]
    for at, table in enumerate(_array(section, "people")):
        faults += _stranger(file, ("session", "people", at), table, names)
        told = [one.get("participant") for one in _array(section, "people")[:at] if isinstance(one, dict)]
        if isinstance(table, dict) and table.get("participant") in told:
            place = ("session", "people", at, "participant")
            faults.append(file.fault(place, f"{table['participant']} is told of twice", "Make one table of the two"))
    shooters: dict[int, Shooter] = {}
    for at, table in enumerate(_array(section, "shooters")):
        faults += _table_faults(file, at, table, names)
        try:
            shooters[at] = TypeAdapter(ShooterTable).validate_python(table).shooter
        except ValidationError:
            continue  # the reader tells what does not fit
    return [*faults, *_hidden(file, shooters)]


def _table_faults(file: TomlFile, at: int, table: Any, names: list[str]) -> Iterator[FileFault]:
    if not isinstance(table, dict):
        return
    place = ("session", "shooters", at)
    yield from _stranger(file, place, table, names)
    if "colour" not in table and "lane" not in table:
        remedy = 'Add colour = "red" or "green", a lane = [x0, y0, x1, y1], or both'
        yield file.fault(place, "Nothing here tells this one's hits from another's", remedy)
    lane = table.get("lane")
    if isinstance(lane, list) and len(lane) == 4 and all(isinstance(edge, int | float) for edge in lane):
        x0, y0, x1, y1 = lane
        if x0 >= x1 or y0 >= y1:
            remedy = "Write left, top, right, bottom, such as [0, 0, 0.5, 1] for the left half"
            yield file.fault((*place, "lane"), "This lane has no area", remedy)


def _stranger(file: TomlFile, place: Place, table: Any, names: list[str]) -> Iterator[FileFault]:
    who = table.get("participant") if isinstance(table, dict) else None
    if isinstance(who, str) and who and who not in names:
        meant = nearest(who, names)
        remedy = f'Did you mean "{meant}"?' if meant else "Add the name to session.participants"
        yield file.fault((*place, "participant"), f"{who} is not among the session's participants", remedy)


def _hidden(file: TomlFile, shooters: dict[int, Shooter]) -> Iterator[FileFault]:
    for at, shooter in shooters.items():
        if shooter.colour is None and shooter.lane is None:
            continue
        for other_at, other in shooters.items():
            if other_at == at or other.participant == shooter.participant or not other.hides(shooter):
                continue
            if shooter.hides(other) and at < other_at:
                continue  # the two are alike: told once, at the second
            message = f"No hit could ever be told to be {shooter.participant}'s: it might be {other.participant}'s too"
            remedy = "Give the two another colour, or lanes of their own"
            yield file.fault(("session", "shooters", at), message, remedy)
            break


def _array(section: Any, key: str) -> list[Any]:
    value = section.get(key, []) if isinstance(section, dict) else []
    return value if isinstance(value, list) else []
