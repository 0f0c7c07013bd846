"""Twilio's webhooks: signed form posts."""

from __future__ import annotations

import uuid
from urllib.parse import urlencode

from contacts_sandbox.core.state import State
from contacts_sandbox.core.webhooks import Occasion, Parcel, Poster
from contacts_sandbox.twilio import signature
from contacts_sandbox.twilio.records import Message, Post


class FormPoster:
    """Posts Twilio's webhooks and keeps the answers with their message."""

    def __init__(self, state: State, poster: Poster) -> None:
        """Post through `poster`."""
        self._state = state
        self._poster = poster

    async def post(self, when: str, message: Message, url: str, fields: dict[str, str]) -> Post:
        """Post `fields` once, or as a fault demands, and return the first try.

        `when` is `callback` or `inbound`. Nothing is retried: Twilio doesn't retry either, unless asked to.
        """
        tried = Post(self._state.clock(), url, fields)
        account = self._state.accounts.get(message.account_sid)
        if account is None:
            tried.error = "the account is gone"
            message.posts.append(tried)
            return tried
        headers = {
            signature.HEADER: signature.sign(account.auth_token, url, fields),
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "User-Agent": "TwilioProxy/1.1",
            "I-Twilio-Idempotency-Token": str(uuid.uuid4()),
        }
        line = message.sid if when == "callback" else when
        occasion = Occasion(when, message.to, message.from_, line)
        parcel = Parcel(urlencode(fields).encode(), headers)
        await self._poster.post(occasion, message.posts, tried, parcel, message.post_order)
        return tried
