"""Files of our messages for providers that fetch them, under links that can't be guessed and that expire."""

from collections.abc import Awaitable, Callable

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from contacts_tui.services import media
from contacts_tui.store.store import Store


def files(store: Store) -> Callable[[Request], Awaitable[Response]]:
    """Return the endpoint for GET and HEAD of a file. Any wrong link gets the same 404, which reveals nothing."""

    async def serve(request: Request) -> Response:
        found = await store.read(media.served, request.path_params["token"])
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
