"""What a page sends: read no further than it may be long."""

import json
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request


async def json_of(request: Request, *, most: int, too_long: str) -> Any:
    """A request's body as JSON.

    Raises HTTPException 413 with `too_long` for more than `most` bytes, ValueError for what is no JSON.
    """
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise HTTPException(413, too_long)
    return json.loads(body)
