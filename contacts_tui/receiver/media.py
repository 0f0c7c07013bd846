"""Files of our messages for providers that fetch them, under links that nobody can guess and that end."""

import re
from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from contacts_tui.services import media
from contacts_tui.store.store import Store

_TOKEN = re.compile(r"[0-9]{1,12}\.[0-9]{1,18}\.[0-9]{1,2}\.[A-Za-z0-9_-]{32}")


def files(store: Store) -> Callable[[Request], Awaitable[Response]]:
    """Answers GET and HEAD with the file; with 404 whatever is wrong about the link, so that it tells nothing."""

    async def serve(request: Request) -> Response:
        token = request.path_params["token"]
        found = await store.read(media.served, token) if _TOKEN.fullmatch(token) else None
        if found is None:
            raise HTTPException(404, "There is no such file.")
        return FileResponse(
            found.path,
            media_type=found.content_type,
            # Providers show this name to the person, so it is part of what they get.
            filename=found.name,
            content_disposition_type="inline",
            headers={"x-content-type-options": "nosniff", "cache-control": "private, no-store"},
        )

    return serve
