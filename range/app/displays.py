"""`rangectl displays`: the outputs by number, name and place, and each one's name shown on it."""

import json
import multiprocessing
import time
from dataclasses import asdict
from typing import TextIO

from media.outputs import NoOutputError, Output, Outputs
from media.window import Clicked, Closed, KeyTyped, NoDisplayError, Window

DONE, FOUND = 0, 1
LOOK = 0.05


def displays(*, identify: bool, seconds: float, as_json: bool, out: TextIO, err: TextIO) -> int:
    """Tell the outputs, and show each one's name on it if asked to. 0; 1 where there is none or one does not show."""
    found, trouble = list_displays()
    for number, output in enumerate(found):
        if as_json:
            out.write(json.dumps({"number": number, **asdict(output)}, ensure_ascii=False) + "\n")
        else:
            out.write(f"{number}  {output.name}: {output.width} x {output.height} at {output.x},{output.y}\n")
    out.flush()
    if not found:
        err.write(f"No display: {trouble or 'none is connected'}. Start it from a desktop, or set DISPLAY.\n")
        return FOUND
    return _identify(found, seconds, err) if identify else DONE


def list_displays() -> tuple[tuple[Output, ...], str]:
    """The outputs, and what was in the way of asking (empty: nothing)."""
    try:
        with Outputs() as outputs:
            return outputs.now(), ""
    except NoOutputError as problem:
        return (), str(problem)


def _identify(found: tuple[Output, ...], seconds: float, err: TextIO) -> int:
    """A process for each output, since a window's graphics belong to one."""
    err.write("Each display shows its name. Write the projector's as screen.display into config.toml.\n")
    spawn = multiprocessing.get_context("spawn")
    shows = [spawn.Process(target=show_name, args=(number, seconds)) for number in range(len(found))]
    for show in shows:
        show.start()
    for show in shows:
        show.join()
    return FOUND if any(show.exitcode for show in shows) else DONE


def show_name(number: int, seconds: float) -> None:
    """Show an output's number, name and size on it, until somebody clicks or types there. Exits 1 where it cannot."""
    from media.paint_output import output_name

    try:
        window = Window(mode="fullscreen", size=(1280, 720), display=number)
    except NoDisplayError as problem:
        raise SystemExit(str(problem)) from None
    from media.wall import Wall

    wall = Wall(window.size)
    output = window.output
    if output is None:
        return
    size = f"{output.width} x {output.height} at {output.x},{output.y}"
    page = output_name(number, output.name, size, *window.size)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if any(isinstance(event, KeyTyped | Clicked | Closed) for event in window.events()):
            break
        wall.draw_bitmap(page)
        window.flip()
        time.sleep(LOOK)
    misplaced = window.misplaced
    window.close()
    if misplaced is not None:
        raise SystemExit(misplaced)
