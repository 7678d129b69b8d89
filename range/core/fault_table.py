"""Every fault of a device: what the operator reads, the likely cause, the remedy, and what still works meanwhile.

One table. The messages of a session and docs/faults.md both come from it.
"""

import string
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType

HEAD = """# Faults

What the operator reads in a session when a device is in trouble, why it is likely so, and what to do. The film never
waits for a device, and a device that comes back is taken up again by itself. Words in capitals stand for what is there:
a name, a number."""


@dataclass(frozen=True, slots=True)
class DeviceFault:
    """`reads` and `remedy` may hold {fields}; `state` is what the record calls it."""

    id: str
    state: str
    reads: str
    cause: str
    remedy: str

    @property
    def device(self) -> str:
        """The device as the record names it."""
        return self.id.partition(".")[0]


def _table(*faults: DeviceFault) -> MappingProxyType[str, DeviceFault]:
    return MappingProxyType({fault.id: fault for fault in faults})


FAULTS = _table(
    DeviceFault(
        "camera.none", "none", "no camera is configured",
        "config.toml names no camera. A session can be held without one.",
        "name one as camera.device in config.toml",
    ),
    DeviceFault(
        "camera.absent", "missing", "there is no camera {name}",
        "It is not plugged in, its hub has no power, or camera.device names another one.",
        "plug it in, or name another as camera.device in config.toml (`rangectl doctor` lists them)",
    ),
    DeviceFault(
        "camera.another", "missing", "the camera {name} is not there; {other} is, and was not taken for it",
        "Another camera, or one of the same make without a serial number, is plugged in where the first one was.",
        "plug the first one into the socket it was in, or start the session again with the other",
    ),
    DeviceFault(
        "camera.ambiguous", "missing", "several cameras fit {name}: {others}",
        "Cameras of one make without serial numbers are told apart by their sockets alone.",
        "write the whole identity of one as camera.device in config.toml (`rangectl doctor` lists them)",
    ),
    DeviceFault(
        "camera.denied", "missing", "this user may not open the camera {name}",
        "The system gives cameras to the group `video` only.",
        "run `sudo usermod -aG video $USER`, then log in again",
    ),
    DeviceFault(
        "camera.unopened", "missing", "the camera {name} is there but does not open",
        "Another program shows its picture, or its driver is in trouble after a bad cable.",
        "close other programs that use it; else pull its cable and plug it in again",
    ),
    DeviceFault(
        "camera.no_answer", "missing", "nothing answers at the camera's address {name}",
        "The camera or the program that serves its pictures is off, or the network is.",
        "switch it on, and check camera.device in config.toml",
    ),
    DeviceFault(
        "camera.unreadable", "missing", "the recording cannot be played ({trouble})",
        "camera.device names a recording that is missing, damaged or no video.",
        "name another as camera.device in config.toml",
    ),
    DeviceFault(
        "camera.hung_opening", "missing", "the camera does not open",
        "Its driver does not come back from opening it.",
        "pull its cable and plug it in again",
    ),
    DeviceFault(
        "camera.unplugged", "lost", "the camera {name} gives no more pictures",
        "Its cable was kicked or its hub has lost power; a camera on the network: its program or the network ended.",
        "check its cable; it is taken up again by itself",
    ),
    DeviceFault(
        "camera.hung", "lost", "the camera has stopped giving pictures",
        "Its driver hangs, often from a loose cable, a long one, or a hub that is short of power.",
        "it is opened again by itself; else pull its cable and plug it in again",
    ),
    DeviceFault(
        "camera.ended", "lost", "the camera process has ended",
        "A driver crashed and took the camera's process with it, or the machine is short of memory.",
        "it is started again by itself",
    ),
    DeviceFault(
        "camera.failed", "lost", "the camera process failed ({trouble})",
        "The camera gave something the program cannot read.",
        "it is opened again by itself; else try another mode in config.toml",
    ),
    DeviceFault(
        "camera.over", "lost", "the recording {name} has come to its end",
        "camera.device names a recording, and it is over.",
        "start again",
    ),
    DeviceFault(
        "camera.damaged", "lost", "the recording ends early ({trouble})",
        "camera.device names a recording that was cut short or damaged.",
        "record or copy it again",
    ),
    DeviceFault(
        "camera.black", "black", "the camera sees black",
        "The lens cap is on, or something stands before the lens.",
        "take the lens cap off",
    ),
    DeviceFault(
        "camera.frozen", "frozen", "the camera repeats one picture",
        "The camera or its driver has stopped and gives its last picture again and again.",
        "pull its cable and plug it in again",
    ),
    DeviceFault(
        "camera.blinded", "blinded", "the picture is too bright to see a laser",
        "The exposure is too long, or a lamp or the sun shines on the screen.",
        "lower the camera's exposure, or darken the room",
    ),
    DeviceFault(
        "camera.slow", "slow", "the camera gives {rate:.0f} pictures a second instead of {wanted:.0f}",
        "In the dark a camera with automatic exposure halves its rate; or another device fills its USB hub.",
        "give the room more light or fix the exposure by calibrating; else use a socket of its own",
    ),
    DeviceFault(
        "camera.mode", "wrong mode", "the camera gives pictures of {got}, not {wanted} as asked",
        "It does not know that mode.",
        "set camera.width and camera.height in config.toml to a mode it has, and calibrate again",
    ),
    DeviceFault(
        "camera.settings", "wrong settings", "the camera does not keep {settings}",
        "The settings it was calibrated with could not be made; another program may be changing them.",
        "close other programs that use the camera, or calibrate again",
    ),
    DeviceFault(
        "camera.moved", "moved", "the camera has moved since it was calibrated",
        "Somebody has touched the camera or its stand.",
        "fix it, then run `rangectl calibrate`",
    ),
    DeviceFault(
        "keypad.absent", "missing", "there is no keypad at {address}",
        "It is not plugged in, or keypad.port names another one.",
        "plug it in, or correct keypad.port in config.toml (`rangectl doctor` lists the ports)",
    ),
    DeviceFault(
        "keypad.ambiguous", "missing", "several devices fit {address}: {others}",
        "Keypads of one make are told apart by their serial numbers.",
        "write the whole identity of one as keypad.port in config.toml (`rangectl doctor` lists them)",
    ),
    DeviceFault(
        "keypad.denied", "missing", "this user may not open {address}",
        "The system gives serial ports to the group `dialout`, keyboards to the group `input`.",
        "run `sudo usermod -aG {group} $USER`, then log in again",
    ),
    DeviceFault(
        "keypad.busy", "missing", "another program has {address} open",
        "A second session, a serial monitor or a firmware tool is running.",
        "close it",
    ),
    DeviceFault(
        "keypad.refused", "missing", "nothing answers at {address}",
        "The device or program that serves the keypad on the network is off.",
        "start the device or program that serves it there",
    ),
    DeviceFault(
        "keypad.no_port", "missing", "{address} is no serial port and no number pad",
        "keypad.port names something else.",
        "correct keypad.port in config.toml (`rangectl doctor` lists the ports)",
    ),
    DeviceFault(
        "keypad.address", "missing", "keypad.port cannot be used ({trouble})",
        "keypad.port is in no known form.",
        "correct keypad.port in config.toml (`rangectl doctor` lists the ports)",
    ),
    DeviceFault(
        "keypad.unopened", "missing", "the keypad at {address} cannot be opened ({trouble})",
        "Its driver is in trouble, often after a bad cable.",
        "check its cable and keypad.port in config.toml",
    ),
    DeviceFault(
        "keypad.gone", "lost", "the keypad at {address} is gone",
        "Its cable was kicked. A key that was held counts as released.",
        "check its cable; it is taken up again by itself",
    ),
    DeviceFault(
        "keypad.silent", "lost", "the keypad at {address} is connected but has fallen silent",
        "It missed three heart-beats: its program hangs, or a wire of its cable is broken.",
        "press its reset button or plug it in again",
    ),
    DeviceFault(
        "keypad.stuck", "lost", "the keypad at {address} takes nothing more",
        "It no longer reads what is sent to it.",
        "press its reset button or plug it in again",
    ),
    DeviceFault(
        "keypad.noisy", "noisy", "the keypad at {address} sends bytes that are no keys; its keys count",
        "A bad cable, or its speed is not the one in keypad.port.",
        "check its cable, and its speed (@9600 after the address for 9600 baud)",
    ),
    DeviceFault(
        "calibration.none", "missing", "not calibrated",
        "No calibration has been made on this computer, or it was made under another data directory.",
        "run `rangectl calibrate`, or name a file as calibration.file in config.toml",
    ),
    DeviceFault(
        "laser.unseen", "unseen", "no test shot was seen",
        "Nobody has fired at the slate yet, the laser's battery is empty, or the camera's exposure is too short.",
        "fire at the slate again, or check the laser's battery and the camera's exposure",
    ),
    DeviceFault(
        "laser.unseen_before", "unseen", "no test shot was seen before the start",
        "The session was begun without one.",
        "if hits are missed, check the laser's battery",
    ),
    DeviceFault(
        "laser.weak", "weak", "the test shot is less than half as bright as learnt ({levels})",
        "The laser's battery is running down, or its lens is dirty.",
        "change the battery, or learn the laser again",
    ),
    DeviceFault(
        "laser.other_colour", "other_colour", "the test shot is {seen}, the laser learnt as {name} {learnt}",
        "Another laser is in use.",
        "take the right one, or learn this one with `rangectl laser learn`",
    ),
    DeviceFault(
        "laser.other_pulse", "other_pulse", "the test shot was lit for {lit:.2f} s, as learnt it was {learnt:.2f} s",
        "The laser's battery is running down, or another laser is in use.",
        "change the battery, or learn the laser again",
    ),
    DeviceFault(
        "film.damaged", "damaged", "the film cannot be shown ({trouble})",
        "A clip is damaged or has gone since the scenario was checked.",
        "press the key for back, and run `rangectl check {scenario}`",
    ),
    DeviceFault(
        "record.failing", "failing", "the record cannot be written ({trouble})",
        "The disk is full, or it has been taken away.",
        "make room on the disk",
    ),
    DeviceFault(
        "record.lost", "failing", "the end of the record is lost ({count} entries could not be written)",
        "The session was ended while the disk was still full.",
        "make room on the disk before the next session",
    ),
)  # fmt: skip

