"""The cameras that the system names (Linux: video4linux)."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ListedCamera:
    """A camera: its name, index, device, the path that stays when it is plugged in elsewhere, and if we may use it."""

    name: str
    index: int
    device: Path
    stable: Path | None
    usable: bool


def list_cameras(sysfs: Path = Path("/sys/class/video4linux"), dev: Path = Path("/dev")) -> tuple[ListedCamera, ...]:
    """Every camera by index. A camera's further nodes, which carry no pictures, are left out."""
    stable = {link.resolve(): link for link in sorted((dev / "v4l" / "by-id").glob("*"), reverse=True)}
    cameras: list[ListedCamera] = []
    for node in sysfs.glob("video*"):
        number = node.name.removeprefix("video")
        device = dev / node.name
        if not number.isdigit() or _text(node / "index") not in ("", "0"):
            continue
        usable = os.access(device, os.R_OK | os.W_OK)
        name = _text(node / "name") or node.name
        cameras.append(ListedCamera(name, int(number), device, stable.get(device.resolve()), usable))
    return tuple(sorted(cameras, key=lambda camera: camera.index))


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        return ""
