"""Scenario files: `scenario.toml` as it is written (the documents), and the graph that comes of it.

A document holds exactly the keys of the contract. Times are media seconds in the scene's clip, polygons are in 0-1 of
the displayed clip's width and height. Whether the clips exist and play is not asked here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from media.animatic.script import SceneScript
from media.scenario_mend import Mended, mend
from media.strict_file import Misfit, Pair, Several, Table, TomlFile, Unreadable, is_file, misfits, read_toml
from range.core.audit import GraphFault, audit
from range.core.faults import FileFault, in_order, nearest
from range.core.scenario import AtEnd, Branch, Cue, Ending, Keyframe, Scenario, Scene, Zone

BUNDLED = Path(__file__).parent / "scenarios"
FILE_NAME = "scenario.toml"

Name = Annotated[str, Field(min_length=1)]
Seconds = Annotated[float, Field(ge=0)]


class KeyframeDocument(Table):
    """A zone's outline at media time `t`."""

    t: Seconds
    polygon: Several[Pair[float]]


class ZoneDocument(Table):
    """A named region of the film."""

    keyframes: Annotated[Several[KeyframeDocument], Field(min_length=1)]


class CueDocument(Table):
    """A marked moment."""

    t: Seconds
    kind: Name


class IntentBranch(Table):
    """Taken when the instructor presses a key of this intent."""

    on: Literal["intent"]
    to: Name
    label: str = ""
    intent: Name


class HitBranch(Table):
    """Taken at the `count`-th hit in the zone within the window of media seconds."""

    on: Literal["hit"]
    to: Name
    label: str = ""
    zone: Name
    count: Annotated[int, Field(ge=1)] = 1
    since: Annotated[Seconds, Field(alias="from")] = 0.0
    until: Seconds | None = None


class EndBranch(Table):
    """Taken when the scene's part of its clip has been shown."""

    on: Literal["end"]
    to: Name
    label: str = ""


class TimeoutBranch(Table):
    """Taken `after` seconds in the scene, pauses not counted."""

    on: Literal["timeout"]
    to: Name
    label: str = ""
    after: Annotated[float, Field(gt=0)]


class ActBranch(Table):
    """Taken when this act of the participant is logged by key."""

    on: Literal["act"]
    to: Name
    label: str = ""
    act: Name


class OperatorBranch(Table):
    """Taken when the operator chooses it."""

    on: Literal["operator"]
    to: Name
    label: str = ""
    name: str = ""


AnyBranch = IntentBranch | HitBranch | EndBranch | TimeoutBranch | ActBranch | OperatorBranch


class SceneDocument(Table):
    """`[scenes.NAME]`: one node of the graph. Files are relative to the scenario's folder."""

    clip: Name
    start: Seconds = 0.0
    end: Seconds | None = None
    at_end: AtEnd = "hold"
    captions: dict[str, Name] = Field(default_factory=dict)
    perspectives: dict[str, Name] = Field(default_factory=dict)
    zones: dict[str, ZoneDocument] = Field(default_factory=dict)
    cues: Several[CueDocument] = ()
    branches: Several[Annotated[AnyBranch, Field(discriminator="on")]] = ()
    ending: Ending | None = None
    script: SceneScript | None = None


class ScenarioDocument(Table):
    """The whole of `scenario.toml`."""

    format: Literal[1]
    title: Name
    start: Name
    summary: str = ""
    tags: Several[str] = ()
    language: str = "en"
    warnings: Several[str] = ()
    scenes: Annotated[dict[str, SceneDocument], Field(min_length=1)]


class ScenarioFaults(Exception):  # noqa: N818 - it carries several
    """A scenario that cannot be played as it is, with all its faults; `unreadable` where there is none at all."""

    def __init__(self, faults: tuple[FileFault, ...], *, unreadable: bool = False) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults
        self.unreadable = unreadable


