"""The command line: the contract's commands, their words and exit codes."""

import json
import sys
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from media.window import Mode
from range.app.data_directory import DataDirectory, DataDirectoryError
from range.app.record_cli import add_record_commands

WRONG = 2

app = typer.Typer(
    name="rangectl",
    help="Common Ground: an open range controller.",
    epilog="`rangectl test` runs lint, types, layers and the whole test suite.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
calibrate = typer.Typer(help="Camera pixel to screen pixel: the wizard, or one of its parts.")
app.add_typer(calibrate, name="calibrate")
laser = typer.Typer(help="The training laser.", no_args_is_help=True)
app.add_typer(laser, name="laser")
add_record_commands(app)

Scenario = Annotated[str, typer.Argument(help="A scenario's folder, its scenario.toml, or a bundled scenario's name.")]
ConfigFile = Annotated[Path | None, typer.Option("--config", help="This range's configuration (config.toml).")]
Headless = Annotated[bool, typer.Option("--headless", help="Draw off screen.")]
Seconds = Annotated[float | None, typer.Option("--seconds", min=0.1, help="End after so many seconds.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON to standard output.")]


@app.callback()
def common(
    context: typer.Context,
    data: Annotated[
        Path | None,
        typer.Option("--data", envvar="COMMON_GROUND_DATA", help="Where calibrations and sessions are kept."),
    ] = None,
) -> None:
    """Options that stand before any command."""
    context.obj = DataDirectory.at(data)


def main() -> None:
    """Run the command line; `--data DIR` may stand before or behind the command."""
    sys.argv[1:] = data_first(sys.argv[1:])
    app(prog_name="rangectl")


def data_first(words: list[str]) -> list[str]:
    """The words with `--data DIR` moved to the front, where the parser expects it."""
    front: list[str] = []
    rest: list[str] = []
    remaining = iter(words)
    for word in remaining:
        if word == "--data":
            front += [word, *([following] if (following := next(remaining, None)) is not None else [])]
        elif word.startswith("--data="):
            front.append(word)
        else:
            rest.append(word)
    return front + rest


@app.command()
def demo(
    context: typer.Context,
    headless: Headless = False,
    seconds: Seconds = None,
    faults: Annotated[
        bool, typer.Option("--faults", help="A course of faults: cables pulled, a frozen camera, a flooded line ...")
    ] = False,
) -> None:
    """A whole session of the bundled scenario on twins: the mouse is the laser, number keys are the keypad."""
    from range.app.demo import demo as play

    raise typer.Exit(play(_made(context), headless=headless, seconds=seconds, faults=faults))


@app.command()
def run(
    context: typer.Context,
    scenario: Scenario,
    config: ConfigFile = None,
    windowed: Annotated[bool, typer.Option("--windowed", help="In a window instead of full screen.")] = False,
    headless: Headless = False,
    seconds: Seconds = None,
    resume: Annotated[
        int | None, typer.Option("--resume", metavar="SESSION", help="Go on with a session that was interrupted.")
    ] = None,
    captions: Annotated[
        str | None, typer.Option("--captions", metavar="LANGUAGE", help='Captions of this session; "" for none.')
    ] = None,
) -> None:
    """A live session on the configured hardware."""
    from range.app.config import LANGUAGE
    from range.app.run import run as play

    if captions is not None and LANGUAGE.fullmatch(captions) is None:
        _refuse(f'--captions: {json.dumps(captions)} is no language such as en, fr or pt-BR, or "" for none')

    mode: Mode | None = "offscreen" if headless else "windowed" if windowed else None
    data = _made(context)
    raise typer.Exit(
        play(scenario, data, config_file=config, mode=mode, seconds=seconds, resume=resume, captions=captions)
    )


@app.command()
def detect(
    recording: Annotated[Path, typer.Argument(help="A recording of the camera's picture.")],
    as_json: AsJson = False,
    bounds: Annotated[str | None, typer.Option("--bounds", metavar="X,Y,W,H", help="Look only here.")] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say what was rejected, and why.")] = False,
    annotate: Annotated[
        Path | None, typer.Option("--annotate", metavar="OUT", help="Write it with hits drawn.")
    ] = None,
    projected: Annotated[
        Path | None, typer.Option("--projected", metavar="CLIP", help="The film on the screen: it is no hit.")
    ] = None,
    calibration: Annotated[
        Path | None, typer.Option("--calibration", metavar="FILE", help="Where the screen lies, with --projected.")
    ] = None,
    offset: Annotated[
        str | None,
        typer.Option("--offset", metavar="S", help="When the film's time 0 was seen (0), or auto to find it."),
    ] = None,
) -> None:
    """Find the hits in a recording."""
    from range.app.detect import detect as find
    from range.app.detect_projected import Projected

    film: Projected | None = None
    if projected is None and (calibration is not None or offset is not None):
        _refuse("--calibration and --offset belong to --projected: name the film that was on the screen")
    if projected is not None:
        if calibration is None:
            _refuse("--projected needs --calibration: name the file that says where the screen lies")
        seconds = None if offset == "auto" else _numbers(offset or "0", "--offset", 1)[0]
        film = Projected(projected, calibration, seconds)
    box: tuple[int, int, int, int] | None = None
    if bounds is not None:
        numbers = _numbers(bounds, "--bounds", 4)
        if any(number != int(number) for number in numbers) or min(numbers) < 0 or min(numbers[2:]) < 1:
            _refuse("--bounds takes whole pixels, as in --bounds 10,20,320,240")
        left, top, width, height = (int(number) for number in numbers)
        box = (left, top, width, height)
    code = find(
        recording,
        as_json=as_json,
        bounds=box,
        explain=explain,
        annotate=annotate,
        out=sys.stdout,
        err=sys.stderr,
        projected=film,
    )
    raise typer.Exit(code)


@calibrate.callback(invoke_without_command=True)
def wizard(
    context: typer.Context,
    config: ConfigFile = None,
    windowed: Annotated[bool, typer.Option("--windowed", help="In a window, to try it.")] = False,
    headless: Annotated[bool, typer.Option("--headless", help="Off screen, going on by itself.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Where to keep it (data directory).")
    ] = None,
) -> None:
    """The wizard: the screen shows patterns, the camera sees them, five seconds later it says how accurate it is."""
    if context.invoked_subcommand is not None:
        return
    from range.app.config import ConfigFaults, load_config
    from range.app.fault_report import report_faults
    from range.app.wizard import run_wizard

    try:
        configured = load_config(config)
    except ConfigFaults as problem:
        report_faults(problem.faults, out=sys.stdout, err=sys.stderr)
        raise typer.Exit(WRONG) from None
    mode: Mode = "fullscreen" if configured.screen.fullscreen and not windowed else "windowed"
    if headless:
        mode = "offscreen"
    raise typer.Exit(run_wizard(configured, _made(context), mode=mode, out=out, err=sys.stderr))


@calibrate.command("corners")
def corners(
    camera: Annotated[str, typer.Option("--camera", metavar='"X,Y X,Y X,Y X,Y"', help="The screen's corners.")],
    screen: Annotated[str, typer.Option("--screen", metavar="WxH", help="The screen's size in pixels.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write the calibration.")],
    latency: Annotated[float, typer.Option("--latency", min=0, max=4.9, help="Flip to camera, in seconds.")] = 0.1,
) -> None:
    """By hand: the screen's top left, top right, bottom right and bottom left corner in the camera's picture."""
    from range.app.calibrate import calibrate_corners

    points = tuple((x, y) for x, y in (_numbers(pair, "--camera", 2) for pair in camera.split()))
    raise typer.Exit(calibrate_corners(points, _size(screen), out, latency=latency, err=sys.stderr))


@calibrate.command("patterns")
def patterns(
    screen: Annotated[str, typer.Option("--screen", metavar="WxH", help="The screen's size in pixels.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write them into.")],
) -> None:
    """Write the pictures that a calibration shows."""
    from range.app.calibrate_solve import calibrate_patterns

    raise typer.Exit(calibrate_patterns(_size(screen), out, err=sys.stderr))


@calibrate.command("solve")
def solve(
    patterns_folder: Annotated[Path, typer.Argument(metavar="PATTERNS_DIR", help="What `patterns` has written.")],
    captures: Annotated[
        Path, typer.Option("--captures", metavar="DIR", help="One camera picture of each, under the same name.")
    ],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write the calibration.")],
    report: Annotated[
        Path | None, typer.Option("--report", metavar="OUT.html", help="Write figures and the map of errors too.")
    ] = None,
    latency: Annotated[float, typer.Option("--latency", min=0, max=4.9, help="Flip to camera, in seconds.")] = 0.1,
    as_json: AsJson = False,
) -> None:
    """Solve from pictures taken elsewhere; refuses, with the reason, what would mislead."""
    from range.app.calibrate_solve import calibrate_solve

    code = calibrate_solve(
        patterns_folder,
        captures,
        out,
        latency=latency,
        report=report,
        as_json=as_json,
        out=sys.stdout,
        err=sys.stderr,
    )
    raise typer.Exit(code)


@calibrate.command("map")
def map_(file: Annotated[Path, typer.Argument(help="A calibration file.")]) -> None:
    """Standard input: camera pixels `x y`, a pair a line; standard output: screen pixels, `nan nan` off the screen."""
    from range.app.calibrate import calibrate_map

    raise typer.Exit(calibrate_map(file, sys.stdin, out=sys.stdout, err=sys.stderr))


@laser.command("learn")
def learn(
    context: typer.Context,
    config: ConfigFile = None,
    name: Annotated[str, typer.Option("--name", help="What to call it: letters, digits, - and _.")] = "laser",
    wait: Annotated[float, typer.Option("--wait", min=0.1, help="Seconds to wait for each shot.")] = 30.0,
) -> None:
    """Learn a laser from five test shots: how bright and large its spot is, and how long a pull lights it."""
    from range.app.config import ConfigFaults, load_config
    from range.app.fault_report import report_faults
    from range.app.laser import learn_laser
    from range.app.laser_file import NAME

    if NAME.fullmatch(name) is None:
        _refuse(f"--name: {json.dumps(name)} is no name such as green-2: letters, digits, - and _, 40 at most")
    try:
        configured = load_config(config)
    except ConfigFaults as problem:
        report_faults(problem.faults, out=sys.stdout, err=sys.stderr)
        raise typer.Exit(WRONG) from None
    root = _made(context).root
    raise typer.Exit(learn_laser(configured, root, name=name, wait=wait, err=sys.stderr))


@app.command()
def animatic(scenario: Scenario) -> None:
    """Draw every missing clip from the scenario's own text, so that a story can be tried before it is filmed."""
    from range.app.animatic import animatic as draw

    raise typer.Exit(draw(scenario, out=sys.stdout, err=sys.stderr))


@app.command()
def check(
    context: typer.Context,
    scenario: Scenario,
    as_json: AsJson = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="Encode clips anew that will not cut cleanly; the originals stay.")
    ] = False,
) -> None:
    """Every fault of a scenario at once, each with file, line where known, and remedy."""
    from range.app.check import check as inspect

    clips = (_made(context) if fix else context.obj).clips
    raise typer.Exit(inspect(scenario, out=sys.stdout, err=sys.stderr, as_json=as_json, clips=clips, fix=fix))


