"""Which camera is meant: the same one wherever it is plugged in, and never another in its place."""

from pathlib import Path

import pytest

from hardware.camera_list import (
    AnotherCameraError,
    ListedCamera,
    SeveralCamerasError,
    find_camera,
    list_cameras,
)

CONTROLLER = "devices/pci0000:00/0000:00:14.0"


class Machine:
    """The part of a Linux machine that names cameras, as sysfs has it."""

    def __init__(self, root: Path) -> None:
        self._root = root
        (root / "dev").mkdir()
        (root / "class").mkdir()

    def plug(self, index: int, *, socket: str, serial: str = "", product: str = "0825", name: str = "Webcam") -> None:
        """Plug a camera into a socket such as 1-3.2; the system gives it an index."""
        usb = self._root / CONTROLLER / f"usb{socket[0]}" / socket
        interface = usb / f"{socket}:1.0"
        node = interface / "video4linux" / f"video{index}"
        node.mkdir(parents=True)
        for file, text in (("idVendor", "046d"), ("idProduct", product), *([("serial", serial)] if serial else [])):
            (usb / file).write_text(text + "\n")
        (node / "name").write_text(name + "\n")
        (node / "index").write_text("0\n")
        (node / "device").symlink_to(interface)
        (self._root / "class" / f"video{index}").symlink_to(node)
        (self._root / "dev" / f"video{index}").write_bytes(b"")

    def unplug(self, index: int) -> None:
        (self._root / "class" / f"video{index}").unlink()
        (self._root / "dev" / f"video{index}").unlink()

    @property
    def cameras(self) -> tuple[ListedCamera, ...]:
        return list_cameras(self._root / "class", self._root / "dev")


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def meant(machine: Machine, wanted: str, known: ListedCamera | None = None) -> ListedCamera | None:
    return find_camera(wanted, machine.cameras, known.identity if known is not None else None)


def there(machine: Machine, wanted: str) -> ListedCamera:
    found = meant(machine, wanted)
    assert found is not None
    return found


def test_a_camera_is_named_by_make_and_serial_number_or_by_make_and_socket(machine: Machine) -> None:
    machine.plug(0, socket="1-3", serial="A1B2")
    machine.plug(2, socket="2-1.4")
    with_serial, without = machine.cameras
    assert str(with_serial.identity) == "usb:046d:0825:A1B2"
    assert str(without.identity) == "usb:046d:0825@0000:00:14.0-1.4"
    for camera in machine.cameras:
        assert there(machine, str(camera.identity)) == camera


def test_the_same_camera_is_found_under_another_index_and_in_another_socket(machine: Machine) -> None:
    machine.plug(0, socket="1-3", serial="A1B2")
    first = there(machine, "0")
    machine.unplug(0)
    assert meant(machine, "0", first) is None
    machine.plug(0, socket="1-1", serial="OTHER")
    machine.plug(4, socket="1-4", serial="A1B2")
    found = meant(machine, "0", first)
    assert found is not None
    assert found.index == 4


def test_another_camera_under_the_same_index_is_not_taken_for_it(machine: Machine) -> None:
    machine.plug(0, socket="1-3", serial="A1B2")
    first = there(machine, "0")
    machine.unplug(0)
    machine.plug(0, socket="1-3.1", serial="OTHER")
    with pytest.raises(AnotherCameraError, match="OTHER"):
        meant(machine, "0", first)


def test_without_a_serial_number_the_socket_tells_whether_it_is_the_same(machine: Machine) -> None:
    machine.plug(0, socket="1-3")
    first = there(machine, "usb:046d:0825")
    machine.unplug(0)
    machine.plug(1, socket="1-4")
    with pytest.raises(AnotherCameraError):
        meant(machine, "usb:046d:0825", first)
    machine.plug(2, socket="3-3")  # the same socket after the bus was numbered anew
    found = meant(machine, "usb:046d:0825", first)
    assert found is not None
    assert found.index == 2


def test_of_two_that_fit_none_is_taken(machine: Machine) -> None:
    machine.plug(0, socket="1-3")
    machine.plug(2, socket="1-4")
    with pytest.raises(SeveralCamerasError, match=r"14\.0-3.*14\.0-4"):
        meant(machine, "usb:046d:0825")
    assert there(machine, "usb:046d:0825@0000:00:14.0-4").index == 2


def test_a_camera_of_another_make_is_not_meant(machine: Machine) -> None:
    machine.plug(0, socket="1-3", product="0826")
    assert meant(machine, "usb:046d:0825") is None
    assert meant(machine, "1") is None
    assert there(machine, "usb:046D:0826").index == 0


def test_cheap_cameras_that_share_a_serial_number_are_told_apart_by_their_sockets(machine: Machine) -> None:
    machine.plug(0, socket="1-3", serial="SN0001")
    machine.plug(2, socket="1-4", serial="SN0001")
    first = there(machine, "2")
    found = meant(machine, "2", first)
    assert found is not None
    assert found.index == 2
