"""Captions: what is said, when, as WebVTT or SubRip files."""

import html
import io
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError


@dataclass(frozen=True, slots=True)
class Caption:
    """Words shown from `start` to `end`, in media seconds."""

    start: float
    end: float
    text: str


class CaptionsUnreadable(Exception):  # noqa: N818 - the message is the sentence a person reads
    """A captions file that cannot be read; its text names the file and what to do."""


def read_captions(path: Path) -> tuple[Caption, ...]:
    """A file's captions in the order of their times, without markup; `.srt` is SubRip, all else WebVTT.

    Raises CaptionsUnreadable.
    """
    try:
        content = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise CaptionsUnreadable(
            f"{path}: there is no such captions file. Put it there, or take it out of `captions`."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise CaptionsUnreadable(f"{path}: the captions cannot be read ({error}). Save them as UTF-8 text.") from error
    try:
        found = parsed(path, content)
    except (MalformedFileError, MalformedCaptionError) as error:
        if is_subrip(path):
            raise CaptionsUnreadable(
                f"{path}: this is no SubRip file ({error})."
                " Write a number, then times as 00:00:01,500 --> 00:00:03,000."
            ) from error
        raise CaptionsUnreadable(
            f"{path}: this is no WebVTT file ({error}). Begin it with the line WEBVTT,"
            " and write times as 00:00:01.500 --> 00:00:03.000."
        ) from error
    captions = [Caption(seconds_of(c.start), seconds_of(c.end), html.unescape(c.text)) for c in found.captions]
    return tuple(sorted(captions, key=lambda caption: (caption.start, caption.end)))


def is_subrip(path: Path) -> bool:
    """Whether a captions file is SubRip, by its name."""
    return path.suffix.lower() == ".srt"


def parsed(path: Path, content: str) -> webvtt.WebVTT:
    """The captions in a file's text. Raises webvtt's MalformedFileError or MalformedCaptionError."""
    return webvtt.WebVTT.from_buffer(io.StringIO(content), format="srt" if is_subrip(path) else "vtt")


def language_of(written: Iterable[str], wanted: str) -> str | None:
    """The language among those written that serves one that is wanted: itself, or `pt` for `pt-BR` and the reverse."""
    known = {tag.lower(): tag for tag in written}
    general = wanted.lower().partition("-")[0]
    alike = (tag for tag in known if wanted and tag.partition("-")[0] == general)
    return known.get(wanted.lower()) or known.get(general) or next((known[tag] for tag in alike), None)


def write_captions(path: Path, captions: Sequence[Caption]) -> None:
    """Writes captions as a WebVTT file. Raises OSError."""
    file = webvtt.WebVTT(
        captions=[
            webvtt.Caption(time_of(c.start), time_of(c.end), html.escape(c.text, quote=False).splitlines())
            for c in captions
        ]
    )
    path.write_text(file.content.rstrip() + "\n", encoding="utf-8")


def caption_at(captions: Sequence[Caption], media: float) -> Caption | None:
    """The caption shown at a media time, the latest begun where several are; captions in the order of their starts."""
    for caption in reversed(captions[: bisect_right(captions, media, key=lambda c: c.start)]):
        if media < caption.end:
            return caption
    return None


def seconds_of(time: str) -> float:
    """00:01.500 or 00:00:01.500 -> 1.5."""
    seconds = 0.0
    for part in time.split(":"):
        seconds = seconds * 60 + float(part)
    return seconds


def time_of(seconds: float) -> str:
    """1.5 -> 00:00:01.500."""
    thousandths = round(seconds * 1000)
    hours, rest = divmod(thousandths, 3_600_000)
    minutes, rest = divmod(rest, 60_000)
    return f"{hours:02}:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}"
