"""The commands that work with what has been recorded."""

import sys
from pathlib import Path
from typing import Annotated

import typer

Session = Annotated[int, typer.Argument(help="The session's number, from `rangectl sessions`.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON to standard output.")]
WRONG = 2


def add_record_commands(app: typer.Typer) -> None:
    """Give the command line its commands for recorded sessions."""
    app.command()(debrief)
    app.command()(replay)
    app.command()(backup)
    app.command()(export)
    app.command()(delete)


def debrief(
    context: typer.Context,
    session: Session,
    export: Annotated[
        Path | None, typer.Option("--export", metavar="DIR", help="Write it as files that open without the program.")
    ] = None,
    wall: Annotated[bool, typer.Option("--wall", help="Play it on the projector too.")] = False,
    config: Annotated[
        Path | None, typer.Option("--config", help="This range's configuration, for its display and keypad.")
    ] = None,
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The page's port; 0: a free one.")] = 0,
) -> None:
    """Open the review of a recorded session in the browser, or write it as files."""
    from range.app.debrief import debrief as review

    code = review(context.obj.record, session, export=export, wall=wall, config_file=config, port=port, err=sys.stderr)
    raise typer.Exit(code)


def replay(context: typer.Context, session: Session, as_json: AsJson = False) -> None:
    """Feed a recorded session through the rules again: it must come out the same."""
    from range.app.replay_session import replay_session

    raise typer.Exit(replay_session(context.obj.record, session, out=sys.stdout, err=sys.stderr, as_json=as_json))


def backup(
    context: typer.Context, file: Annotated[Path, typer.Argument(help="The new file to copy the record into.")]
) -> None:
    """Copy the record of all sessions into one file, also while a session runs."""
    from range.app.upkeep import backup as copy

    raise typer.Exit(copy(context.obj.record, file, err=sys.stderr))


def export(
    context: typer.Context,
    sessions: Annotated[list[int] | None, typer.Argument(help="Sessions by number; all of them when left out.")] = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to write into.")] = Path("export"),
) -> None:
    """Write sessions as CSV and JSON, for other programs."""
    from range.app.export_session import export_sessions

    raise typer.Exit(export_sessions(context.obj.record, sessions or [], out, err=sys.stderr))


def delete(
    context: typer.Context,
    sessions: Annotated[list[int] | None, typer.Argument(help="Sessions by number.")] = None,
    older_than: Annotated[
        int | None, typer.Option("--older-than", metavar="DAYS", min=1, help="All that began before so many days.")
    ] = None,
) -> None:
    """Delete sessions for good, with everything that is known of them."""
    from range.app.upkeep import delete as remove

    if bool(sessions) == (older_than is not None):
        sys.stderr.write("Name sessions by number, or give --older-than DAYS\n")
        raise typer.Exit(WRONG)
    raise typer.Exit(remove(context.obj.record, sessions or [], older_than=older_than, err=sys.stderr))
