"""The names of keys, and the bytes that plain keypads send for them."""

import string

ENTER = "enter"

PLAIN_KEYS: dict[int, str] = {
    **{ord(sign): sign for sign in string.digits + string.ascii_lowercase + "+-*/.#"},
    **{ord(letter): letter.lower() for letter in string.ascii_uppercase},
    ord(" "): "space",
    ord("\t"): "tab",
    ord("\b"): "backspace",
    0x7F: "backspace",
}
"""Byte -> key, but for carriage return and line feed: what those mean depends on what stands around them."""

KEY_NAMES = frozenset(PLAIN_KEYS.values()) | {ENTER}
