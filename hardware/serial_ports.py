"""Serial ports of this machine, and addresses that find one: a path, a pyserial URL, or a stable USB identity."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from serial.tools import list_ports

from hardware.identity import the_one

DEFAULT_BAUD = 115200

_USB = re.compile(r"usb:([0-9a-f]{4}):([0-9a-f]{4})(?::(.+))?", re.IGNORECASE)
_BAUD = re.compile(r"(.+)@(\d+)")
_URL_SCHEMES = frozenset({"socket", "rfc2217", "loop", "spy", "hwgrep", "alt", "cp2110"})


@dataclass(frozen=True, slots=True)
class SerialPort:
    """A port that is plugged in. `identity` (usb:VID:PID[:SERIAL]) stays when the device's path changes."""

    device: str
    description: str
    identity: str | None


@dataclass(frozen=True, slots=True)
class Address:
    """Where a serial device is: `target` is a path, a URL or a USB identity; `baud` its speed in bits a second."""

    target: str
    baud: int = DEFAULT_BAUD

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Reads `TARGET[@BAUD]`; ValueError says in a sentence what is wrong."""
        found = _BAUD.fullmatch(text.strip())
        target, baud = (found[1], int(found[2])) if found else (text.strip(), DEFAULT_BAUD)
        if not target:
            raise ValueError("The address is empty; write a device path, usb:VID:PID[:SERIAL] or a pyserial URL")
        if "\0" in target:
            raise ValueError("The address holds a NUL character; write a device path, usb:VID:PID or a pyserial URL")
        if not 50 <= baud <= 4_000_000:
            raise ValueError(f"{baud} is no speed of a serial port; usual ones are 9600 and {DEFAULT_BAUD}")
        if target.lower().startswith("usb:") and not _USB.fullmatch(target):
            raise ValueError(
                f"{target!r} is no USB identity; write usb:VID:PID or usb:VID:PID:SERIAL with four hexadecimal digits"
                " each, as `rangectl doctor` lists them"
            )
        scheme, sign, _ = target.partition("://")
        if sign and scheme.lower() not in _URL_SCHEMES:
            raise ValueError(f"{scheme}:// is no kind of serial port; known are socket://, rfc2217://, loop://, spy://")
        return cls(target, baud)


def list_serial_ports() -> tuple[SerialPort, ...]:
    """Every serial port the system names, by device path."""
    ports = []
    for port in list_ports.comports():
        identity = None
        if port.vid is not None and port.pid is not None:
            serial = f":{port.serial_number}" if port.serial_number else ""
            identity = f"usb:{port.vid:04x}:{port.pid:04x}{serial}"
        ports.append(SerialPort(port.device, port.description or port.device, identity))
    return tuple(sorted(ports, key=lambda port: port.device))


def device_at(address: Address, ports: Sequence[SerialPort]) -> str:
    """The path or URL to open for an address now.

    A USB identity is looked up among `ports`. LookupError where it is not there, AmbiguousError where more than one
    device fits: another device is never taken for it.
    """
    if not _USB.fullmatch(address.target):
        return address.target
    port = the_one(address.target, ports, identity=lambda port: port.identity, named=lambda port: str(port.identity))
    return port.device
