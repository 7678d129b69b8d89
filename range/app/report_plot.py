"""The report's pictures: a session on one line, and hits on the film, as SVG."""

import base64
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import cv2

from media.container import UNREADABLE, open_clip, pictures_of, start_of
from range.app.event_words import spoken

WIDTH = 1000
LANES = (("Cues", ("cue",)), ("Hits", ("hit",)), ("Acts", ("act",)), ("Flags, notes", ("flag", "note")))
LEFT = 92
ROW = 22
FILM = 30
LEAST_WORDS = 7.2
"""Pixels a letter takes, at most."""


def timeline_svg(data: Mapping[str, Any]) -> str:
    """The whole session: film with its abandoned paths, branches, cues, hits, acts, flags, uncounted times."""
    seconds = max(data["seconds"], 0.1)

    def x(clock: float) -> float:
        return float(LEFT + clock / seconds * (WIDTH - LEFT - 6))

    height = FILM + 14 + ROW * len(LANES) + 20
    parts = [_text(0, FILM / 2 + 5, "Film", "lane")]
    for passage in data["passages"]:
        left, right = x(passage["clock"]), x(passage["until"])
        name = spoken(passage["scene"])
        kind = "film abandoned" if passage["abandoned"] else "film"
        parts.append(
            f'<rect class="{kind}" x="{left:.1f}" y="2" width="{max(right - left, 1):.1f}" height="{FILM - 6}"/>'
        )
        if len(name) * LEAST_WORDS + 8 < right - left:
            parts.append(_text(left + 6, FILM / 2 + 3, name, "scene"))
    for stretch in data["stretches"]:
        if stretch["wall"] == "held" or (stretch["wall"] == "slate" and stretch["passage"] >= 0):
            left, right = x(stretch["clock"]), x(stretch["until"])
            parts.append(
                f'<rect class="{stretch["wall"]}" x="{left:.1f}" y="2" width="{max(right - left, 1):.1f}" '
                f'height="{FILM - 6}"/>'
            )
    for gap in data["uncounted"]:
        left, right = x(gap["clock"]), x(gap["until"])
        parts.append(f'<rect class="gap" x="{left:.1f}" y="{FILM - 3}" width="{max(right - left, 2):.1f}" height="5"/>')
    for event in data["events"]:
        if event["kind"] == "branch":
            at = x(event["clock"])
            parts.append(f'<path class="branch" d="M{at:.1f} {FILM - 1}l6 6l-6 6l-6-6z"/>')
    events = [*data["events"], *({"kind": "note", "clock": note["clock"]} for note in data["notes"])]
    for row, (name, kinds) in enumerate(LANES):
        y = FILM + 14 + ROW * row + ROW / 2
        parts.append(_text(0, y + 4, name, "lane"))
        parts.append(f'<path class="rule" d="M{LEFT} {y + ROW / 2:.1f}H{WIDTH}"/>')
        parts += [
            f'<circle class="{event["kind"]}" cx="{x(event["clock"]):.1f}" cy="{y:.1f}" r="4.5"/>'
            for event in events
            if event["kind"] in kinds
        ]
    for part in range(5):
        clock = seconds * part / 4
        anchor = "start" if part == 0 else "end" if part == 4 else "middle"
        parts.append(_text(x(clock), height - 3, f"{round(clock) // 60}:{round(clock) % 60:02d}", f"tick {anchor}"))
    return (
        f'<svg class="timeline" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="Timeline">{"".join(parts)}</svg>'
    )


def hit_picture(clip: Path | None, media: float, hits: Sequence[tuple[int, Mapping[str, Any]]], shape: float) -> str:
    """The frame at a media time with (number, hit) pairs marked on it; grey where the clip is missing."""
    height = WIDTH / shape
    picture = None if clip is None else still(clip, media)
    under = (
        f'<rect width="{WIDTH}" height="{height:.0f}" class="nofilm"/>'
        if picture is None
        else f'<image width="{WIDTH}" height="{height:.0f}" href="data:image/jpeg;base64,{picture}"/>'
    )
    marks = "".join(
        f'<g transform="translate({hit["u"] * WIDTH:.1f} {hit["v"] * height:.1f})"><circle r="13" class="under"/>'
        f'<circle r="13" class="ring"/><circle r="2.5" class="dot"/>{_text(18, -12, str(number), "number")}</g>'
        for number, hit in hits
    )
    return f'<svg class="hits" viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="Hits">{under}{marks}</svg>'


def still(clip: Path, media: float) -> str | None:
    """The frame shown at a media time, as JPEG in base 64; None where it cannot be read."""
    try:
        with open_clip(clip) as container:
            stream = pictures_of(container)
            base, zero = float(stream.time_base or 1), start_of(container)
            container.seek(int((media + zero) / base), stream=stream, backward=True)
            chosen = None
            for frame in container.decode(stream):
                if frame.pts is None:
                    continue
                if chosen is not None and frame.pts * base - zero > media + 1e-4:
                    break
                chosen = frame
            if chosen is None:
                return None
            width = min(chosen.width, 960)
            small = chosen.reformat(width=width, height=round(width * chosen.height / chosen.width / 2) * 2)
            _, written = cv2.imencode(".jpg", small.to_ndarray(format="bgr24"), [cv2.IMWRITE_JPEG_QUALITY, 80])
            return base64.b64encode(written.tobytes()).decode()
    except UNREADABLE:
        return None


def _text(x: float, y: float, words: str, kind: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}">{escape(words)}</text>'
