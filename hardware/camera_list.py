"""The cameras that the system names (Linux: video4linux), and which of them a configuration means.

Never by index alone: an index is what the system happened to give. A camera is known by its make, its serial number
and, where it has none, the socket it is in.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hardware.identity import attribute

_USB = re.compile(r"usb:([0-9a-f]{4}):([0-9a-f]{4})(?::([^@]+))?(?:@(.+))?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CameraIdentity:
    """What stays of a camera: USB `vendor` and `product` (four hexadecimal digits, empty elsewhere), its `serial`
    number where it has one, the `bus` path to its socket, and the `name` its driver gives."""

    vendor: str
    product: str
    serial: str
    bus: str
    name: str

    def __str__(self) -> str:
        if not self.vendor:
            return f"{self.name}@{self.bus}"
        tail = f":{self.serial}" if self.serial else f"@{self.bus}"
        return f"usb:{self.vendor}:{self.product}{tail}"

    def is_same(self, other: "CameraIdentity") -> bool:
        """Whether both are one device: by make and serial number, or without one by make and socket."""
        if (self.vendor, self.product, self.serial, self.name) != (
            other.vendor,
            other.product,
            other.serial,
            other.name,
        ):
            return False
        return bool(self.serial) or self.bus == other.bus


@dataclass(frozen=True, slots=True)
class ListedCamera:
    """A camera: its name, index, device, the path that stays when it is plugged in elsewhere, and if we may use it."""

    name: str
    index: int
    device: Path
    stable: Path | None
    usable: bool
    identity: CameraIdentity


class AnotherCameraError(LookupError):
    """Where a camera was, another is now; the text names it."""


class SeveralCamerasError(LookupError):
    """More than one camera fits; the text names them."""


def list_cameras(sysfs: Path = Path("/sys/class/video4linux"), dev: Path = Path("/dev")) -> tuple[ListedCamera, ...]:
    """Every camera by index. A camera's further nodes, which carry no pictures, are left out."""
    stable = {link.resolve(): link for link in sorted((dev / "v4l" / "by-id").glob("*"), reverse=True)}
    cameras: list[ListedCamera] = []
    for node in sysfs.glob("video*"):
        number = node.name.removeprefix("video")
        device = dev / node.name
        if not number.isdigit() or attribute(node / "index") not in ("", "0"):
            continue
        usable = os.access(device, os.R_OK | os.W_OK)
        name = attribute(node / "name") or node.name
        link = stable.get(device.resolve())
        cameras.append(ListedCamera(name, int(number), device, link, usable, _identity(node, name)))
    return tuple(sorted(cameras, key=lambda camera: camera.index))


def find_camera(
    wanted: str, cameras: Sequence[ListedCamera], known: CameraIdentity | None = None
) -> ListedCamera | None:
    """The camera that `wanted` means: an index, a device's path, or an identity as `str(CameraIdentity)` gives it.

    `known`: the one it meant before. Then that one is found wherever it is now, and no other is taken for it. None
    where nothing fits. Raises AnotherCameraError where only another is there, SeveralCamerasError for a choice of
    devices.
    """
    meant = [camera for camera in cameras if _is_meant(wanted, camera)]
    if known is not None:
        same = [camera for camera in cameras if camera.identity.is_same(known)]
        # Cheap cameras may share one serial number: the socket then tells.
        same.sort(key=lambda camera: (camera.identity.bus != known.bus, camera.index))
        if same:
            return same[0]
        if meant:
            raise AnotherCameraError(str(meant[0].identity))
        return None
    # One device may have several nodes with pictures: colour first, infrared behind it.
    if len({camera.identity.bus for camera in meant}) > 1:
        raise SeveralCamerasError(", ".join(str(camera.identity) for camera in meant))
    return meant[0] if meant else None


def _is_meant(wanted: str, camera: ListedCamera) -> bool:
    if wanted.isdigit():
        return camera.index == int(wanted)
    identity = camera.identity
    if found := _USB.fullmatch(wanted):
        vendor, product, serial, bus = found.groups()
        return (
            (identity.vendor, identity.product) == (vendor.lower(), product.lower())
            and serial in (None, identity.serial)
            and bus in (None, identity.bus)
        )
    return wanted == str(identity) or ("/" in wanted and Path(wanted).resolve() == camera.device.resolve())


def _identity(node: Path, name: str) -> CameraIdentity:
    """What the device behind a node is: the nearest folder above it that is a USB device, else the device itself."""
    device = (node / "device").resolve()
    for folder in (device, *device.parents):
        if (vendor := attribute(folder / "idVendor")) and (product := attribute(folder / "idProduct")):
            return CameraIdentity(vendor, product, attribute(folder / "serial"), _socket_of(folder), name)
    return CameraIdentity("", "", "", "/".join(device.parts[-2:]), name)


def _socket_of(folder: Path) -> str:
    """A USB device's socket: its controller, and the ports on the way, as 0000:00:14.0-3.2; bus numbers may change."""
    _, _, ports = folder.name.partition("-")
    root = next((above for above in folder.parents if re.fullmatch(r"usb\d+", above.name)), None)
    controller = root.parent.name if root is not None else ""
    return f"{controller}-{ports}"
