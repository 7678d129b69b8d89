"""A keypad on a serial port: what it says is read, answered, and lit."""

import contextlib
import errno
from collections.abc import Callable

import serial

from hardware.identity import AmbiguousError
from hardware.keypad.attended import AttendedKeypad
from hardware.keypad.conversation import Conversation, KeyPress, Tally
from hardware.reconnect import Reconnect
from hardware.serial_ports import Address, device_at, list_serial_ports
from range.core.fault_table import told

__all__ = ["KeyPress", "KeypadPort", "Tally"]

READ_SECONDS = 0.05  # a byte ends the wait at once; lights and close() wait this long at most
SETTLE_SECONDS = 0.003  # plain keys wait for the bytes that follow at once, which may show that they are none
WRITE_SECONDS = 0.25
CHUNK_BYTES = 2048
FLOOD_PAUSE_SECONDS = 0.01  # after a full chunk, so that a keypad gone mad leaves the processor to the film

Lights = tuple[frozenset[str], frozenset[str]]


class KeypadPort(AttendedKeypad[serial.Serial]):
    """Reads a keypad in a thread named `keypad`.

    `address`: a device path, a pyserial URL or usb:VID:PID[:SERIAL], with @BAUD where it is not 115200. A state of its
    own is noisy, of one that is live.
    """

    def __init__(
        self,
        address: str,
        *,
        clock: Callable[[], float],
        on_press: Callable[[KeyPress], None],
        on_state: Callable[[str, str], None],
    ) -> None:
        super().__init__("keypad", clock=clock, on_press=on_press, on_state=on_state)
        self._address = address
        self._lights: Lights = (frozenset(), frozenset())
        self._conversation = Conversation()
        self._tally = Tally()

    def set_lights(self, lit: frozenset[str], blinking: frozenset[str]) -> None:
        """Which keys can be taken now (lit) and which are taken (blinking). From any thread; never waits.

        A keypad without the line protocol has no lights and is told nothing.
        """
        self._lights = (lit, blinking)

    @property
    def tally(self) -> Tally:
        """What came since the start: presses, and what was dropped and why."""
        return self._tally

    def _open(self) -> serial.Serial:
        where = Address.parse(self._address)
        device = device_at(where, list_serial_ports() if where.target.lower().startswith("usb:") else ())
        # Exclusive, or a second program would take every other byte.
        port: serial.Serial = serial.serial_for_url(
            device, baudrate=where.baud, timeout=READ_SECONDS, write_timeout=WRITE_SECONDS, exclusive=True
        )
        return port

    def _why_not_open(self, error: Exception) -> tuple[str, bool]:
        return why_not_open(self._address, error), is_absent(error)

    def _why_lost(self, error: Exception, /) -> str:
        stuck = isinstance(error, serial.SerialTimeoutException)
        return told("keypad.stuck" if stuck else "keypad.gone", address=self._address)

    def _let_go(self, opened: serial.Serial) -> None:
        with contextlib.suppress(Exception):  # the device is gone already; there is nothing left to close or to say
            opened.close()

    def _serve(self, opened: serial.Serial, reconnect: Reconnect) -> None:
        """Reads and answers until the end is asked for, or the keypad falls silent; raises when the port goes."""
        port, conversation = opened, self._conversation
        conversation.opened(self._clock())
        self._report(reconnect.opened("the keypad's port is open again: waiting for the keypad to answer"))
        noise_before, noisy = conversation.tally.noise, False
        while not self._closing.is_set():
            data = port.read(1)
            now = self._clock()
            if data and not conversation.speaks_lines:
                self._closing.wait(SETTLE_SECONDS)
            if data and (more := port.in_waiting):
                data += port.read(min(more, CHUNK_BYTES - 1))
            for press in conversation.hear(data, now):
                self._press(press)
            self._tally = conversation.tally
            if conversation.works:
                self._report(reconnect.works(now, ""))
                if not noisy and self._tally.noise > noise_before:
                    noisy = True
                    self._say("noisy", told("keypad.noisy", address=self._address))
            if conversation.silent(now):
                self._report(reconnect.lost(now, told("keypad.silent", address=self._address)))
                return
            conversation.set_lights(*self._lights)
            if answer := conversation.say(now):
                port.write(answer)
            if len(data) == CHUNK_BYTES:
                self._closing.wait(FLOOD_PAUSE_SECONDS)


def _error_number(error: BaseException) -> int | None:
    """The system's error number; where pyserial replaced the error, that of the one it replaced."""
    number = getattr(error, "errno", None)
    if number is None and error.__context__ is not None:
        number = next(iter(error.__context__.args), None)  # OSError and termios.error both have it first
    return number if isinstance(number, int) else None


def is_absent(error: BaseException) -> bool:
    """Whether an error of opening says that the device simply is not there."""
    absent = (errno.ENOENT, errno.ENXIO, errno.ENODEV, errno.EIO, errno.ECONNREFUSED)
    return isinstance(error, LookupError) or _error_number(error) in absent


def why_not_open(address: str, error: BaseException, *, group: str = "dialout") -> str:
    """Why the keypad at `address` cannot be opened, and what to do; `group` is who may, on this system."""
    number = _error_number(error)
    if isinstance(error, AmbiguousError):
        return told("keypad.ambiguous", address=address, others=error)
    if isinstance(error, LookupError) or number in (errno.ENOENT, errno.ENXIO, errno.ENODEV, errno.EIO):
        return told("keypad.absent", address=address)
    if number in (errno.EACCES, errno.EPERM):
        return told("keypad.denied", address=address, group=group)
    if number in (errno.EBUSY, errno.EAGAIN):
        return told("keypad.busy", address=address)
    if number == errno.ECONNREFUSED:
        return told("keypad.refused", address=address)
    if number in (errno.ENOTTY, errno.EINVAL, errno.EISDIR):
        return told("keypad.no_port", address=address)
    if isinstance(error, ValueError):
        return told("keypad.address", trouble=str(error).rstrip("."))
    return told("keypad.unopened", address=address, trouble=error)
