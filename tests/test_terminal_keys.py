"""This computer's keyboard through its terminal: single presses, and the terminal as it was afterwards."""

import os
import pty
import sys
import termios

import pytest

from hardware.keypad.terminal import keys_of

LISTEN = """
import sys
from queue import SimpleQueue
from hardware.keypad.terminal import TerminalKeys
heard = SimpleQueue()
keys = TerminalKeys(heard.put)
keys.start()
print("listening", flush=True)
while (key := heard.get()) != "0":
    print("heard", key, flush=True)
keys.close()
print("closed", flush=True)
"""


def test_each_key_is_one_press_without_waiting_for_enter() -> None:
    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.executable, [sys.executable, "-P", "-c", LISTEN])
    before = termios.tcgetattr(terminal)
    said = _read_until(terminal, b"listening")
    os.write(terminal, b"1b ")
    said += _read_until(terminal, b"heard space")
    os.write(terminal, b"\x1b[A")
    os.write(terminal, b"\r")
    said += _read_until(terminal, b"heard enter")
    os.write(terminal, b"0")
    said += _read_until(terminal, b"closed")
    assert [line.split()[1] for line in said.decode().splitlines() if line.startswith("heard")] == [
        "1",
        "b",
        "space",
        "enter",
    ]
    assert os.waitpid(child, 0)[1] == 0
    assert termios.tcgetattr(terminal)[3] == before[3]
    os.close(terminal)


@pytest.mark.parametrize(
    ("data", "keys"),
    [
        (b"1", ["1"]),
        (b"12", ["1", "2"]),
        (b"\x1b", ["escape"]),
        (b"\x1b[A\r", ["enter"]),
        (b"1\x1bOP2", ["1", "2"]),
        (b"\x1b[15~", []),
        (b"\n", ["enter"]),
    ],
)
def test_arrows_and_function_keys_are_no_presses(data: bytes, keys: list[str]) -> None:
    assert keys_of(data) == keys


def _read_until(terminal: int, words: bytes) -> bytes:
    said = b""
    while words not in said:
        said += os.read(terminal, 1024)
    return said
