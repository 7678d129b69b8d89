"""Memory given back to the system once it is free."""

import ctypes
import sys


def give_back() -> None:
    """Return what has been freed. glibc keeps it for each thread that ever allocated, which are many here."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
