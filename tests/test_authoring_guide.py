"""The author's guide: it names every key, default and word there is, and no other; what it shows can be played."""

import io
import re
import tomllib
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
import typer.main
from pydantic import BaseModel

from media.animatic.motion import Performance
from media.animatic.outline import outline
from media.animatic.render import render_clip
from media.animatic.script import Figure, Line, Prop, SceneScript, Step, View
from media.animatic.stage import Stage
from media.scenario_file import (
    ActBranch,
    CueDocument,
    EndBranch,
    HitBranch,
    IntentBranch,
    KeyframeDocument,
    OperatorBranch,
    ScenarioDocument,
    SceneDocument,
    TimeoutBranch,
    ZoneDocument,
    graph_of,
    read_document,
    read_scenario,
)
from range.app.check import check
from range.app.cli import app
from range.app.config import load_config

FILE = Path(__file__).parents[1] / "docs" / "authoring.md"
GUIDE = FILE.read_text(encoding="utf-8")
EXAMPLES = [text for text in re.findall(r"^```toml\n(.*?)^```", GUIDE, re.M | re.S) if text.startswith("format")]

TABLES: dict[str, type[BaseModel]] = {
    "The scenario": ScenarioDocument,
    "A scene": SceneDocument,
    "A zone": ZoneDocument,
    "A keyframe": KeyframeDocument,
    "A cue": CueDocument,
    "A script": SceneScript,
    "A figure": Figure,
    "A step": Step,
    "A prop": Prop,
    "A line": Line,
}
TRIGGERS: dict[str, type[BaseModel]] = {
    "intent": IntentBranch,
    "hit": HitBranch,
    "end": EndBranch,
    "timeout": TimeoutBranch,
    "act": ActBranch,
    "operator": OperatorBranch,
}
EVERY_BRANCH = {"on", "to", "label"}
SCRIPT = [SceneScript, Figure, Step, Prop, Line]


@dataclass(frozen=True, slots=True)
class Row:
    """One key of a table: its default and what the guide says of it, as they are written."""

    default: str
    text: str


