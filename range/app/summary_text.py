"""A session's summary as text a person can read."""

from collections.abc import Sequence

from range.core.summary import HitLine, Mark, Reaction, Summary, Uncounted


def summary_text(number: int, summary: Summary) -> str:
    """Several lines, without a newline at the end."""
    people = f" with {', '.join(summary.participants)}" if summary.participants else ""
    lines = [f"Session {number}: {summary.scenario}{people}"]
    lines += _section(
        "Path", [f"{step.scene}" + (f"  ({step.left_by})" if step.left_by else "") for step in summary.path]
    )
    lines += _section("Hits", [_hit(hit) for hit in summary.hits])
    lines += _section("After cues", [_reaction(reaction) for reaction in summary.reactions])
    lines += _section("Acts", [_mark(mark) for mark in summary.acts])
    lines += _section("Flags", [_mark(mark) for mark in summary.flags])
    lines += _section(_not_counted(summary.uncounted), [_span(span) for span in summary.uncounted])
    lines += _section("Devices", [_mark(mark) for mark in summary.faults])
    lines.append(f"  Ended: {summary.ended or 'interrupted'}")
    return "\n".join(lines)


def _section(title: str, rows: list[str]) -> list[str]:
    if not rows:
        return [f"  {title}: none"] if title in ("Path", "Hits") else []
    return [f"  {title}:", *(f"    {row}" for row in rows)]


def _hit(hit: HitLine) -> str:
    where = "while nothing was shown" if hit.scene is None else f"in {hit.scene} at {hit.media:.2f} s"
    return f"{hit.clock:7.2f} s  {hit.colour}, {' and '.join(hit.zones) or 'no zone'}, {where}"


def _reaction(reaction: Reaction) -> str:
    did = "nothing recorded" if reaction.seconds is None else f"{reaction.first} after {reaction.seconds:.2f} s"
    return f"{reaction.clock:7.2f} s  {reaction.cue.replace('_', ' ')} in {reaction.scene}: {did}"


def _mark(mark: Mark) -> str:
    return f"{mark.clock:7.2f} s  {mark.text}"


def _not_counted(spans: Sequence[Uncounted]) -> str:
    return f"Hits were not counted for {sum(span.seconds for span in spans):.1f} s"


def _span(span: Uncounted) -> str:
    return f"{span.clock:7.2f} s  for {span.seconds:.1f} s: {span.reason}"
