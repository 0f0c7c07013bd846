"""Messenger: a Facebook page's conversations, through Meta's Graph API.

httpx costs some 160 ms to import: it is loaded off the event loop when the first request leaves.
"""

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from contacts_tui.channels.base import (
    CREDENTIALS,
    Accepted,
    Event,
    InboxCheck,
    Outgoing,
    Refused,
    ResolveSecret,
    SecretError,
    SendResult,
    WebhookRequest,
)
from contacts_tui.channels.fence import Fence
from contacts_tui.channels.http_pool import Connections
from contacts_tui.channels.meta import webhook
from contacts_tui.channels.timeouts import Timeouts
from contacts_tui.domain.channel import Provider
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.message import Media
from contacts_tui.domain.template import Template

if TYPE_CHECKING:
    from contacts_tui.channels.meta.graph import Graph

_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_TOKEN = re.compile(r"[!-~]+")
"""Characters that a header can hold."""
_FIRST_IMPORTS = ("contacts_tui.channels.meta.send", "contacts_tui.channels.download")


class MessengerAdapter:
    """Sends and reads through the Graph API. One for each process and its event loop."""

    provider = Provider.META
    largest_webhook = webhook.LARGEST

    def __init__(self, resolve: ResolveSecret, timeouts: Timeouts | None = None) -> None:
        """Take `resolve`, which reads credentials: the page's access token, and the app's secret."""
        self._resolve = resolve
        self._timeouts = timeouts or Timeouts()
        self._connections = Connections(self._timeouts, _FIRST_IMPORTS)

    async def send(self, inbox: Inbox, outgoing: Outgoing, fence: Fence | None = None) -> SendResult:
        """Send one message through Messenger, once, after uploading its file, which alone reaches no person."""
        try:
            graph = await self._graph(inbox)
        except SecretError as error:
            return Refused(error.code or CREDENTIALS, error.sentence)
        from contacts_tui.channels.meta.send import send

        return await send(graph, inbox.address, outgoing, self._timeouts.sending(outgoing.file_bytes), fence)

    async def find(self, inbox: Inbox, outgoing: Outgoing, since: datetime) -> Accepted | None:
        """Return None: Messenger can't be asked for a message by our reference; only its echo proves a send."""
        return None

    async def templates(self, inbox: Inbox, now: datetime) -> Sequence[Template]:
        """Return no templates: Messenger has none of the kind that an agent fills in."""
        return ()

    async def check(self, inbox: Inbox) -> InboxCheck:
        """Ask Graph for the page and for the fields of its webhook. Wrong credentials are a result, not an error."""
        graph = await self._graph(inbox)
        from contacts_tui.channels.meta.check import check

        return await check(graph, inbox.address, self._timeouts.listing)

    async def name_of(self, inbox: Inbox, address: str) -> str:
        """Return the name in a person's profile, as Messenger's webhooks have none; empty without one."""
        graph = await self._graph(inbox)
        from contacts_tui.channels.meta.profile import name_of

        return await name_of(graph, address, self._timeouts.total)

    async def fetch(self, inbox: Inbox, media: Media, target: Path, limit: int) -> None:
        """Download a file of a message, without credentials, as Meta's addresses need none."""
        pool = await self._connections.get()
        from contacts_tui.channels.download import download

        base = urlsplit(inbox.base_url)
        own_host = base.netloc if base.hostname in _LOOPBACK else ""
        await download(pool, media.url, target, limit, self._timeouts.listing, own_host=own_host)

    def admit(self, headers: Mapping[str, str]) -> None:
        """Raise BadSignature or BadRequest when the headers show that a webhook can't be Meta's."""
        webhook.admit(headers)

    def events(self, inbox: Inbox, request: WebhookRequest) -> Sequence[Event]:
        """Verify and read a webhook. May block on the credential."""
        return webhook.events(inbox, request, self._resolve)

    def challenge(self, inbox: Inbox, query: Mapping[str, str]) -> str:
        """Confirm a webhook's address to Meta. May block on the credential."""
        return webhook.challenge(inbox, query, self._resolve)

    async def aclose(self) -> None:
        """Close the connections; the next request opens new ones."""
        await self._connections.aclose()

    async def _graph(self, inbox: Inbox) -> "Graph":
        """Return the Graph API for one operation. Raise SecretError."""
        token, proof = await asyncio.to_thread(self._credentials, inbox)
        pool = await self._connections.get()
        from contacts_tui.channels.meta.graph import Graph

        return Graph(pool, inbox.base_url, inbox.options.get("graph_version", ""), token, proof)

    def _credentials(self, inbox: Inbox) -> tuple[str, str]:
        """Return the page's token, and its proof; empty for an inbox without an app secret. Raise SecretError."""
        token = self._resolve(inbox.secret).strip()
        if not _TOKEN.fullmatch(token):
            raise SecretError("The credential isn't a page access token, which is one word.", CREDENTIALS)
        if not inbox.options.get("app_secret"):
            return token, ""
        secret = webhook.app_secrets(inbox, self._resolve)[0]
        return token, webhook.signed(secret, token.encode())
