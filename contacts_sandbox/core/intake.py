"""Incoming requests: a limit on the size of bodies, and a log of requests to the API."""

from __future__ import annotations

from base64 import b64decode
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contacts_sandbox.core import bodies, dialects
from contacts_sandbox.core.forms import Form
from contacts_sandbox.core.state import State
from contacts_sandbox.twilio.errors import TwilioError
from contacts_sandbox.twilio.records import Request

API_LIMIT = 256 * 1024
"""The largest body of a request to Twilio, in bytes. Twilio's own limit isn't documented."""

UPLOAD_LIMIT = 64 * 1024 * 1024
"""The largest body of a request to Telegram or Graph, in bytes: files come in them (Telegram takes 50 MB)."""

CONTROL_LIMIT = 32 * 1024 * 1024
"""The largest body of a control request, in bytes: a seed with media goes in one piece."""


class Intake:
    """Reads each body whole before the application sees it, and logs requests of the API."""

    def __init__(self, app: ASGIApp, state: State) -> None:
        """Stand in front of `app`, and log requests in `state`."""
        self._app = app
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; ignore it when the connection breaks before its end."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with suppress(ClientDisconnect):
            await self._take(scope, receive, send)

    async def _take(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        entry = None
        if dialects.is_control(path):
            body = await _read(receive, CONTROL_LIMIT)
        elif dialects.is_telegram(path) or dialects.is_graph(path):
            body = await _read(receive, UPLOAD_LIMIT)
            entry = self._log(scope, _parameters(scope, body or b""), dialects.bot_id(path))
        else:
            body = await _read(receive, API_LIMIT)
            credentials = basic_credentials(Headers(scope=scope).get("authorization", ""))
            entry = self._log(scope, _form(scope, body or b""), credentials[0] if credentials else None)

        async def send_and_note(message: Message) -> None:
            if entry and message["type"] == "http.response.start":
                entry.answer = message["status"]
            await send(message)

        if body is None:
            await dialects.too_large(path)(scope, receive, send_and_note)
            return
        await self._app(scope, _Replay(body, receive), send_and_note)

    def _log(self, scope: Scope, form: list[tuple[str, str]], username: str | None) -> Request:
        entry = Request(
            at=self._state.clock(),
            method=scope["method"],
            path=dialects.masked_path(scope["path"]),
            query=dialects.masked_query(scope["query_string"].decode("latin-1")),
            username=username,
            form=form,
        )
        self._state.requests.append(entry)
        return entry


def _form(scope: Scope, body: bytes) -> list[tuple[str, str]]:
    """Return the fields of a form to Twilio; none when the body isn't a form, or has too many fields."""
    content_type = Headers(scope=scope).get("content-type", "")
    try:
        return Form(body).fields if content_type.startswith("application/x-www-form-urlencoded") else []
    except TwilioError:
        return []


def _parameters(scope: Scope, body: bytes) -> list[tuple[str, str]]:
    """Return the parameters in a body to Telegram or Graph, without secrets; none when it can't be read."""
    try:
        return bodies.read(Headers(scope=scope).get("content-type", ""), "", body).pairs(dialects.SECRETS)
    except bodies.UnreadableBody:
        return []


class _Replay:
    """A `receive` that gives a body already read, then the client's further messages."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


async def _read(receive: Receive, limit: int) -> bytes | None:
    """Return the whole body, or None when it is longer than `limit`; a longer one is read to its end, but not kept.

    Raise ClientDisconnect when the connection breaks before the body's end.
    """
    body = bytearray()
    fits = True
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk = message.get("body", b"")
        fits = fits and len(body) + len(chunk) <= limit
        if fits:
            body += chunk
        if not message.get("more_body", False):
            return bytes(body) if fits else None


def basic_credentials(header: str) -> tuple[str, str] | None:
    """Return user and password of an Authorization header, or None when it isn't a proper basic one."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = b64decode(encoded.strip(), validate=True).decode().partition(":")
    except ValueError:
        return None
    return (user, password) if colon else None
