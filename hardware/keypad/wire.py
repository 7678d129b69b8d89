"""Lines of the keypad's line protocol: `<letter,field,...,CRC>` (docs/keypad-protocol.md).

The letter is upper case from the keypad, lower case from the host, so that a wire that echoes cannot press a key.
"""

import binascii

LINE_START = ord("<")
LINE_END = ord(">")
LINE_LIMIT = 255  # bytes from < to >, both counted


def checksum(text: bytes) -> bytes:
    """CRC-16/XMODEM of what stands between `<` and the last comma, as four upper-case hexadecimal digits."""
    return b"%04X" % binascii.crc_hqx(text, 0)


def line(*fields: str) -> bytes:
    """A line ready to send; its first field is the letter. The newline is for people who look on."""
    text = ",".join(fields).encode("ascii")
    return b"<%b,%b>\n" % (text, checksum(text))


def fields_of(text: bytes) -> list[str] | None:
    """The fields of what stood between `<` and `>`, the letter first; None where the checksum does not fit."""
    said, _, crc = text.rpartition(b",")
    if not said or crc != checksum(said):
        return None
    return said.decode("ascii", "replace").split(",")


def possible(text: bytes | bytearray) -> bool:
    """Whether bytes after a `<` can still become a line: printable, a letter first, a comma second."""
    return (
        len(text) + 2 <= LINE_LIMIT
        and 0x20 <= text[-1] <= 0x7E
        and text[-1] != LINE_START
        and text[:1].isalpha()
        and (len(text) < 2 or text[1:2] == b",")
    )
