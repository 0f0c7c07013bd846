"""Which API a path belongs to, and how each refuses an unknown path or a body that is too large."""

from __future__ import annotations

import re

from starlette.responses import JSONResponse

from contacts_sandbox.core.fields import ControlError
from contacts_sandbox.graph.errors import GraphError
from contacts_sandbox.telegram.errors import TelegramError
from contacts_sandbox.twilio.errors import TwilioError

_GRAPH = re.compile(r"/v[0-9]+\.[0-9]+/|/cdn/")
_BOT = re.compile(r"(?P<head>(?:/file)?/bot)(?P<id>[0-9]*)[^/]*")
_SECRET_PARAMETER = re.compile(r"(access_token|appsecret_proof)=[^&]*")

SECRETS = frozenset({"access_token", "appsecret_proof"})
"""Parameters whose values the log of requests masks."""


def is_control(path: str) -> bool:
    """Return whether a path belongs to the control API."""
    return path == "/control" or path.startswith("/control/")


def is_telegram(path: str) -> bool:
    """Return whether a path belongs to Telegram's Bot API."""
    return _BOT.match(path) is not None


def is_graph(path: str) -> bool:
    """Return whether a path belongs to the Graph API or its content network."""
    return _GRAPH.match(path) is not None


def too_large(path: str) -> JSONResponse:
    """Return the answer to a body over the limit, in the form of the API that the path belongs to."""
    if is_control(path):
        return ControlError("The body is too large.", 413).response()
    if is_telegram(path):
        return TelegramError(413, "Request Entity Too Large").response()
    if is_graph(path):
        return GraphError(100, "Request body too large", status=413).response()
    return TwilioError(20413).response()


def refused(path: str, status: int) -> JSONResponse:
    """Return the provider's answer where the path doesn't exist (404), or doesn't support the method (405)."""
    if is_telegram(path):
        return TelegramError(404, "Not Found").response()
    if is_graph(path):
        return GraphError(2500, "Unknown path components: " + path, status=400).response()
    return TwilioError(20004 if status == 405 else 20404, path).response()


def masked_path(path: str) -> str:
    """Return the path with the token of a bot masked."""
    return _BOT.sub(r"\g<head>\g<id>:***", path, count=1) if is_telegram(path) else path


def masked_query(query: str) -> str:
    """Return the query with access tokens and proofs masked."""
    return _SECRET_PARAMETER.sub(r"\1=***", query)


def bot_id(path: str) -> str | None:
    """Return the id of the bot that a path names, or None when it names no bot."""
    found = _BOT.match(path)
    return found["id"] if found else None
