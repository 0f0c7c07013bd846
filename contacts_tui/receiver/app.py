"""The receiver as an ASGI application: verify, store, and only then answer."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from contacts_tui.channels import connectors
from contacts_tui.channels.base import (
    CREDENTIALS,
    NO_CHALLENGE,
    WRONG_TYPE,
    Adapter,
    BadRequest,
    BadSignature,
    Event,
    WebhookKind,
    WebhookRequest,
    webhook_url,
)
from contacts_tui.channels.connector import Reply
from contacts_tui.channels.registry import Adapters
from contacts_tui.channels.secrets import asks_another_process
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.inbox import Inbox
from contacts_tui.receiver.body import CLOSE, Bodies
from contacts_tui.receiver.health import health
from contacts_tui.receiver.inbox_cache import KnownInboxes
from contacts_tui.receiver.media import files
from contacts_tui.receiver.refusal_log import RefusalLog
from contacts_tui.receiver.slow_clients import BEGAN
from contacts_tui.receiver.watched_webhooks import CHANNEL, Answered, WatchedWebhooks
from contacts_tui.services import inbound, inboxes, media
from contacts_tui.services.errors import NotFound
from contacts_tui.services.workers.heartbeat import Attendance
from contacts_tui.store.errors import StoreError
from contacts_tui.store.store import Store

STATUSES = {WRONG_TYPE: 415, NO_CHALLENGE: 405}
"""HTTP status of a BadRequest by its code; 400 for every other."""

SHORT = 16 * 1024
"""Bytes of a body that is read within a millisecond or so, between other requests."""

LONGEST_ID = 18
"""Digits of an inbox's id at most: what a store can hold."""

_LOG = logging.getLogger(__name__)

Endpoint = Callable[[Request], Awaitable[Response]]
ErrorAnswer = Callable[[Request, Exception], Awaitable[Response]]


def build(
    store: Store,
    adapters: Adapters,
    *,
    public_url: str,
    clock: Clock,
    answer_time: float,
    attendance: Attendance | None,
    answered: Answered | None,
) -> Starlette:
    """Put the application together."""
    refusals = RefusalLog()
    app = Starlette(
        middleware=[Middleware(WatchedWebhooks, attendance=attendance, answered=answered, clock=clock)],
        routes=[
            Route(
                "/webhooks/{inbox_id}/{kind}",
                _webhooks(store, adapters, public_url, clock, answer_time),
                methods=["POST"],
            ),
            Route("/webhooks/{inbox_id}/{kind}", _challenges(store, adapters), methods=["GET"]),
            Route(media.LINK_PATH + "{token}", files(store), methods=["GET"]),
            Route("/health", health(store), methods=["GET"]),
        ],
        exception_handlers={
            HTTPException: _http_error,
            BadRequest: _bad_request(refusals),
            BadSignature: _bad_signature(refusals),
            StoreError: _store_error(refusals),
            NotFound: _gone,
        },
    )
    # A redirect would lead to an address that the signature doesn't cover.
    app.router.redirect_slashes = False
    return app


def _webhooks(store: Store, adapters: Adapters, public_url: str, clock: Clock, answer_time: float) -> Endpoint:
    known, bodies = KnownInboxes(store), Bodies()

    async def webhook(request: Request) -> Response:
        began = request.scope.get(BEGAN, asyncio.get_running_loop().time())
        try:
            async with asyncio.timeout_at(began + answer_time):
                return await answer(request)
        except TimeoutError as error:
            raise HTTPException(503, "The message can't be stored in time.", CLOSE) from error

    async def answer(request: Request) -> Response:
        received_at = clock()
        inbox_id, kind = _place(request)
        told = await known.sharing_webhook(inbox_id, kind)
        if not told:
            raise _unknown()
        request.scope[CHANNEL] = told[0].channel.value
        headers = dict(request.headers)
        adapter = adapters.get(told[0].provider)
        adapter.admit(headers)
        query = request.scope["query_string"].decode("latin-1")
        url = webhook_url(public_url, inbox_id, kind) + (f"?{query}" if query else "")
        async with bodies.read(request, adapter.largest_webhook) as body:
            received = WebhookRequest(kind=kind, url=url, headers=headers, body=body, received_at=received_at)
            for inbox in told:
                events = await _events(adapter, inbox, received)
                await store.run_grouped(inbound.apply, inbox.id, events)
        connector = connectors.of(told[0])
        reply = Reply() if connector is None else connector.webhook.replies.get(kind, Reply())
        return Response(reply.body or None, reply.status, media_type=reply.media_type)

    return webhook


async def _events(adapter: Adapter, inbox: Inbox, received: WebhookRequest) -> Sequence[Event]:
    """What a request says, verified. A thread costs more than most requests take, so only slow ones get one."""
    if len(received.body) > SHORT or any(map(asks_another_process, (inbox.secret, *inbox.options.values()))):
        return await asyncio.to_thread(adapter.events, inbox, received)
    return adapter.events(inbox, received)


def _challenges(store: Store, adapters: Adapters) -> Endpoint:
    async def challenge(request: Request) -> Response:
        told = await store.read(inboxes.sharing_webhook, *_place(request))
        if not any(inbox.is_connected for inbox in told):
            raise _unknown()
        answer = await asyncio.to_thread(adapters.get(told[0].provider).challenge, told[0], request.query_params)
        # Plain text that no browser guesses to be a page: what is in it came with the question.
        return PlainTextResponse(answer, headers={"x-content-type-options": "nosniff"})

    return challenge


def _place(request: Request) -> tuple[int, WebhookKind]:
    """Which inbox and which of its addresses a path means."""
    number: str = request.path_params["inbox_id"]
    if not (number.isascii() and number.isdecimal() and len(number) <= LONGEST_ID):
        raise _unknown()
    try:
        return int(number), WebhookKind(request.path_params["kind"])
    except ValueError as error:
        raise _unknown() from error


def _unknown() -> HTTPException:
    return HTTPException(404, "No inbox has its webhook here.", CLOSE)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return PlainTextResponse(error.detail, error.status_code, error.headers)


def _bad_request(refusals: RefusalLog) -> ErrorAnswer:
    async def answer(request: Request, error: Exception) -> Response:
        assert isinstance(error, BadRequest)
        refusals.add(request.url.path, error.sentence)
        return PlainTextResponse(error.sentence, STATUSES.get(error.code, 400), CLOSE)

    return answer


def _bad_signature(refusals: RefusalLog) -> ErrorAnswer:
    async def answer(request: Request, error: Exception) -> Response:
        """Our own lack of a credential is no fault of the caller: nothing is refused for good."""
        assert isinstance(error, BadSignature)
        refusals.add(request.url.path, error.sentence)
        if error.code == CREDENTIALS:
            return PlainTextResponse("The signature can't be checked now.", 503, CLOSE)
        return PlainTextResponse(error.sentence, 403, CLOSE)

    return answer


async def _gone(request: Request, error: Exception) -> Response:
    """The inbox was disconnected while its request was being read."""
    return await _http_error(request, _unknown())


def _store_error(refusals: RefusalLog) -> ErrorAnswer:
    async def answer(request: Request, error: Exception) -> Response:
        """Nothing is stored, and nothing is pretended."""
        refusals.add(request.url.path, f"it can't be stored: {error}")
        return PlainTextResponse("The message can't be stored now.", 503)

    return answer
