"""`rangectl check`: every fault of a scenario at once; the file, the graph, the story, the clips and the captions."""

from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from media.captions_probe import probe_captions
from media.clip_probe import Film, MissingFile, UnusableFile, locate, probe_film, unclean_cut
from media.reencode import Reencoded
from media.scenario_file import Reading, ScenarioFaults, SceneDocument, find_scenario, read_scenario
from range.app.fault_report import report_faults
from range.app.mend_clips import mend_clips
from range.core.audit import ROUNDING, Place
from range.core.faults import FileFault, in_order


def check(
    name: str, *, out: TextIO, err: TextIO, as_json: bool = False, clips: Path | None = None, fix: bool = False
) -> int:
    """Tell every fault of the scenario that `name` means. 0: sound; 1: faults; 2: no scenario that can be read.

    `clips` is the folder of clips encoded anew, which are looked at in place of the originals; with `fix` those that
    are needed are made first.
    """
    try:
        reading = read_scenario(find_scenario(name))
    except ScenarioFaults as refusal:
        report_faults(refusal.faults, out=out, err=err, as_json=as_json)
        return 2
    reencoded = Reencoded(clips) if clips is not None else None
    if fix and reencoded is not None:
        mend_clips(_Files(reading, name, reencoded).mendable, reencoded, err)
    faults = scenario_faults(reading, name, reencoded)
    report_faults(faults, out=out, err=err, as_json=as_json)
    if not as_json:
        err.write(_summary(reading, len(faults)))
    return 1 if faults else 0


def scenario_faults(reading: Reading, name: str, reencoded: Reencoded | None = None) -> tuple[FileFault, ...]:
    """Every fault of a scenario, its clips decoded from end to end; `name` is what the user calls it."""
    files = _Files(reading, name, reencoded)
    faults = [*reading.misfits, *files.faults()]
    faults += reading.told(reading.graph_faults(files.lengths()))
    return in_order(faults)


class _Files:
    """The files of one scenario, each examined once however many scenes use it."""

    def __init__(self, reading: Reading, name: str, reencoded: Reencoded | None) -> None:
        self.mendable: dict[Path, list[float]] = {}
        self._reading = reading
        self._name = name
        self._reencoded = reencoded
        self._folder = reading.file.path.parent
        self._films: dict[str, Film | None] = {}
        self._captions: dict[str, float | None] = {}
        self._faults: list[FileFault] = []
        scenes = reading.document.scenes if reading.document is not None else {}
        for scene_name, scene in scenes.items():
            self._examine(("scenes", scene_name), scene)
        for clip, starts in self.mendable.items():
            starts += [scene.start for scene in scenes.values() if self._folder / scene.clip == clip]

    def faults(self) -> tuple[FileFault, ...]:
        """What is wrong with the files."""
        return tuple(self._faults)

    def lengths(self) -> Mapping[str, float]:
        """The media time, in seconds, at which each sound film ends."""
        return {name: film.seconds for name, film in self._films.items() if film is not None}

    def _examine(self, place: Place, scene: SceneDocument) -> None:
        if self._reading.mended.doubts((*place, "clip")):
            return
        drawn = scene.script is not None
        film = self._film((*place, "clip"), scene.clip, drawn)
        if film is not None and (unclean := unclean_cut(scene.clip, film, scene.start)) is not None:
            self._say((*place, "clip"), unclean, scene.clip, drawn)
        for view, name in scene.perspectives.items():
            written = scene.script is not None and view in scene.script.perspectives
            other = self._film((*place, "perspectives", view), name, written)
            self._compare((*place, "perspectives", view), scene, film, name, other)
        for language, name in scene.captions.items():
            self._read_captions((*place, "captions", language), name, film, drawn)

    def _film(self, place: Place, name: str, drawn: bool) -> Film | None:
        if name not in self._films:
            self._films[name] = None
            try:
                clip = locate(self._folder, name)
                self._films[name] = probe_film(self._reencoded.instead(clip) if self._reencoded is not None else clip)
            except UnusableFile as problem:
                self._say(place, problem, name, drawn)
        return self._films[name]

    def _read_captions(self, place: Place, name: str, film: Film | None, drawn: bool) -> None:
        if name not in self._captions:
            self._captions[name] = None
            try:
                self._captions[name] = probe_captions(locate(self._folder, name))
            except UnusableFile as problem:
                self._say(place, problem, name, drawn)
        last = self._captions[name]
        if last is not None and film is not None and last >= film.seconds:
            message = (
                f"The last caption of {name} appears at {last:.3g} s, when the clip is over ({film.seconds:.3g} s)"
            )
            self._faults.append(self._reading.file.fault(place, message, "Mend its times; they are media seconds"))

    def _compare(self, place: Place, scene: SceneDocument, film: Film | None, name: str, other: Film | None) -> None:
        """A perspective shows the same moments on the same clock, so it must last as long as the scene."""
        if film is None or other is None:
            return
        end = min(scene.end, film.seconds) if scene.end is not None else film.seconds
        if other.seconds < end - ROUNDING:
            message = f"The perspective {name} is over at {other.seconds:.3g} s, before the scene is ({end:.3g} s)"
            remedy = "Export it on the same clock as the clip, and as long"
            self._faults.append(self._reading.file.fault(place, message, remedy))

    def _say(self, place: Place, problem: UnusableFile, file: str, drawn: bool) -> None:
        remedy = problem.remedy
        if problem.mendable:
            self.mendable.setdefault(self._folder / file, [])
        if drawn and isinstance(problem, MissingFile):
            remedy = f"Run rangectl animatic {self._name}, which draws it from the scene's script, or film it"
        self._faults.append(self._reading.file.fault(place, problem.message, remedy))


def _summary(reading: Reading, count: int) -> str:
    path: Path = reading.file.path
    if count:
        return f"\n{count} fault{'s' if count > 1 else ''} in {path}.\n"
    scenes = reading.document.scenes if reading.document is not None else {}
    endings = sum(scene.ending is not None for scene in scenes.values())
    return f"{path} is sound: {len(scenes)} scenes, {endings} of them endings, every file decodes.\n"
