"""Whether a scenario's captions can be read, every one of them."""

import re
from pathlib import Path

from webvtt.errors import MalformedCaptionError, MalformedFileError

from media.captions import is_subrip, parsed, seconds_of
from media.clip_probe import UnusableFile

_MEANT_AS_TIMES = re.compile(r"\d\d[.,]\d+\s*[-=–—]+>\s*\d")
_WEBVTT = (
    "WebVTT",
    re.compile(r"\s*(\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}\s+-->\s+(\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}(\s|$)"),
    'Save them as WebVTT in UTF-8: a first line "WEBVTT", then times such as 00:01.000 --> 00:03.500',
)
_SUBRIP = (
    "SubRip",
    re.compile(r"\s*\d{1,}:[0-5]\d:[0-5]\d,\d{3}\s*-->\s*\d{1,}:[0-5]\d:[0-5]\d,\d{3}(\s|$)"),
    "Save them as SubRip in UTF-8: a number, then times such as 00:00:01,000 --> 00:00:03,500",
)


def probe_captions(path: Path) -> float:
    """Read captions; the media time in seconds at which the last one appears. Raises UnusableFile."""
    kind, times, remedy = _SUBRIP if is_subrip(path) else _WEBVTT
    try:
        text = path.read_bytes().decode("utf-8-sig")
        captions = parsed(path, text).captions
    except UnicodeDecodeError:
        raise UnusableFile(f"{path.name} is no UTF-8 text", remedy) from None
    except (MalformedFileError, MalformedCaptionError) as problem:
        raise UnusableFile(f"{path.name} is no {kind} ({problem})", remedy) from None
    except OSError as problem:
        raise UnusableFile(f"{path.name} cannot be read ({problem.strerror})", "Check its permissions") from None
    # The reader passes over what it does not take for times: captions would be missing without a word.
    for number, line in enumerate(text.splitlines(), 1):
        if _MEANT_AS_TIMES.search(line) and not times.match(line):
            raise UnusableFile(f"The times in line {number} of {path.name} cannot be read", remedy)
    if not captions:
        raise UnusableFile(f"{path.name} holds no captions", remedy)
    return max(seconds_of(caption.start) for caption in captions)
