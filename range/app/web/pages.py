"""The debrief's pages and what they fetch. Sessions and clips are named by number; nothing here takes a path."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from range.app.debrief_data import Debrief, debrief_of
from range.app.notes import MOST_CHARACTERS, add_note
from range.app.record import RecordError, sessions
from range.app.recorded import read_session
from range.app.report import report_page
from range.app.web.body import json_of
from range.app.web.guard import Guard
from range.app.web.link import Link
from range.app.web.templates import STATIC, debrief_page, sessions_page, wall_page

MOST_BYTES = 16 * 1024


class Debriefs:
    """Answers for the sessions of one record."""

    def __init__(self, record: Path, wall: int | None) -> None:
        self._record = record
        self._wall = wall
        self._clips: dict[int, tuple[Path | None, ...]] = {}  # what a page has been told of; numbers stay as told

    @property
    def routes(self) -> list[Route]:
        """Every address."""
        return [
            Route("/", self._sessions),
            Route("/debrief/{session:int}", self._page),
            Route("/report/{session:int}", self._report),
            Route("/wall/{session:int}", self._projected),
            Route("/api/sessions/{session:int}/debrief", self._data),
            Route("/api/sessions/{session:int}/notes", self._note, methods=["POST"]),
            Route("/clips/{session:int}/{clip:int}", self._clip),
        ]

    def _debrief(self, session: int) -> Debrief:
        debrief = debrief_of(read_session(self._record, session))
        self._clips[session] = debrief.clips
        for clip in debrief.data["clips"]:
            clip["src"] = f"/clips/{session}/{clip['number']}"
        if session == self._wall:
            debrief.data["link"] = "/link"
        debrief.data["report"] = f"/report/{session}"
        debrief.data["notes_to"] = f"/api/sessions/{session}/notes"
        return debrief

    async def _sessions(self, _request: Request) -> Response:
        return await _found(lambda: HTMLResponse(sessions_page(sessions(self._record))))

    async def _page(self, request: Request) -> Response:
        number = request.path_params["session"]
        return await _found(lambda: HTMLResponse(debrief_page(read_session(self._record, number))))

    async def _projected(self, request: Request) -> Response:
        number = request.path_params["session"]
        if number != self._wall:
            return PlainTextResponse("This session is not on the wall: start with `rangectl debrief N --wall`.", 404)
        return await _found(lambda: HTMLResponse(wall_page(read_session(self._record, number))))

    async def _report(self, request: Request) -> Response:
        number = request.path_params["session"]
        return await _found(lambda: HTMLResponse(report_page(self._record, number, style="/static/report.css")))

    async def _data(self, request: Request) -> Response:
        number = request.path_params["session"]
        return await _found(lambda: JSONResponse(self._debrief(number).data))

    async def _clip(self, request: Request) -> Response:
        number, clip = request.path_params["session"], request.path_params["clip"]

        def find() -> Response:
            clips = self._clips.get(number) or self._debrief(number).clips
            file = clips[clip] if clip < len(clips) else None
            if file is None:
                return PlainTextResponse("There is no such clip.", 404)
            return FileResponse(file, headers={"cache-control": "private, max-age=3600"})

        return await _found(find)

    async def _note(self, request: Request) -> Response:
        number = request.path_params["session"]
        try:
            told = await json_of(request, most=MOST_BYTES, too_long="This note is too long.")
            clock, words = float(told["clock"]), str(told["note"]).strip()
        except (ValueError, KeyError, TypeError):
            return PlainTextResponse("This is no note.", 400)
        if not words or len(words) > MOST_CHARACTERS or not 0 <= clock < 1e6:
            return PlainTextResponse(f"A note has 1 to {MOST_CHARACTERS} characters.", 400)
        return await _found(lambda: JSONResponse(add_note(self._record, number, clock, words)))


def web_app(record: Path, link: Link, wall: int | None = None) -> Starlette:
    """The whole site; `wall` is the session that is played on the projector too."""
    routes = [*Debriefs(record, wall).routes, *link.routes, Mount("/static", StaticFiles(directory=STATIC))]
    routes.append(Route("/favicon.ico", lambda _request: RedirectResponse("/static/icon.svg")))
    return Starlette(routes=routes, middleware=[Middleware(Guard)])


async def _found(answer: Callable[[], Response]) -> Response:
    try:
        return await run_in_threadpool(answer)
    except RecordError as problem:
        return PlainTextResponse(str(problem), 404)
    except sqlite3.Error as problem:
        return PlainTextResponse(f"The record cannot be used now ({problem}).", 503)