def in_backticks(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def rows() -> Iterator[list[str]]:
    for line in GUIDE.splitlines():
        if line.startswith("|") and not line.startswith("|---"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def read_tables() -> dict[str, dict[str, Row]]:
    tables: dict[str, dict[str, Row]] = {}
    table: dict[str, Row] = {}
    for first, default, text in rows():
        if title := re.match(r"\*\*(.+?)\*\*", first):
            table = tables.setdefault(title[1], {})
        elif first == "`on`" and default == "own keys":
            table = tables.setdefault("A trigger", {})
        else:
            table.update({key: Row(default, text) for key in in_backticks(first)})
    return tables


GUIDED = read_tables()


def keys_of(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def words_in(annotation: Any) -> set[str]:
    """The literal words that a key may have."""
    if get_origin(annotation) is Literal:
        return {str(word) for word in get_args(annotation)}
    if get_origin(annotation) in (typing.Union, types.UnionType, typing.Annotated):
        return {word for part in get_args(annotation) for word in words_in(part)}
    return set()


def says_default(cell: str, default: Any) -> bool:
    """Whether a cell gives a default: as TOML, or in words where there is no value to write."""
    if isinstance(default, str | int | float) and default != "":
        return bool(tomllib.loads(f"default = {cell.strip('`')}")["default"] == default)
    return "`" not in cell and cell not in ("", "required")


# --- the tables -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("title", TABLES)
def test_a_table_has_every_key_and_no_other(title: str) -> None:
    assert set(GUIDED[title]) == keys_of(TABLES[title])


@pytest.mark.parametrize("title", TABLES)
def test_a_table_gives_the_defaults(title: str) -> None:
    for name, field in TABLES[title].model_fields.items():
        cell = GUIDED[title][field.alias or name].default
        if field.is_required():
            assert cell == "required", name
        else:
            assert says_default(cell, field.get_default(call_default_factory=True)), (name, cell)


@pytest.mark.parametrize("model", [*TABLES.values(), View])
def test_every_word_that_a_key_may_have_is_beside_it(model: type[BaseModel]) -> None:
    for name, field in model.model_fields.items():
        beside = {word for table in GUIDED.values() if name in table for word in in_backticks(table[name].text)}
        assert words_in(field.annotation) <= beside, name


@pytest.mark.parametrize("model", SCRIPT)
def test_no_word_is_offered_that_a_key_of_the_script_does_not_have(model: type[BaseModel]) -> None:
    (title,) = [title for title, other in TABLES.items() if other is model]
    for name, field in model.model_fields.items():
        words = words_in(field.annotation)
        assert not words or set(in_backticks(GUIDED[title][name].text)) <= words, name


def test_a_perspective_has_the_keys_that_are_listed_for_it() -> None:
    listed = in_backticks(GUIDED["A script"]["perspectives"].text)
    assert set(listed) - {"perspectives"} == keys_of(View)


def test_every_way_to_look_turns_head_or_eyes_another_way() -> None:
    seen = set()
    ways = in_backticks(GUIDED["A figure"]["look"].text)
    for look in ways:
        figure = Figure(name="Ada", x=0.2, facing="half_right", look=look)
        moment = Performance(figure, 8.0, loop=False, speech=lambda _t: 0.0, heads={}).at(1.0)
        seen.add((moment.head_yaw, moment.head_nod))
    assert len(seen) == len(ways) == 5


def test_every_trigger_has_its_own_keys_with_their_defaults() -> None:
    assert set(GUIDED["A branch"]) == EVERY_BRANCH
    assert set(GUIDED["A trigger"]) == set(TRIGGERS)
    for trigger, model in TRIGGERS.items():
        assert words_in(model.model_fields["on"].annotation) == {trigger}
        needed, _, optional = GUIDED["A trigger"][trigger].default.partition("optional")
        fields = {field.alias or name: field for name, field in model.model_fields.items()}
        written = {key: value for key, _, value in (part.partition(" = ") for part in in_backticks(optional))}
        assert {*in_backticks(needed), *written} == set(fields) - EVERY_BRANCH
        assert all(fields[key].is_required() for key in in_backticks(needed))
        for key, value in written.items():
            assert not fields[key].is_required()
            assert says_default(value or "nothing", fields[key].default), key


def test_intents_and_acts_are_those_of_the_configuration() -> None:
    keys = tomllib.loads((FILE.parents[1] / "config.toml").read_text(encoding="utf-8"))["keys"]
    for trigger, table in (("intent", "intents"), ("act", "acts")):
        named = in_backticks(GUIDED["A trigger"][trigger].text)
        assert [name for name in named if name != "config.toml"] == list(keys[table].values())
    assert [keys["choices"][key] for key in in_backticks(GUIDED["A trigger"]["operator"].text)] == [1, 2]


# --- the commands -----------------------------------------------------------------------------------------------------


def test_every_command_and_option_of_the_guide_exists() -> None:
    commands: Mapping[str, Any] = vars(typer.main.get_command(app))["commands"]
    used = re.findall(r"`\./rangectl ([a-z]+)([^`]*)`", GUIDE)
    assert {name for name, _ in used} >= {"animatic", "check", "run"}
    for name, rest in used:
        options = {option for parameter in commands[name].params for option in parameter.opts}
        assert set(re.findall(r"--[a-z]+", rest)) <= options
    assert "--config" in {option for parameter in commands["run"].params for option in parameter.opts}


def test_the_configuration_for_trying_gives_the_mouse_a_laser(tmp_path: Path) -> None:
    (line,) = [text for text in in_backticks(GUIDE) if text.startswith("camera.")]
    file = tmp_path / "try.toml"
    file.write_text(f"{line}\n", encoding="utf-8")
    assert load_config(file).camera.device == "twin"


def test_every_link_leads_to_a_file() -> None:
    assert all((FILE.parent / link).is_file() for link in re.findall(r"\]\(([^)]+)\)", GUIDE))


# --- the examples -----------------------------------------------------------------------------------------------------


@pytest.fixture(params=EXAMPLES)
def scenario(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "scenario.toml"
    path.write_text(request.param, encoding="utf-8")
    return path


def test_the_guide_shows_a_whole_scenario() -> None:
    assert EXAMPLES


def test_an_example_is_read_without_a_fault_of_the_text_or_the_story(scenario: Path) -> None:
    reading = read_scenario(scenario)
    assert [str(fault) for fault in (*reading.misfits, *reading.told(reading.graph_faults({})))] == []


def test_an_example_is_sound_once_it_is_drawn(scenario: Path) -> None:
    for scene in read_document(scenario).scenes.values():
        script = scene.script
        assert script is not None
        loop = scene.at_end == "loop"
        views: list[tuple[str | None, str]] = [(None, scene.clip), *scene.perspectives.items()]
        for view, clip in views:
            captions = scenario.parent / scene.captions["en"] if view is None else None
            path = scenario.parent / clip
            render_clip(script, path, size=(160, 90), rate=4, perspective=view, loop=loop, captions=captions)
    told = io.StringIO()
    assert check(str(scenario), out=told, err=told) == 0, told.getvalue()


def test_an_examples_zones_hold_the_person_they_are_drawn_round(scenario: Path) -> None:
    document = read_document(scenario)
    found = [(name, zone) for name, scene in graph_of(document).scenes.items() for zone in scene.zones]
    assert found
    for name, zone in found:
        script = document.scenes[name].script
        assert script is not None
        loop = document.scenes[name].at_end == "loop"
        stage = Stage(script, script.seconds, (160, 90), loop=loop, mouth=lambda _name, _t: 0.0)
        for n in range(int(script.seconds * 2)):
            person = outline(stage, script.figures[0].name, "person", n / 2)
            assert all(zone.holds(u, v, n / 2) for u, v in person), (name, n / 2)


def test_the_zone_in_the_table_is_one() -> None:
    (keyframes,) = [text for text in in_backticks(GUIDED["A zone"]["keyframes"].text) if text.startswith("[{")]
    zone = ZoneDocument.model_validate(tomllib.loads(f"keyframes = {keyframes}"))
    assert len(zone.keyframes[0].polygon) == 3
