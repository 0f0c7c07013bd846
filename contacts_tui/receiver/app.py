"""The receiver as an ASGI application."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from contacts_tui.channels.registry import Adapters
from contacts_tui.domain.clock import Clock
from contacts_tui.receiver import refusals
from contacts_tui.receiver.health import health
from contacts_tui.receiver.media import files
from contacts_tui.receiver.refusal_log import RefusalLog
from contacts_tui.receiver.webhook_watch import OURS, Answered, WebhookWatch
from contacts_tui.receiver.webhooks import Webhooks, place_of
from contacts_tui.services import inboxes, media
from contacts_tui.services.workers.heartbeat import Attendance
from contacts_tui.store.store import Store

Endpoint = Callable[[Request], Awaitable[Response]]

_WEBHOOK = re.compile(r"/webhooks/([^/]+)/([^/]+)")


def build(
    store: Store,
    adapters: Adapters,
    *,
    public_url: str,
    clock: Clock,
    answer_time: float,
    attendance: Attendance | None,
    answered: Answered | None,
) -> ASGIApp:
    """Return the receiver's application: see `receiver.create_app`."""
    return _Receiver(
        Webhooks(store, adapters, public_url=public_url, answer_time=answer_time),
        WebhookWatch(attendance, answered, clock),
        store,
        adapters,
        clock,
    )


class _Receiver:
    """Handles webhooks itself, as Starlette's middleware and routes, used for all else, would double their time."""

    def __init__(self, webhooks: Webhooks, watch: WebhookWatch, store: Store, adapters: Adapters, clock: Clock) -> None:
        self._webhooks = webhooks
        self._watch = watch
        self._clock = clock
        self._log = RefusalLog()
        self._others = _others(store, adapters, self._log)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, and record the answers to webhooks."""
        place = _WEBHOOK.fullmatch(scope["path"]) if scope["type"] == "http" and scope["method"] == "POST" else None
        if place is None:
            await self._others(scope, receive, send)
            return
        at, began, status = self._clock(), time.perf_counter(), OURS
        try:
            try:
                response = await self._webhooks.take(scope, receive, (place[1], place[2]), at)
            except refusals.REFUSALS as error:
                response = refusals.answer(self._log, scope["path"], error)
            status = response.status_code
            await response(scope, receive, send)
        finally:
            self._watch.note(scope, status, at, time.perf_counter() - began)


def _others(store: Store, adapters: Adapters, log: RefusalLog) -> Starlette:
    """Return the application that answers everything but webhooks."""

    async def refuse(request: Request, error: Exception) -> Response:
        return refusals.answer(log, request.url.path, error)

    app = Starlette(
        routes=[
            # POST is named for the Allow header of a 405 alone: `_Receiver` takes these requests.
            Route("/webhooks/{inbox_id}/{kind}", _challenges(store, adapters), methods=["GET", "POST"]),
            Route(media.LINK_PATH + "{token}", files(store), methods=["GET"]),
            Route("/health", health(store), methods=["GET"]),
        ],
        exception_handlers=dict.fromkeys(refusals.REFUSALS, refuse),
    )
    # A redirect would lead to an address that the signature doesn't cover.
    app.router.redirect_slashes = False
    return app


def _challenges(store: Store, adapters: Adapters) -> Endpoint:
    async def challenge(request: Request) -> Response:
        place = place_of(request.path_params["inbox_id"], request.path_params["kind"])
        told = await store.read(inboxes.sharing_webhook, *place)
        if not any(inbox.is_connected for inbox in told):
            raise refusals.unknown()
        answer = await asyncio.to_thread(adapters.get(told[0].provider).challenge, told[0], request.query_params)
        # No browser may take this text for a page, as its content came with the request.
        return PlainTextResponse(answer, headers={"x-content-type-options": "nosniff"})

    return challenge
