"""The paths of the Bot API: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

from __future__ import annotations

import hmac
import re

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from contacts_sandbox.core.bodies import Body, UnreadableBody, read_request
from contacts_sandbox.telegram.asking import ASKS
from contacts_sandbox.telegram.errors import TelegramError, refusal, too_many
from contacts_sandbox.telegram.records import Bot
from contacts_sandbox.telegram.sending import SENDS, Compose
from contacts_sandbox.twilio.api import Sandbox, answer_by_fault, refuse_by_fault

TOKEN = re.compile(r"(?P<id>[0-9]{1,16}):[A-Za-z0-9_-]{3,}")
"""The form of a token. One of another form is answered with 404, an unknown one with 401."""


def routes() -> list[Route]:
    """Return both routes."""
    return [
        Route("/bot{token}/{method}", call, methods=["GET", "POST"]),
        Route("/file/bot{token}/{path:path}", download, methods=["GET"]),
    ]


async def call(request: Request) -> Response:
    """Answer a call of any method."""
    sandbox: Sandbox = request.app.state.sandbox
    bot = _bot(sandbox, request.path_params["token"])
    method = request.path_params["method"].lower()
    try:
        body = await read_request(request)
    except UnreadableBody as error:
        raise TelegramError(400, "can't parse the request") from error
    if method in SENDS:
        return await _send(sandbox, bot, SENDS[method], body)
    if method not in ASKS:
        raise TelegramError(404, "Not Found: method not found")
    occasion = "telegram_poll" if method == "getupdates" else "telegram_ask"
    fault = sandbox.state.faults.find(occasion, body.text("chat_id"), bot.username)
    refused = refuse_by_fault(sandbox, fault, refusal)
    if refused:
        return refused
    result, description = await ASKS[method](sandbox, bot, body)
    return await answer_by_fault(sandbox, fault, _ok(result, description), refusal)


async def _send(sandbox: Sandbox, bot: Bot, compose: Compose, body: Body) -> Response:
    chat_id = body.text("chat_id")
    fault = sandbox.state.faults.find("telegram", chat_id, bot.username)
    refused = refuse_by_fault(sandbox, fault, refusal)
    if refused:
        return refused
    chat = sandbox.telegram.recipient(bot, chat_id)
    content = compose(bot, body)
    settings = sandbox.state.settings
    limits = ((f"telegram:{bot.id}:{chat['id']}", settings.chat_rate), (f"telegram:{bot.id}", settings.bot_rate))
    for key, allowed in limits:
        wait = sandbox.state.take_slot(key, allowed)
        if wait is not None:
            raise too_many(wait)
    document, _ = sandbox.telegram.send(bot, chat, content, body.pairs())
    return await answer_by_fault(sandbox, fault, _ok(document), refusal)


async def download(request: Request) -> Response:
    """Return the content of a file."""
    sandbox: Sandbox = request.app.state.sandbox
    bot = _bot(sandbox, request.path_params["token"])
    fault = sandbox.state.faults.find("telegram_ask", "", bot.username)
    refused = refuse_by_fault(sandbox, fault, refusal)
    if refused:
        return refused
    path = request.path_params["path"]
    file = next((file for file in bot.files.values() if file.path == path), None)
    if file is None:
        raise TelegramError(404, "Not Found")
    answer = Response(file.data, media_type="application/octet-stream")
    return await answer_by_fault(sandbox, fault, answer, refusal)


def _bot(sandbox: Sandbox, token: str) -> Bot:
    form = TOKEN.fullmatch(token)
    if form is None:
        raise TelegramError(404, "Not Found")
    bot = sandbox.state.telegram.bots.get(int(form["id"]))
    if bot is None or not hmac.compare_digest(bot.token.encode(), token.encode()):
        raise TelegramError(401, "Unauthorized")
    return bot


def _ok(result: object, description: str = "") -> JSONResponse:
    document = {"ok": True, "result": result}
    return JSONResponse(document | {"description": description} if description else document)
