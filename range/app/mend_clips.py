"""`rangectl check --fix`: clips encoded anew into the data directory, with a bar that shows how far it is."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from media.clip_probe import seconds_declared
from media.container import UNREADABLE
from media.reencode import Reencoded, reencode


def mend_clips(clips: Mapping[Path, Sequence[float]], reencoded: Reencoded, err: TextIO) -> None:
    """Encode each clip anew, with key frames at its scenes' starts (media seconds); the originals stay as they are."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"))
    with Progress(*columns, TimeRemainingColumn(), console=Console(file=err)) as bars:
        for clip, starts in clips.items():
            bar = bars.add_task(clip.name, total=seconds_declared(clip))
            try:
                place = reencoded.place_of(clip)
                reencode(clip, place, starts, lambda media, bar=bar: bars.update(bar, completed=media))  # type: ignore[misc]
            except UNREADABLE as problem:
                bars.console.print(f"{clip.name} cannot be encoded anew: {problem}", highlight=False, markup=False)
                continue
            bars.update(bar, completed=bars.tasks[bar].total)
            said = f"{clip.name} is played as {place} from now on; the original is as it was"
            bars.console.print(said, highlight=False, markup=False, soft_wrap=True)
