"""USB and Bluetooth number pads, presenters and keyboards that the system names (Linux: its input devices)."""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hardware.identity import attribute, the_one

PREFIX = "input:"
_IDENTITY = re.compile(r"input:([0-9a-f]{4}):([0-9a-f]{4})(?::(.+))?", re.IGNORECASE)
_PLUGGED = ("0003", "0005")  # USB, Bluetooth; what is built in is this computer's own keyboard
_TELLING_CODES = (2, 28, 79, 96, 109)  # 1, enter, 1 and enter of a number pad, page down: one of them makes a pad
_WORD_BITS = 64


@dataclass(frozen=True, slots=True)
class ListedPad:
    """A device with keys: `nodes` are the paths its keys come by, `socket` tells two of one make apart."""

    name: str
    identity: str
    socket: str
    nodes: tuple[Path, ...]
    usable: bool


def is_pad_address(address: str) -> bool:
    """Whether an address means an input device, not a serial port."""
    return address.lower().startswith(PREFIX) or address.startswith("/dev/input/")


def pad_address_fault(address: str) -> str | None:
    """What is wrong with an input device's address, in words; None where nothing is."""
    if address.startswith("/dev/input/") or _IDENTITY.fullmatch(address):
        return None
    return f"{address!r} is no input device; write input:VID:PID or input:VID:PID:SERIAL with four digits each"


def list_pads(sysfs: Path = Path("/sys/class/input"), dev: Path = Path("/dev/input")) -> tuple[ListedPad, ...]:
    """Every pad that is plugged in, by identity and socket."""
    found: dict[tuple[str, str], list[tuple[Path, str]]] = {}
    for node in sorted(sysfs.glob("event*"), key=lambda node: int(node.name[5:] or 0)):
        device = node / "device"
        if attribute(device / "id" / "bustype") not in _PLUGGED or not _has_keys(
            attribute(device / "capabilities" / "key")
        ):
            continue
        serial = attribute(device / "uniq")
        identity = f"{PREFIX}{attribute(device / 'id' / 'vendor')}:{attribute(device / 'id' / 'product')}"
        identity += f":{serial}" if serial else ""
        socket = attribute(device / "phys").partition("/")[0]
        found.setdefault((identity, socket), []).append((dev / node.name, attribute(device / "name")))
    return tuple(
        ListedPad(
            name=nodes[0][1],
            identity=identity,
            socket=socket,
            nodes=tuple(path for path, _ in nodes),
            usable=all(os.access(path, os.R_OK) for path, _ in nodes),
        )
        for (identity, socket), nodes in sorted(found.items())
    )


def nodes_at(address: str, pads: Sequence[ListedPad]) -> tuple[Path, ...]:
    """The nodes to open for an address now. LookupError where it is not there, AmbiguousError for a choice."""
    if not address.lower().startswith(PREFIX):
        return (Path(address),)
    pad = the_one(
        address, pads, identity=lambda pad: pad.identity, named=lambda pad: f"{pad.identity} at {pad.nodes[0]}"
    )
    return pad.nodes


def _has_keys(bits: str) -> bool:
    """Whether a capability mask, words of hexadecimal digits with the highest first, has one of the telling codes."""
    words = [int(word, 16) for word in bits.split()][::-1]
    return any(
        code // _WORD_BITS < len(words) and words[code // _WORD_BITS] >> code % _WORD_BITS & 1
        for code in _TELLING_CODES
    )
