"""`rangectl doctor`: what this machine has and lacks for a range, each lack with its remedy."""

import json
import os
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal, TextIO

from rich.console import Console
from rich.table import Table

from hardware.camera_list import list_cameras
from hardware.displays import display_server, find_renderer
from hardware.pad_list import list_pads
from hardware.question import ask
from hardware.serial_ports import list_serial_ports
from media.outputs import Output
from media.sound import has_sound_device
from range.app.decoder_trial import try_decoder
from range.app.displays import list_displays
from range.app.laser_file import LaserFileError, lasers_folder, read_laser

State = Literal["ok", "poor", "lacking"]

LIBRARIES = ("opencv-python", "numpy", "av", "pyglet", "python-vlc", "pyserial", "pydantic", "skia-python")
SECONDS = 10.0
RECORD_BYTES_PER_HOUR = 20_000_000  # generous: a busy session's events, flags and calibrations
ENOUGH_BYTES = 1_000_000_000

_SOUND = """
import json
import vlc
instance = vlc.Instance("--no-video", "--quiet")
player = instance.media_player_new()
devices, entry = [], player.audio_output_device_enum()
while entry:
    item = entry.contents
    devices.append(f"{item.device.decode()} ({item.description.decode()})" if item.device else "")
    entry = item.next
print(json.dumps({"version": vlc.libvlc_get_version().decode(), "devices": [d for d in devices if d]}))
"""

_FONTS = """
import json
import skia
manager = skia.FontMgr()
print(json.dumps([manager.getFamilyName(number) for number in range(manager.countFamilies())]))
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One part of the machine: `found` says what is there, `remedy` what to do where it is poor or lacking."""

    part: str
    state: State
    found: str
    remedy: str = ""


def doctor(data_dir: Path, *, out: TextIO, err: TextIO, as_json: bool = False) -> int:
    """Tell what this machine has and lacks. 0; 1 where no range can run: nothing draws, or nothing can be kept."""
    examinations: tuple[Callable[[], Iterable[Finding]], ...] = (
        _python, _libraries, lambda: _drawing(os.environ), _cameras, _serial_ports, _pads, _sound, _decoder,
        lambda: _disk(data_dir), lambda: _lasers(data_dir), _fonts, _voice,
    )  # fmt: skip
    findings = [finding for examine in examinations for finding in examine()]
    vital = [f for f in findings if f.state == "lacking" and f.part in ("drawing", "data directory")]
    if as_json:
        out.writelines(json.dumps(asdict(finding), ensure_ascii=False) + "\n" for finding in findings)
    else:
        _show(findings, out)
    if vital:
        err.write("A range cannot run on this machine yet. " + " ".join(f.remedy + "." for f in vital) + "\n")
        return 1
    return 0


def _python() -> Iterable[Finding]:
    yield Finding("Python", "ok", f"{platform.python_version()} on {_system_name()}, {os.cpu_count()} processors")


def _system_name() -> str:
    try:
        name = platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, KeyError):
        name = platform.platform(terse=True)
    return f"{name} ({platform.machine()})"


def _libraries() -> Iterable[Finding]:
    versions, missing = [], []
    for library in LIBRARIES:
        try:
            versions.append(f"{library} {metadata.version(library)}")
        except metadata.PackageNotFoundError:
            missing.append(library)
    if missing:
        yield Finding("libraries", "lacking", f"missing: {', '.join(missing)}", "Start ./rangectl once more")
    else:
        yield Finding("libraries", "ok", ", ".join(versions))


def _drawing(environment: Mapping[str, str]) -> Iterable[Finding]:
    server = display_server(environment)
    displays: tuple[Output, ...] = ()
    if not server:
        remedy = "Start it from a desktop, or set DISPLAY; rangectl demo --headless needs none"
        yield Finding("displays", "lacking", "no display server", remedy)
    else:
        displays, trouble = list_displays()
        for number, display in enumerate(displays):
            size = f"{display.width} x {display.height}, at {display.x},{display.y}"
            yield Finding("displays", "ok", f'{number} "{display.name}": {size} ({server})')
        if not displays:
            remedy = "Check that the display server runs and lets you in"
            yield Finding("displays", "lacking", f"{server}: {trouble or 'no display'}", remedy)
        if len(displays) == 1:
            remedy = "Connect the projector and extend the desktop to it, so that the operator keeps a screen"
            yield Finding("second display", "poor", "one display only", remedy)
    yield _renderer(bool(displays))


def _renderer(has_display: bool) -> Finding:
    troubles = []
    for offscreen in (False, True) if has_display else (True,):
        renderer, trouble = find_renderer(offscreen=offscreen)
        where = "off screen" if offscreen else "in a window"
        if renderer is None:
            troubles.append(f"{where}: {trouble}")
            continue
        found = f"{renderer.name}, OpenGL {renderer.version}, {where}"
        if offscreen and has_display:
            remedy = "Install libgl1 and libglx-mesa0 to draw in a window too"
            return Finding("drawing", "poor", f"{found}; {'; '.join(troubles)}", remedy)
        if renderer.software:
            remedy = "Without a graphics card prefer clips of 1280x720, or install its driver"
            return Finding("drawing", "poor", f"{found}: the processor draws", remedy)
        return Finding("drawing", "ok", found)
    remedy = "Install the drawing libraries (on Debian: apt-get install libgl1 libegl1 libgl1-mesa-dri)"
    return Finding("drawing", "lacking", "; ".join(troubles), remedy)


