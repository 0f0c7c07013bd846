"""A bot's updates: kept until they are confirmed, given out when it polls, or posted to its webhook."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from contacts_sandbox.core.state import State
from contacts_sandbox.core.tasks import Tasks
from contacts_sandbox.core.webhooks import LOST, Occasion, Parcel, Poster
from contacts_sandbox.telegram.errors import TelegramError
from contacts_sandbox.telegram.records import Bot, Poll, Update, Webhook
from contacts_sandbox.twilio.records import Post

LIFETIME = timedelta(hours=24)
"""How long an update waits to be confirmed."""

LONGEST_POLL = 50
"""The most seconds a request for updates waits, whatever it asks."""

UNUSUAL = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds of updates that a bot gets only when it names them."""

OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
"""The error of the older of two polls."""

WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
"""The error of a poll while updates are posted."""

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
"""The header that carries a webhook's secret token."""


class Updates:
    """Keeps and gives out updates."""

    def __init__(self, state: State, tasks: Tasks, poster: Poster) -> None:
        """Post through `poster`, in the background of `tasks`."""
        self._state = state
        self._tasks = tasks
        self._poster = poster

    def add(self, bot: Bot, kind: str, payload: dict[str, Any], person: int, posts: list[Post]) -> Update | None:
        """Add and return an update, or None if the bot doesn't take this kind. Its posts are added to `posts`."""
        if kind not in bot.allowed if bot.allowed else kind in UNUSUAL:
            return None
        number = next(bot.update_ids)
        document = {"update_id": number, kind: payload}
        made = Update(number, self._state.clock(), document, str(person), posts)
        bot.updates.append(made)
        if bot.poll:
            bot.poll.stirred.set()
        self.push(bot)
        return made

    def waiting(self, bot: Bot) -> list[Update]:
        """Drop the updates that are a day old, and return the others that weren't confirmed."""
        now = self._state.clock()
        bot.updates = [update for update in bot.updates if now - update.at < LIFETIME]
        return bot.updates

    async def poll(
        self, bot: Bot, offset: int, limit: int, patience: int, closing: asyncio.Event
    ) -> Sequence[dict[str, Any]]:
        """Wait at most `patience` seconds for updates from `offset` on, and return up to `limit`.

        All before `offset` are confirmed; a negative one counts from the end of those that wait. Return at once when
        `closing` is set. Raise TelegramError 409 while there is a webhook, or when one is set or another poll begins
        meanwhile.
        """
        if bot.webhook:
            raise TelegramError(409, WEBHOOK_ACTIVE)
        if bot.poll:
            bot.poll.end(TelegramError(409, OTHER_POLL))
        poll = bot.poll = Poll()
        waiting = self.waiting(bot)
        if offset < 0:
            bot.updates = waiting[offset:]
        else:
            bot.updates = [update for update in waiting if update.id >= offset]
        deadline = asyncio.get_running_loop().time() + min(patience, LONGEST_POLL)
        try:
            while True:
                found = self.waiting(bot)[:limit]
                left = deadline - asyncio.get_running_loop().time()
                if found or left <= 0 or closing.is_set():
                    return [update.document for update in found]
                await _first(poll.stirred, closing, left)
                poll.stirred.clear()
                if poll.ended:
                    raise poll.ended
        finally:
            if bot.poll is poll:
                bot.poll = None

    def set_webhook(self, bot: Bot, webhook: Webhook | None) -> None:
        """Post updates to `webhook` from now on, or let them be polled for if it is None. End a poll that waits."""
        if bot.poll:
            bot.poll.end(TelegramError(409, "terminated by setWebhook request"))
        if bot.pump:
            bot.pump.cancel()
            bot.pump = None
        bot.webhook = webhook
        self.push(bot)

    def push(self, bot: Bot) -> None:
        """Start posting the updates that wait, unless that goes on already or there is no webhook."""
        if bot.webhook and (bot.pump is None or bot.pump.done()):
            bot.pump = self._tasks.start(self._pump(bot, bot.webhook))

    async def _pump(self, bot: Bot, webhook: Webhook) -> None:
        pause = self._state.settings.retry_first
        while waiting := self.waiting(bot):
            update = waiting[0]
            tried = await self._post(bot, webhook, update)
            if tried.error == LOST or (tried.answer is not None and tried.answer // 100 == 2):
                bot.updates = [one for one in bot.updates if one is not update]
                pause = self._state.settings.retry_first
                continue
            webhook.failed_at = tried.at
            webhook.failure = _failure(tried)
            await asyncio.sleep(pause)
            pause = min(pause * 2, self._state.settings.retry_longest)

    async def _post(self, bot: Bot, webhook: Webhook, update: Update) -> Post:
        tried = Post(self._state.clock(), webhook.url, update.document)
        headers = {"Content-Type": "application/json"}
        if webhook.secret_token:
            headers[SECRET_HEADER] = webhook.secret_token
        occasion = Occasion("telegram_update", bot.username, update.person, f"telegram:{bot.id}")
        parcel = Parcel(json.dumps(update.document).encode(), headers)
        await self._poster.post(occasion, update.posts, tried, parcel, bot.order)
        return tried


def _failure(tried: Post) -> str:
    """Return why a post wasn't accepted, in the words of getWebhookInfo."""
    if tried.answer is None:
        return tried.error or ""
    try:
        reason = HTTPStatus(tried.answer).phrase
    except ValueError:
        reason = ""
    return f"Wrong response from the webhook: {tried.answer} {reason}".rstrip()


async def _first(one: asyncio.Event, other: asyncio.Event, seconds: float) -> None:
    """Wait until one of two events is set, or the time is over."""
    waits = [asyncio.ensure_future(event.wait()) for event in (one, other)]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
