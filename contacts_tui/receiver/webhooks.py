"""The handling of a webhook: verify, store, and only then acknowledge."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope

from contacts_tui.channels import connectors
from contacts_tui.channels.base import Adapter, Event, WebhookKind, WebhookRequest, webhook_url
from contacts_tui.channels.connector import Reply
from contacts_tui.channels.registry import Adapters
from contacts_tui.channels.secrets import asks_another_process
from contacts_tui.domain.inbox import Inbox
from contacts_tui.receiver.body import CLOSE, Bodies
from contacts_tui.receiver.inbox_cache import KnownInboxes
from contacts_tui.receiver.refusals import unknown
from contacts_tui.receiver.slow_clients import BEGAN
from contacts_tui.receiver.webhook_watch import CHANNEL
from contacts_tui.services import inbound
from contacts_tui.store.store import Store

SHORT = 16 * 1024
"""The most bytes of a body that is parsed on the event loop, which takes about a millisecond."""

LONGEST_ID = 18
"""The most digits of an inbox's id that a store can hold."""


class Webhooks:
    """Handles the webhooks of one receiver. See `receiver.create_app`."""

    def __init__(self, store: Store, adapters: Adapters, *, public_url: str, answer_time: float) -> None:
        """Set `answer_time`: the seconds from a request's first byte within which it is answered."""
        self._store = store
        self._adapters = adapters
        self._public_url = public_url
        self._answer_time = answer_time
        self._known = KnownInboxes(store)
        self._bodies = Bodies()
        self._replies: dict[tuple[str, str, WebhookKind], Response] = {}

    async def take(self, scope: Scope, receive: Receive, place: tuple[str, str], received_at: datetime) -> Response:
        """Verify and store a request, and return its answer. `place` is the inbox's id and the kind in its path.

        Raise the errors that `refusals.answer` answers.
        """
        began = scope.get(BEGAN) or asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout_at(began + self._answer_time):
                return await self._take(scope, receive, place_of(*place), received_at)
        except TimeoutError as error:
            raise HTTPException(503, "The message can't be stored in time.", CLOSE) from error

    async def _take(
        self, scope: Scope, receive: Receive, place: tuple[int, WebhookKind], received_at: datetime
    ) -> Response:
        told = await self._known.sharing_webhook(*place)
        if not told:
            raise unknown()
        scope[CHANNEL] = told[0].channel.value
        headers = _headers(scope)
        adapter = self._adapters.get(told[0].provider)
        adapter.admit(headers)
        query = scope["query_string"].decode("latin-1")
        url = webhook_url(self._public_url, *place) + (f"?{query}" if query else "")
        async with self._bodies.read(receive, headers, adapter.largest_webhook) as body:
            received = WebhookRequest(kind=place[1], url=url, headers=headers, body=body, received_at=received_at)
            for inbox in told:
                events = await _events(adapter, inbox, received)
                await self._store.run_grouped(inbound.apply, inbox.id, events)
        return self._reply(told[0], place[1])

    def _reply(self, inbox: Inbox, kind: WebhookKind) -> Response:
        """Return the answer to an accepted webhook, by its connector; made once."""
        key = inbox.provider, inbox.channel, kind
        if key not in self._replies:
            connector = connectors.of(inbox)
            reply = Reply() if connector is None else connector.webhook.replies.get(kind, Reply())
            self._replies[key] = Response(reply.body or None, reply.status, media_type=reply.media_type)
        return self._replies[key]


def place_of(inbox_id: str, kind: str) -> tuple[int, WebhookKind]:
    """Return the inbox's id and the kind of address in a path. Raise HTTPException when they can't be ones."""
    if not (inbox_id.isascii() and inbox_id.isdecimal() and len(inbox_id) <= LONGEST_ID):
        raise unknown()
    try:
        return int(inbox_id), WebhookKind(kind)
    except ValueError as error:
        raise unknown() from error


def _headers(scope: Scope) -> dict[str, str]:
    """Return the headers by name in lower case; of a repeated one the first."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(scope["headers"])}


async def _events(adapter: Adapter, inbox: Inbox, received: WebhookRequest) -> Sequence[Event]:
    """Return the verified events of a request. Use a thread only for a slow one: it costs more than most requests."""
    if len(received.body) > SHORT or any(map(asks_another_process, (inbox.secret, *inbox.options.values()))):
        return await asyncio.to_thread(adapter.events, inbox, received)
    return adapter.events(inbox, received)
