"""Devices by an identity that stays when they are plugged in elsewhere: make, and serial number where there is one."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

Listed = TypeVar("Listed")


class AmbiguousError(LookupError):
    """More than one device fits; the text names them."""


def the_one(
    wanted: str,
    devices: Sequence[Listed],
    *,
    identity: Callable[[Listed], str | None],
    named: Callable[[Listed], str],
) -> Listed:
    """The only device whose identity is, or at a colon begins with, the `wanted` one; letters' case is the same.

    LookupError where it is not there. AmbiguousError, which names them by `named`, where more than one fits: another
    device is never taken for it.
    """
    begins = wanted.lower() + ":"
    fitting = [device for device in devices if ((identity(device) or "").lower() + ":").startswith(begins)]
    if not fitting:
        raise LookupError(wanted)
    if len(fitting) > 1:
        raise AmbiguousError(", ".join(named(device) for device in fitting))
    return fitting[0]


def attribute(path: Path) -> str:
    """What the kernel says of a device in a file of /sys; empty where it says nothing."""
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        return ""
