"""What pages of one session tell each other: the desk's page and the wall's show the same moment."""

import asyncio
import json
from collections.abc import AsyncIterator

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from range.app.web.body import json_of

MOST_BYTES = 4096
MOST_WAITING = 32
STILL_HERE_SECONDS = 10.0


class Link:
    """Passes each message on to every page that listens; a new listener is told the last state first."""

    def __init__(self) -> None:
        self._latest: str | None = None
        self._listeners: set[asyncio.Queue[str]] = set()

    @property
    def routes(self) -> list[Route]:
        """Where a page listens, and where it tells."""
        return [Route("/link", self._listen), Route("/link", self._tell, methods=["POST"])]

    def press(self, key: str) -> None:
        """A keypad's key, for the page on the wall."""
        self._pass_on(json.dumps({"press": key}))

    async def _tell(self, request: Request) -> Response:
        try:
            state = await json_of(request, most=MOST_BYTES, too_long="This is too long.")
        except ValueError:
            state = None
        if not isinstance(state, dict) or "press" in state:
            return PlainTextResponse("This is no state.", 400)
        self._latest = json.dumps(state)
        self._pass_on(self._latest)
        return Response(status_code=204)

    async def _listen(self, _request: Request) -> Response:
        headers = {"x-accel-buffering": "no"}
        return StreamingResponse(self._stream(), media_type="text/event-stream", headers=headers)

    async def _stream(self) -> AsyncIterator[str]:
        waiting: asyncio.Queue[str] = asyncio.Queue(MOST_WAITING)
        self._listeners.add(waiting)
        try:
            yield f"data: {self._latest or json.dumps(None)}\n\n"
            while True:
                try:
                    yield f"data: {await asyncio.wait_for(waiting.get(), STILL_HERE_SECONDS)}\n\n"
                except TimeoutError:
                    yield ": still here\n\n"
        finally:
            self._listeners.discard(waiting)

    def _pass_on(self, message: str) -> None:
        for waiting in self._listeners:
            if waiting.full():
                waiting.get_nowait()  # a page that falls behind is told the newest
            waiting.put_nowait(message)
