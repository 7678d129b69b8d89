"""The sketch for the board, compiled for this machine and put on the other end of a pseudo-terminal."""

import os
import shutil
import subprocess
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_keypad_port import Desk

SKETCH = Path(__file__).parent.parent / "hardware" / "keypad" / "firmware" / "keypad" / "keypad.ino"

# As much of an Arduino as the sketch uses: the serial port is standard input and output, the pins are bytes in a file.
BOARD = r"""
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <thread>
#include <unistd.h>
typedef uint8_t byte;
enum { OUTPUT, INPUT_PULLUP };
static int pins;
struct String {
  std::string s;
  String(const char *c = "") : s(c) {}
  String(std::string c) : s(c) {}
  int length() const { return s.size(); }
  char operator[](int i) const { return s[i]; }
  void operator+=(char c) { s += c; }
  int indexOf(String what, int from = 0) const { auto i = s.find(what.s, from); return i == s.npos ? -1 : (int)i; }
  int indexOf(char what, int from = 0) const { auto i = s.find(what, from); return i == s.npos ? -1 : (int)i; }
  String substring(int a) const { return s.substr(a); }
  String substring(int a, int b) const { return a > b ? substring(b, a) : String(s.substr(a, b - a)); }
  long toInt() const { return atol(s.c_str()); }
  bool operator!=(const String &o) const { return s != o.s; }
};
String operator+(String a, String b) { return a.s + b.s; }
String operator+(String a, int b) { return a.s + std::to_string(b); }
unsigned long millis() {
  static auto start = std::chrono::steady_clock::now();
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start).count();
}
struct {
  void begin(long) { fcntl(0, F_SETFL, O_NONBLOCK); }
  int waiting = -1;
  bool available() { byte b; if (waiting < 0 && ::read(0, &b, 1) == 1) waiting = b; return waiting >= 0; }
  int read() { int b = waiting; waiting = -1; return b; }
  void println(String text) { text.s += "\r\n"; if (write(1, text.s.data(), text.s.size()) < 0) _exit(0); }
} Serial;
void pinMode(int, int) {}
int digitalRead(int pin) { byte b = 1; pread(pins, &b, 1, pin); return b; }
void digitalWrite(int pin, bool on) { byte b = on; pwrite(pins, &b, 1, pin); }
#include SKETCH
int main(int, char **argv) {
  pins = open(argv[1], O_RDWR);
  for (setup();; std::this_thread::sleep_for(std::chrono::milliseconds(1))) loop();
}
"""


class Breadboard:
    """Fingers on the sketch's key pins (2 to 5 for keys 1 to 4), eyes on its light pins (8 to 11)."""

    def __init__(self, folder: Path, path: str) -> None:
        self.path = path
        self._pins = folder / "pins"
        self._pins.write_bytes(b"\1" * 16)

    def hold(self, key: int, down: bool) -> None:
        with self._pins.open("r+b") as pins:
            pins.seek(key + 1)
            pins.write(b"\0" if down else b"\1")

    def shines(self, key: int) -> bool:
        return self._pins.read_bytes()[key + 7] == 1


@pytest.fixture(scope="module")
def firmware(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler = shutil.which("g++") or shutil.which("clang++")
    if compiler is None:
        pytest.skip("no C++ compiler on this machine")
    folder = tmp_path_factory.mktemp("firmware")
    (folder / "board.cpp").write_text(BOARD)
    command = [compiler, "-w", f'-DSKETCH="{SKETCH}"', "-x", "c++", str(folder / "board.cpp"), "-o", str(folder / "it")]
    subprocess.run(command, check=True)
    return folder / "it"


@pytest.fixture
def board(firmware: Path, tmp_path: Path) -> Iterator[Breadboard]:
    keypad_end, host_end = os.openpty()
    tty.setraw(host_end)
    board = Breadboard(tmp_path, os.ttyname(host_end))
    process = subprocess.Popen([firmware, tmp_path / "pins"], stdin=keypad_end, stdout=keypad_end)
    os.close(keypad_end)
    yield board
    process.kill()
    process.wait()
    os.close(host_end)


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.close()


def test_the_sketch_delivers_every_press_once(desk: Desk, board: Breadboard) -> None:
    desk.connect(board.path)
    desk.wait_for_state("live")
    for turn, key in enumerate((1, 4, 2, 2)):
        board.hold(key, down=True)
        desk.wait_for(lambda turn=turn: len(desk.keys) == turn + 1)  # type: ignore[misc]
        board.hold(key, down=False)
        desk.wait_for_quiet()
    assert desk.keys == ["1", "4", "2", "2"]


def test_the_sketch_shows_the_lights_it_is_told_to(desk: Desk, board: Breadboard) -> None:
    port = desk.connect(board.path)
    port.set_lights(frozenset("13"), frozenset("4"))
    desk.wait_for(lambda: board.shines(1) and board.shines(3))
    desk.wait_for(lambda: board.shines(4))
    desk.wait_for(lambda: not board.shines(4))
    assert not board.shines(2)


def test_a_key_of_the_sketch_held_when_the_host_comes_is_no_press(desk: Desk, board: Breadboard) -> None:
    port = desk.connect(board.path)
    board.hold(1, down=True)
    desk.wait_for_keys("1")
    port.close()
    desk.connect(board.path).set_lights(frozenset("2"), frozenset())
    desk.wait_for(lambda: board.shines(2))
    board.hold(2, down=True)
    desk.wait_for_keys("1", "2")
