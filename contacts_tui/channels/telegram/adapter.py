"""Telegram: a bot's private chats, through the Bot API.

The SDK and httpx cost some 300 ms to import: both are loaded off the event loop when the first request leaves.
"""

import asyncio
import re
from collections.abc import Awaitable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from contacts_tui.channels import local_errors
from contacts_tui.channels.base import (
    CREDENTIALS,
    NO_CHALLENGE,
    Accepted,
    BadRequest,
    ChannelError,
    Event,
    InboxCheck,
    Outgoing,
    Refused,
    ResolveSecret,
    SendResult,
    WebhookRequest,
)
from contacts_tui.channels.fence import Fence
from contacts_tui.channels.http_pool import Connections
from contacts_tui.channels.secrets import read_aside
from contacts_tui.channels.telegram import errors, updates
from contacts_tui.channels.telegram.content import FILE
from contacts_tui.channels.timeouts import Timeouts
from contacts_tui.domain.channel import Provider
from contacts_tui.domain.clock import utc_now
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.message import Media
from contacts_tui.domain.template import Template

if TYPE_CHECKING:
    from telegram import Bot

    from contacts_tui.channels.telegram.http import Exchange, Line

POLL_SECONDS = 25
"""Seconds for which Telegram holds a poll open while there are no updates."""
UPDATES_AT_ONCE = (100, 10, 1)
"""How many updates are asked for: the most that Telegram gives; fewer when the answer is too long to be read."""
CONFLICT = 409

_ENDED = "terminated by setwebhook"
"""A part, in lower case, of the answer to a poll during which a webhook is set."""

_FIRST_IMPORTS = ("contacts_tui.channels.telegram.send", "contacts_tui.channels.download")

_PATH = re.compile(r"[\w.@+ -]+(/[\w.@+ -]+)*")
"""A path under the Bot API's address of files."""


