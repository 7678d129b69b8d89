"""Draws clips from scenes' own text: one clip, or all that a scenario names and lacks."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from media.animatic.encode import ClipWriter
from media.animatic.script import SceneScript
from media.animatic.sound import mixed
from media.animatic.stage import Stage
from media.animatic.voice import STEP, Spoken, mouths, speak
from media.captions import Caption, write_captions
from media.clip_probe import MissingFile, UnusableFile, locate
from media.scenario_file import ScenarioDocument

Progress = Callable[[float], None]


def render_clip(
    script: SceneScript,
    out: Path,
    *,
    size: tuple[int, int] = (1280, 720),
    rate: int = 30,
    perspective: str | None = None,
    loop: bool = False,
    captions: Path | None = None,
    progress: Progress | None = None,
) -> None:
    """Draws a scene's main view, or a perspective's, to an MP4 file, and its captions as WebVTT where a path is given.

    With `loop` the end runs into the beginning. `progress` hears the share done. The files appear whole or not at all.
    Raises KeyError for a perspective that is not written, OSError where the folder cannot be written.
    """
    view = script.view(perspective)
    spoken = speak(script)
    curves = mouths(spoken, script.seconds)

    def mouth(name: str, t: float) -> float:
        curve = curves.get(name)
        index = int(t * STEP)
        return 0.0 if curve is None or index < 0 or index >= len(curve) else float(curve[index])

    frames = round(script.seconds * rate)
    seconds = frames / rate
    stage = Stage(view, seconds, size, loop=loop, mouth=mouth)
    across = {figure.name: figure.x for figure in view.figures}
    sound = mixed(spoken, seconds, across=across, music=script.music, music_until=script.music_until)
    part = out.with_name(f".{out.name}.part")
    try:
        with ClipWriter(part, size, rate) as clip:
            written = 0
            for index in range(frames):
                stage.draw(index / rate)
                clip.frame(stage.pixels())
                # Sound and picture are written side by side, so that a player reads them together.
                until = round((index + 1) / rate * 48_000) // 1024 * 1024
                if until > written:
                    clip.sound(sound[:, written:until], written)
                    written = until
                if progress is not None and index % rate == 0:
                    progress(index / frames)
            clip.sound(sound[:, written:], written)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    if captions is not None:
        write_captions(captions, captions_of(spoken, seconds))
    if progress is not None:
        progress(1.0)


def captions_of(spoken: tuple[Spoken, ...], seconds: float) -> tuple[Caption, ...]:
    """A caption for each line: it stays a little longer than the voice, until the next line at most."""
    captions = []
    in_order = sorted(spoken, key=lambda item: item.line.t)
    for index, item in enumerate(in_order):
        following = in_order[index + 1].line.t if index + 1 < len(in_order) else seconds
        longest = item.line.t + max(1.4, item.seconds + 0.6)
        captions.append(
            Caption(
                item.line.t,
                min(longest, max(following, item.line.t + 0.2), seconds),
                f"{item.line.who}: {item.line.say}",
            )
        )
    return tuple(captions)


def render_missing(
    folder: Path, document: ScenarioDocument, progress: Callable[[Path, float], None] | None = None
) -> list[Path]:
    """Draws every clip, perspective clip and caption file that a scenario names, lacks and has a text for.

    Nothing that is there is touched. Returns the files written. `progress` hears each clip's path and share done.
    Raises OSError where the folder cannot be written.
    """
    written: list[Path] = []
    for scene in document.scenes.values():
        script = scene.script
        if script is None:
            continue
        views: list[tuple[str | None, str]] = [(None, scene.clip)]
        views += [(name, clip) for name, clip in scene.perspectives.items() if name in script.perspectives]
        for perspective, clip in views:
            path = missing(folder, clip)
            if path is None:
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            report = None if progress is None else partial(progress, path)
            render_clip(script, path, perspective=perspective, loop=scene.at_end == "loop", progress=report)
            written.append(path)
        for captions in scene.captions.values():
            path = missing(folder, captions)
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
                write_captions(path, captions_of(speak(script), script.seconds))
                written.append(path)
    return written


def missing(folder: Path, name: str) -> Path | None:
    """Where a scenario's file would be, if it is not there; None where it is, or may not be (outside the folder)."""
    try:
        locate(folder, name)
    except MissingFile:
        return folder / name
    except UnusableFile:
        return None
    return None