def _cameras() -> Iterable[Finding]:
    cameras = list_cameras()
    if not cameras:
        yield Finding("cameras", "lacking", "no camera", 'Plug one in, or set camera.device = "twin" to try things')
    for camera in cameras:
        found = f'{camera.name}, camera.device = "{camera.identity}", now at index {camera.index}'
        if camera.usable:
            yield Finding("cameras", "ok", found)
        else:
            remedy = f"You may not use {camera.device}: sudo usermod -aG video $USER, then log in again"
            yield Finding("cameras", "lacking", found, remedy)


def _serial_ports() -> Iterable[Finding]:
    ports = list_serial_ports()
    if not ports:
        remedy = "Plug a keypad in; this computer's keyboard serves as one meanwhile"
        yield Finding("serial ports", "lacking", "no serial port", remedy)
    for port in ports:
        found = f"{port.identity or port.device}: {port.description}" + (f" at {port.device}" if port.identity else "")
        if os.access(port.device, os.R_OK | os.W_OK):
            yield Finding("serial ports", "ok", found)
        else:
            remedy = f"You may not use {port.device}: sudo usermod -aG dialout $USER, then log in again"
            yield Finding("serial ports", "lacking", found, remedy)


def _pads() -> Iterable[Finding]:
    for pad in list_pads():
        found = f'{pad.name}, keypad.port = "{pad.identity}"'
        if pad.usable:
            yield Finding("number pads", "ok", found)
        else:
            remedy = f"You may not use {pad.nodes[0]}: sudo usermod -aG input $USER, then log in again"
            yield Finding("number pads", "lacking", found, remedy)


def _sound() -> Iterable[Finding]:
    answer = ask(_SOUND, seconds=SECONDS)
    if answer.value is None:
        remedy = "Install libVLC (on Debian: apt-get install libvlc5 vlc-plugin-base); without it films are silent"
        yield Finding("sound", "lacking", f"libVLC does not load ({answer.trouble})", remedy)
        return
    version = answer.value["version"]
    devices = [device for device in answer.value["devices"] if not device.startswith("null")]
    if devices and has_sound_device():
        yield Finding("sound", "ok", f"libVLC {version}: {', '.join(devices)}")
    else:
        remedy = "Connect loudspeakers, or check the system's sound settings; films are silent meanwhile"
        yield Finding("sound", "lacking", f"libVLC {version}, but no sound device", remedy)


def _decoder() -> Iterable[Finding]:
    trial = try_decoder()
    state: State = "lacking" if trial.trouble else "ok"
    yield Finding("decoder", state, trial.trouble or trial.found, "Start ./rangectl once more" if trial.trouble else "")


def _disk(data_dir: Path) -> Iterable[Finding]:
    existing = data_dir.absolute()
    while not existing.exists() and existing != existing.parent:
        existing = existing.parent
    try:
        with tempfile.TemporaryFile(dir=existing) as file:
            file.write(b"\0" * 4096)
            file.flush()
            os.fsync(file.fileno())
    except OSError as problem:
        remedy = "Name a folder that you may write to with --data DIR or COMMON_GROUND_DATA"
        yield Finding("data directory", "lacking", f"{data_dir} cannot be written ({problem.strerror})", remedy)
        return
    free = shutil.disk_usage(existing).free
    room = f"{free / 1e9:.1f} GB free, enough for the record of {free // RECORD_BYTES_PER_HOUR} hours"
    if free < ENOUGH_BYTES:
        remedy = "Make room, or name another folder with --data DIR"
        yield Finding("data directory", "poor", f"{data_dir}: {room}", remedy)
    else:
        yield Finding("data directory", "ok", f"{data_dir}: {room}")


def _lasers(data_dir: Path) -> Iterable[Finding]:
    for file in sorted(lasers_folder(data_dir).glob("*.json")):
        try:
            laser = read_laser(file)
        except LaserFileError as problem:
            yield Finding("lasers learnt", "poor", str(problem), "Learn it again with rangectl laser learn")
        else:
            yield Finding("lasers learnt", "ok", f"{laser.name}: {laser.colour}, lit for {laser.pulse:.2f} s a pull")


def _fonts() -> Iterable[Finding]:
    answer = ask(_FONTS, seconds=SECONDS)
    if answer.value:
        yield Finding("fonts", "ok", f"{len(answer.value)} families, such as {', '.join(sorted(answer.value)[:3])}")
    else:
        remedy = "Install a font (on Debian: apt-get install fonts-dejavu-core); captions need one"
        yield Finding("fonts", "lacking", answer.trouble or "no font", remedy)


def _voice() -> Iterable[Finding]:
    path = shutil.which("espeak-ng")
    if path:
        yield Finding("voice", "ok", f"espeak-ng at {path}")
    else:
        remedy = "Install espeak-ng (on Debian: apt-get install espeak-ng) to hear the lines of an animatic"
        yield Finding("voice", "lacking", "no espeak-ng", remedy)


def _show(findings: Iterable[Finding], out: TextIO) -> None:
    marks = {"ok": "[green]ok[/]", "poor": "[yellow]poor[/]", "lacking": "[red]lacking[/]"}
    console = Console(file=out, highlight=False, width=None if out.isatty() else 120)
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    before = ""
    for finding in findings:
        text = finding.found.replace("[", r"\[")
        remedy = f"\n[dim]{finding.remedy.replace('[', chr(92) + '[')}.[/]" if finding.remedy else ""
        table.add_row("" if finding.part == before else finding.part, marks[finding.state], text + remedy)
        before = finding.part
    console.print(table)
