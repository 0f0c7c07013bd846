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
"""How long Telegram holds a question for updates open while there are none."""
UPDATES_AT_ONCE = (100, 10, 1)
"""How many are wanted in one answer: the most that Telegram gives; fewer when that is too long to be read."""
CONFLICT = 409

_ENDED = "terminated by setwebhook"
"""What a question for updates is told, in lower case, when a webhook is set while it waits."""

_FIRST_IMPORTS = ("contacts_tui.channels.telegram.send", "contacts_tui.channels.download")

_PATH = re.compile(r"[\w.@+ -]+(/[\w.@+ -]+)*")
"""A path under the Bot API's address of files."""


class TelegramAdapter:
    """Sends and reads through the Bot API. One for a process and its event loop."""

    provider = Provider.TELEGRAM
    largest_webhook = updates.LARGEST

    def __init__(
        self,
        resolve: ResolveSecret,
        timeouts: Timeouts | None = None,
        poll_seconds: int = POLL_SECONDS,
    ) -> None:
        """`resolve` reads a credential: the bot's token."""
        self._resolve = resolve
        self._timeouts = timeouts or Timeouts()
        self._poll_seconds = poll_seconds
        self._answers = Connections(self._timeouts, _FIRST_IMPORTS)
        self._polls = Connections(self._timeouts, _FIRST_IMPORTS, for_long_polls=True)

    async def send(self, inbox: Inbox, outgoing: Outgoing, fence: Fence | None = None) -> SendResult:
        """Hand one message to Telegram, once."""
        try:
            line = await self._line(inbox)
        except ChannelError as error:
            return Refused(error.code or CREDENTIALS, error.sentence)
        from contacts_tui.channels.telegram.send import send

        return await send(line, outgoing, self._timeouts.sending(outgoing.file_bytes), fence)

    async def find(self, inbox: Inbox, outgoing: Outgoing, since: datetime) -> Accepted | None:
        """A bot can't be asked for what it has sent: only the person can say whether it arrived."""
        return None

    async def templates(self, inbox: Inbox, now: datetime) -> Sequence[Template]:
        """Telegram has none: whoever wrote may be written to."""
        return ()

    async def check(self, inbox: Inbox) -> InboxCheck:
        """Ask for the bot and for the way in which it receives. A wrong token is an answer, not an error."""
        line = await self._line(inbox)
        from contacts_tui.channels.telegram.check import check

        return await check(line, inbox, self._timeouts.total)

    async def fetch(self, inbox: Inbox, media: Media, target: Path, limit: int) -> None:
        """Load a file that a person sent: from the Bot API's own host, for its address holds the token."""
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
        # A Bot API server of our own may name a path on its disk, which means nothing here.
        if not isinstance(path, str) or not _PATH.fullmatch(path) or ".." in path.split("/"):
            raise ChannelError("Telegram doesn't say where the file is.", local_errors.UNREADABLE)
        from contacts_tui.channels.download import download

        # What an administrator entered as the base URL may lie in our own network, as a sandbox does.
        own_host = line.host if inbox.base_url else ""
        await download(line.pool, line.file_url(path), target, limit, self._timeouts.listing, own_host=own_host)

    async def updates(self, inbox: Inbox, cursor: str, fence: Fence | None = None) -> tuple[Sequence[Event], str]:
        """What came after `cursor`, which is the id of the first update that is wanted."""
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
            # Whoever set it knows the inbox as it is now, we may not: it stays.
            return (), cursor
        if "webhook" not in said:
            raise ChannelError("Another program receives this bot's messages.", local_errors.CONFLICT)
        # Set when the inbox received by webhook; it was told to poll since then.
        if not await self.forget_webhook(inbox, fence):
            raise ChannelError("Telegram sends this bot's messages to another webhook.", local_errors.WEBHOOK)
        return (), cursor

    async def webhook_secret(self, inbox: Inbox) -> str:
        """Made of the token as it lies there now."""
        token = await read_aside(inbox.secret, lambda: updates.token(inbox, self._resolve))
        return updates.secret_token(token, inbox.id)

    async def use_webhook(self, inbox: Inbox, url: str, fence: Fence | None = None) -> None:
        """Let Telegram call `url` with the inbox's secret; empty: be polled. What waits there is kept in both cases."""
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
        """Take our webhook away; False when there is none of ours: somebody else's stays."""
        if not await self._is_ours(await self._line(inbox), inbox):
            return False
        await self.use_webhook(inbox, "", fence)
        return True

    def admit(self, headers: Mapping[str, str]) -> None:
        """Refuse a webhook by its headers."""
        updates.admit(headers)

    def events(self, inbox: Inbox, request: WebhookRequest) -> Sequence[Event]:
        """Verify and read a webhook. May block on the credential."""
        return updates.events(inbox, request, self._resolve)

    def challenge(self, inbox: Inbox, query: Mapping[str, str]) -> str:
        """Telegram asks for no confirmation of an address."""
        raise BadRequest("Telegram calls this address by POST.", NO_CHALLENGE)

    async def aclose(self) -> None:
        """Close the connections; the next request opens new ones."""
        await self._answers.aclose()
        await self._polls.aclose()

    async def _poll(self, line: "Line", cursor: str, limit: int, fence: Fence | None) -> tuple["Exchange", Exception]:
        """Ask for at most so many updates; returns what tells how that went, and what an answer without any means."""
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
        """Whether the webhook that is set is ours."""
        info = await line.ask(lambda bot: bot.get_webhook_info(), self._timeouts.total)
        url = info.get("url") if isinstance(info, dict) else None
        return isinstance(url, str) and updates.is_ours(inbox, url)

    async def _line(self, inbox: Inbox, *, waits: bool = False) -> "Line":
        """The way to a bot, for a long poll with `waits`.

        Raises SecretError, and ChannelError for a base URL that is none.
        """
        token = await read_aside(inbox.secret, lambda: updates.token(inbox, self._resolve))
        pool = await (self._polls if waits else self._answers).get()
        from contacts_tui.channels.telegram.http import Line

        return Line(pool, inbox.base_url, token)
