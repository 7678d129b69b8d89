"""How a keypad's address finds its port."""

import pytest

from hardware.serial_ports import Address, SerialPort, device_at, list_serial_ports

LEFT = SerialPort("/dev/ttyACM0", "Leonardo", "usb:2341:8036:LEFT")
RIGHT = SerialPort("/dev/ttyACM1", "Leonardo", "usb:2341:8036:RIGHT")
BUILT_IN = SerialPort("/dev/ttyS0", "serial port", None)


def test_a_path_or_url_is_opened_as_it_stands() -> None:
    assert device_at(Address.parse("/dev/ttyACM7"), ()) == "/dev/ttyACM7"
    assert device_at(Address.parse("socket://10.0.0.5:7000"), ()) == "socket://10.0.0.5:7000"


def test_the_speed_stands_behind_the_address() -> None:
    assert Address.parse("/dev/ttyUSB0@9600") == Address("/dev/ttyUSB0", 9600)
    assert Address.parse("/dev/ttyUSB0").baud == 115200


def test_an_identity_finds_its_device_wherever_it_is_plugged_in() -> None:
    assert device_at(Address.parse("USB:2341:8036:right"), (BUILT_IN, LEFT, RIGHT)) == "/dev/ttyACM1"
    assert device_at(Address.parse("usb:2341:8036"), (BUILT_IN, LEFT)) == "/dev/ttyACM0"


def test_another_device_is_never_taken_for_it() -> None:
    with pytest.raises(LookupError, match="usb:"):
        device_at(Address.parse("usb:2341:8036:LEF"), (BUILT_IN, LEFT, RIGHT))


def test_an_identity_that_two_devices_fit_is_refused_with_both_names() -> None:
    with pytest.raises(LookupError, match=r"LEFT.*RIGHT"):
        device_at(Address.parse("usb:2341:8036"), (LEFT, RIGHT))


@pytest.mark.parametrize("text", ["", "  ", "usb:23:8036", "usb:", "/dev/ttyUSB0@7", "nothing://here", "a\0b"])
def test_an_address_that_cannot_be_right_says_why(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        Address.parse(text)


def test_the_ports_of_this_machine_can_be_listed() -> None:
    ports = list_serial_ports()
    assert list(ports) == sorted(ports, key=lambda port: port.device)