class TelegramAdapter:
    """Sends and reads through the Bot API. One for each process and its event loop."""

    provider = Provider.TELEGRAM
    largest_webhook = updates.LARGEST

    def __init__(
        self,
        resolve: ResolveSecret,
        timeouts: Timeouts | None = None,
        poll_seconds: int = POLL_SECONDS,
    ) -> None:
        """Take `resolve`, which reads a credential: the bot's token."""
        self._resolve = resolve
        self._timeouts = timeouts or Timeouts()
        self._poll_seconds = poll_seconds
        self._answers = Connections(self._timeouts, _FIRST_IMPORTS)
        self._polls = Connections(self._timeouts, _FIRST_IMPORTS, for_long_polls=True)

    async def send(self, inbox: Inbox, outgoing: Outgoing, fence: Fence | None = None) -> SendResult:
        """Send one message through Telegram, once."""
        try:
            line = await self._line(inbox)
        except ChannelError as error:
            return Refused(error.code or CREDENTIALS, error.sentence)
        from contacts_tui.channels.telegram.send import send

        return await send(line, outgoing, self._timeouts.sending(outgoing.file_bytes), fence)

    async def find(self, inbox: Inbox, outgoing: Outgoing, since: datetime) -> Accepted | None:
        """Return None: Telegram doesn't list what a bot has sent, and only the person can say whether it arrived."""
        return None

    async def templates(self, inbox: Inbox, now: datetime) -> Sequence[Template]:
        """Return no templates: Telegram has none, and a bot may write to everyone who wrote to it."""
        return ()

    async def check(self, inbox: Inbox) -> InboxCheck:
        """Ask Telegram for the bot and for how it receives. A wrong token is a result, not an error."""
        line = await self._line(inbox)
        from contacts_tui.channels.telegram.check import check

        return await check(line, inbox, self._timeouts.total)

    async def fetch(self, inbox: Inbox, media: Media, target: Path, limit: int) -> None:
        """Download a file that a person sent, from the Bot API's own host only, as the address contains the token."""
        line = await self._line(inbox)
        if not media.url.startswith(FILE):
            raise ChannelError("The file isn't Telegram's.", local_errors.FILE)
        try:
            found = await line.ask(lambda bot: bot.get_file(media.url.removeprefix(FILE)), self._timeouts.total)
        except ChannelError as error:
            if error.code == errors.NO_FILE:
                sentence = "Telegram won't provide the file: it is gone, or over the 20 MB that a bot may download."
                raise ChannelError(sentence, error.code) from error
            raise
        path = found.get("file_path") if isinstance(found, dict) else None
        # A self-hosted Bot API server may give a path on its own disk, which means nothing here.
        if not isinstance(path, str) or not _PATH.fullmatch(path) or ".." in path.split("/"):
            raise ChannelError("Telegram doesn't say where the file is.", local_errors.UNREADABLE)
        from contacts_tui.channels.download import download

        # The base URL that an administrator entered may be in our own network, as a sandbox is.
        own_host = line.host if inbox.base_url else ""
        await download(line.pool, line.file_url(path), target, limit, self._timeouts.listing, own_host=own_host)

    async def updates(self, inbox: Inbox, cursor: str, fence: Fence | None = None) -> tuple[Sequence[Event], str]:
        """Return the updates from `cursor` on, which is the id of the first one wanted, and the cursor after them."""
        line = await self._line(inbox, waits=True)
        for limit in UPDATES_AT_ONCE:
            exchange, error = await self._poll(line, cursor, limit, fence)
            if not exchange.was_too_long:
                break
        found = exchange.result()
        if isinstance(found, list):
            events, offset = updates.polled(found, utc_now())
            return events, cursor if offset is None else str(offset)
        if exchange.status != CONFLICT:
            raise exchange.trouble(error)
        said = exchange.description().lower()
        if _ENDED in said:
            # The process that set the webhook knows the inbox's present settings, and this one may not: leave it.
            return (), cursor
        if "webhook" not in said:
            raise ChannelError("Another program receives this bot's messages.", local_errors.CONFLICT)
        # The webhook may be left from the time when this inbox received by webhook.
        if not await self.forget_webhook(inbox, fence):
            raise ChannelError("Telegram sends this bot's messages to another webhook.", local_errors.WEBHOOK)
        return (), cursor

    async def webhook_secret(self, inbox: Inbox) -> str:
        """Return the webhook's secret, derived from the present token. Raise SecretError."""
        token = await read_aside(inbox.secret, lambda: updates.token(inbox, self._resolve))
        return updates.secret_token(token, inbox.id)

    async def use_webhook(self, inbox: Inbox, url: str, fence: Fence | None = None) -> None:
        """Let Telegram call `url` with the inbox's secret, or be polled when it is empty. Keep pending updates."""
        line = await self._line(inbox)
        secret = updates.secret_token(line.token, inbox.id)

        def change(bot: "Bot") -> Awaitable[bool]:
            if not url:
                return bot.delete_webhook()
            return bot.set_webhook(url, allowed_updates=updates.KINDS, secret_token=secret)

        try:
            await line.ask(change, self._timeouts.total, fence)
        except ChannelError as error:
            if error.code.startswith("400"):
                raise ChannelError(error.sentence, errors.BAD_WEBHOOK) from error
            raise

    async def forget_webhook(self, inbox: Inbox, fence: Fence | None = None) -> bool:
        """Remove our webhook. Return False when none is set, or one that isn't ours, which stays."""
        if not await self._is_ours(await self._line(inbox), inbox):
            return False
        await self.use_webhook(inbox, "", fence)
        return True

    def admit(self, headers: Mapping[str, str]) -> None:
        """Raise BadSignature or BadRequest when the headers show that a webhook can't be Telegram's."""
        updates.admit(headers)

    def events(self, inbox: Inbox, request: WebhookRequest) -> Sequence[Event]:
        """Verify and read a webhook. May block on the credential."""
        return updates.events(inbox, request, self._resolve)

    def challenge(self, inbox: Inbox, query: Mapping[str, str]) -> str:
        """Raise BadRequest: Telegram asks for no confirmation of an address."""
        raise BadRequest("Telegram calls this address by POST.", NO_CHALLENGE)

    async def aclose(self) -> None:
        """Close the connections; the next request opens new ones."""
        await self._answers.aclose()
        await self._polls.aclose()

    async def _poll(self, line: "Line", cursor: str, limit: int, fence: Fence | None) -> tuple["Exchange", Exception]:
        """Ask for at most `limit` updates; return the exchange with the answer, and the error if it has no updates."""
        bot, exchange = line.begin(fence)
        error: Exception = ValueError("the answer holds no updates")
        try:
            async with asyncio.timeout(self._poll_seconds + self._timeouts.total):
                await bot.get_updates(
                    offset=int(cursor) if cursor else None,
                    limit=limit,
                    timeout=self._poll_seconds,
                    allowed_updates=updates.KINDS,
                )
        except Exception as failure:
            error = failure
        return exchange, error

    async def _is_ours(self, line: "Line", inbox: Inbox) -> bool:
        """Return whether the webhook that is set at Telegram is ours."""
        info = await line.ask(lambda bot: bot.get_webhook_info(), self._timeouts.total)
        url = info.get("url") if isinstance(info, dict) else None
        return isinstance(url, str) and updates.is_ours(inbox, url)

    async def _line(self, inbox: Inbox, *, waits: bool = False) -> "Line":
        """Return the Bot API of an inbox's bot, over the connections for long polls with `waits`.

        Raise SecretError, and ChannelError for a base URL that isn't a web address.
        """
        token = await read_aside(inbox.secret, lambda: updates.token(inbox, self._resolve))
        pool = await (self._polls if waits else self._answers).get()
        from contacts_tui.channels.telegram.http import Line

        return Line(pool, inbox.base_url, token)