STILL_WORKS: MappingProxyType[str, str] = MappingProxyType({
    "camera": "The film, the keys and the record go on; hits are not counted",
    "camera slow": "Everything works; a short flash of the laser may be missed",
    "camera wrong mode": "Hits are counted if the calibration was made in this mode",
    "camera wrong settings": "Hits are counted, with less certainty",
    "keypad": "The film goes on, hits are counted, and this computer's keyboard steers",
    "keypad noisy": "Everything works",
    "calibration": "The film, the keys and the record go on; hits are not counted",
    "laser": "Everything works; hits may be missed",
    "film": "The picture before stays on the wall; the keys, the hits and the record go on",
    "record": "The film, the keys and the hits go on; what happens is kept until it can be written",
})  # fmt: skip
"""What goes on, by device, or by device and state where that differs."""


def told(fault_id: str, **facts: object) -> str:
    """What the operator reads of a fault: what is wrong, and the remedy. KeyError where a field is missing."""
    fault = FAULTS[fault_id]
    return f"{fault.reads.format_map(facts)}: {fault.remedy.format_map(facts)}"


def still_works(device: str, state: str) -> str:
    """What goes on meanwhile, as a sentence without its period; empty where the table knows nothing of it."""
    return STILL_WORKS.get(f"{device} {state}", STILL_WORKS.get(device, ""))


def fault_pages() -> str:
    """docs/faults.md."""
    return "\n".join(_pages()) + "\n"


def _pages() -> Iterator[str]:
    yield HEAD
    device = ""
    for fault in FAULTS.values():
        if fault.device != device:
            device = fault.device
            yield ""
            yield f"## {device.capitalize()}"
        yield ""
        yield f"### {_in_words(fault.reads)}"
        yield ""
        yield f"- Likely cause: {fault.cause}"
        yield f"- What to do: {_in_words(fault.remedy)}."
        yield f"- Meanwhile: {still_works(fault.device, fault.state)}."
        yield f"- In the record: `fault` of the device `{fault.device}`, state `{fault.state}`."


def _in_words(text: str) -> str:
    parts = string.Formatter().parse(text)
    words = "".join(literal + (field.upper() if field else "") for literal, field, _, _ in parts)
    return words[:1].upper() + words[1:]