@app.command()
def displays(
    identify: Annotated[bool, typer.Option("--identify", help="Show each output's name on it.")] = False,
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, help="For so long.")] = 8.0,
    as_json: AsJson = False,
) -> None:
    """The screens and projectors of this machine, as `screen.display` in config.toml names them."""
    from range.app.displays import displays as tell

    raise typer.Exit(tell(identify=identify, seconds=seconds, as_json=as_json, out=sys.stdout, err=sys.stderr))


@app.command()
def doctor(context: typer.Context, as_json: AsJson = False) -> None:
    """What this machine has and lacks."""
    from range.app.doctor import doctor as examine

    raise typer.Exit(examine(context.obj.root, out=sys.stdout, err=sys.stderr, as_json=as_json))


@app.command()
def bench(
    what: Annotated[
        str | None, typer.Argument(help="hits, calibration, latency, playback, faults or record; all when left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """The figures of this machine, each beside its goal."""
    from range.app.bench import bench as measure

    raise typer.Exit(measure(what, out=sys.stdout, err=sys.stderr, as_json=as_json))


@app.command()
def sessions(context: typer.Context, as_json: AsJson = False) -> None:
    """The recorded sessions."""
    from range.app.sessions import list_sessions

    raise typer.Exit(list_sessions(context.obj.record, out=sys.stdout, err=sys.stderr, as_json=as_json))


@app.command()
def events(
    context: typer.Context,
    session: Annotated[int, typer.Argument(help="The session's number, from `rangectl sessions`.")],
    as_json: AsJson = False,
) -> None:
    """One session's events in order."""
    from range.app.sessions import list_events

    raise typer.Exit(list_events(context.obj.record, session, out=sys.stdout, err=sys.stderr, as_json=as_json))


def _made(context: typer.Context) -> DataDirectory:
    data: DataDirectory = context.obj
    try:
        data.make()
    except DataDirectoryError as problem:
        _refuse(str(problem))
    return data


def _numbers(text: str, option: str, count: int) -> list[float]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != count or not all(abs(number) < 1e6 for number in numbers):
        _refuse(f"{option}: {json.dumps(text)} is not {count} numbers with commas between them")
    return numbers


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.lower().partition("x")
    if not (width.isdigit() and height.isdigit() and 0 < int(width) < 32768 and 0 < int(height) < 32768):
        _refuse(f"--screen: {json.dumps(text)} is no size such as 1920x1080")
    return int(width), int(height)


def _refuse(sentence: str) -> NoReturn:
    sys.stderr.write(sentence + "\n")
    raise typer.Exit(WRONG)
