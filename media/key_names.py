"""The names that the configuration gives to this computer's keys."""


def key_names() -> dict[int, str]:
    """Name by the windowing library's symbol."""
    from pyglet.window import key

    names = {getattr(key, letter.upper()): letter for letter in "abcdefghijklmnopqrstuvwxyz"}
    for digit in "0123456789":
        names[getattr(key, f"_{digit}")] = digit
        names[getattr(key, f"NUM_{digit}")] = digit
    for number in "12345678":
        names[getattr(key, f"F{number}")] = f"f{number}"
    return names | {
        key.ENTER: "enter",
        key.NUM_ENTER: "enter",
        key.PLUS: "+",
        key.NUM_ADD: "+",
        key.MINUS: "-",
        key.NUM_SUBTRACT: "-",
        key.ASTERISK: "*",
        key.NUM_MULTIPLY: "*",
        key.SLASH: "/",
        key.NUM_DIVIDE: "/",
        key.PERIOD: ".",
        key.NUM_DECIMAL: ".",
        key.SPACE: "space",
        key.TAB: "tab",
        key.BACKSPACE: "backspace",
        key.ESCAPE: "escape",
    }