def find_scenario(name: str) -> Path:
    """The scenario.toml that a person means by a folder, by the file itself, or by a bundled scenario's name.

    Raises ScenarioFaults (unreadable) where there is none.
    """
    path = Path(name)
    for candidate in (path, path / FILE_NAME, BUNDLED / name / FILE_NAME):
        if name and is_file(candidate):
            return candidate
    bundled = bundled_scenarios()
    if path.is_dir():
        message, remedy = f"This folder holds no {FILE_NAME}", "Name the folder of a scenario"
    else:
        meant = nearest(path.name, bundled)
        message = "There is no such scenario"
        remedy = f'Did you mean "{meant}"?' if meant else "Name a scenario's folder, or a bundled scenario"
    if bundled:
        remedy += f" (bundled: {', '.join(bundled)})"
    raise ScenarioFaults((FileFault(name, None, "", message, remedy),), unreadable=True)


def bundled_scenarios() -> tuple[str, ...]:
    """The names of the scenarios that come with the program."""
    return tuple(sorted(path.parent.name for path in BUNDLED.glob(f"*/{FILE_NAME}")))


def read_document(path: Path) -> ScenarioDocument:
    """Read a scenario file as it is written. Raises ScenarioFaults with every place that does not fit."""
    reading = read_scenario(path)
    if reading.misfits or reading.document is None:
        raise ScenarioFaults(reading.misfits)
    return reading.document


def load_scenario(path: Path) -> Scenario:
    """The graph of a scenario file. Raises ScenarioFaults with all its faults where it cannot be played as written.

    Faults of the story alone (a scene nobody reaches, a way that cannot end well) do not keep it from being played.
    """
    reading = read_scenario(path)
    graph_faults = reading.graph_faults({})
    if reading.document is None or reading.misfits or not all(fault.playable for fault in graph_faults):
        raise ScenarioFaults(in_order((*reading.misfits, *reading.told(graph_faults))))
    return graph_of(reading.document)


@dataclass(frozen=True, slots=True)
class Reading:
    """A scenario file as read: what does not fit, and its document, mended where need be (None: beyond mending)."""

    file: TomlFile
    misfits: tuple[FileFault, ...]
    document: ScenarioDocument | None
    mended: Mended

    def graph_faults(self, lengths: Mapping[str, float]) -> tuple[GraphFault, ...]:
        """The faults of the graph and the story; `lengths` in seconds by clip, where known."""
        if self.document is None:
            return ()
        return tuple(fault for fault in audit(graph_of(self.document), lengths) if self.mended.believes(fault))

    def told(self, faults: Iterable[GraphFault]) -> tuple[FileFault, ...]:
        """Faults of the graph with this file's lines."""
        return tuple(self.file.fault(fault.place, fault.message, fault.remedy) for fault in faults)


def read_scenario(path: Path) -> Reading:
    """Read a scenario file, whatever is wrong with it. Raises ScenarioFaults (unreadable) where it is no TOML."""
    try:
        file = read_toml(path)
    except Unreadable as error:
        raise ScenarioFaults((error.fault,), unreadable=True) from None
    mended = mend(file.data, _misfits)
    told = tuple(file.fault(m.place, m.message, m.remedy) for m in mended.misfits)
    document = None if mended.data is None else ScenarioDocument.model_validate(mended.data)
    return Reading(file, told, document, mended)


def _misfits(data: dict[str, Any]) -> tuple[Misfit, ...]:
    try:
        ScenarioDocument.model_validate(data)
    except ValidationError as error:
        return misfits(ScenarioDocument, error)
    return ()


def graph_of(document: ScenarioDocument) -> Scenario:
    """The graph a document describes; names and times are taken as they are."""
    scenes = {name: _scene(name, scene) for name, scene in document.scenes.items()}
    return Scenario(document.title, document.start, scenes, document.warnings)


def _scene(name: str, scene: SceneDocument) -> Scene:
    zones = tuple(
        Zone(zone_name, tuple(Keyframe(key.t, key.polygon) for key in zone.keyframes))
        for zone_name, zone in scene.zones.items()
    )
    return Scene(
        name,
        scene.clip,
        start=scene.start,
        end=scene.end,
        at_end=scene.at_end,
        ending=scene.ending,
        captions=scene.captions,
        perspectives=scene.perspectives,
        zones=zones,
        cues=tuple(Cue(cue.t, cue.kind) for cue in scene.cues),
        branches=tuple(Branch(**dict(branch)) for branch in scene.branches),
    )
