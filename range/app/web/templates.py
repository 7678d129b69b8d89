"""HTML around what the record says. Every text from a file or a person is escaped here, and nowhere else."""

from html import escape
from pathlib import Path

from range.app.record import SessionRow
from range.app.recorded import RecordedSession

STATIC = Path(__file__).parent / "static"


def debrief_page(session: RecordedSession) -> str:
    """The debrief's page as the server gives it."""
    head = '<link rel="stylesheet" href="/static/debrief.css">'
    scripts = '<script type="module" src="/static/js/main.js"></script>'
    return filled(session, head, scripts, f"/api/sessions/{session.number}/debrief")


def wall_page(session: RecordedSession) -> str:
    """The page for the projector: the film alone."""
    title = f"Session {session.number} on the wall"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        '<link rel="stylesheet" href="/static/debrief.css"></head>'
        f'<body class="wall" data-source="/api/sessions/{session.number}/debrief"><main class="stage" id="stage">'
        '<div class="picture" id="picture"></div><p class="banner" id="banner" hidden></p>'
        '<p class="caption" id="caption" hidden></p></main>'
        '<script type="module" src="/static/js/wall.js"></script></body></html>'
    )


def filled(session: RecordedSession, head: str, scripts: str, source: str) -> str:
    """The debrief's page with its own head, scripts and the address of its data (empty: the scripts hold it)."""
    page = (STATIC / "debrief.html").read_text(encoding="utf-8")
    title = f"Session {session.number}: {session.title}"
    page = page.replace("{{title}}", escape(title)).replace("{{source}}", escape(source))
    return page.replace("<!--head-->", head).replace("<!--scripts-->", scripts)


def sessions_page(rows: list[SessionRow]) -> str:
    """The list of sessions, newest first."""
    listed = "".join(
        f'<tr><td class="number">{row.number}</td>'
        f'<td><a href="/debrief/{row.number}">{escape(row.title)}</a></td>'
        f"<td>{escape(row.started[:16].replace('T', ' '))}</td>"
        f"<td>{escape(', '.join(row.participants) or '–')}</td>"
        f'<td class="number">{minutes(row.seconds)}</td><td class="number">{row.hits}</td>'
        f'<td>{escape(row.ended)}</td><td><a href="/report/{row.number}">Report</a></td></tr>'
        for row in reversed(rows)
    )
    table = (
        "<table><thead><tr><th>No.</th><th>Scenario</th><th>Began (UTC)</th><th>Participants</th><th>Length</th>"
        f"<th>Hits</th><th>Ended</th><th>On paper</th></tr></thead><tbody>{listed}</tbody></table>"
        if rows
        else "<p>No sessions are recorded yet.</p>"
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sessions</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="stylesheet" href="/static/report.css"></head>'
        f"<body><main><h1>Sessions</h1>{table}</main></body></html>"
    )


def minutes(seconds: float) -> str:
    """A time as minutes and seconds, with hours where there are any."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02d}:{rest % 60:02d}" if hours else f"{rest // 60}:{rest % 60:02d}"
