"""What a bot receives, polled or by webhook: converting updates to events, and verifying that Telegram sent them."""

import hashlib
import hmac
import json
import logging
import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from contacts_tui.channels.base import (
    CREDENTIALS,
    WRONG_TYPE,
    BadRequest,
    BadSignature,
    Event,
    InboundMessage,
    MessageEdited,
    PassedOver,
    PermissionChanged,
    ResolveSecret,
    SecretError,
    WebhookKind,
    WebhookRequest,
    webhook_url,
)
from contacts_tui.channels.telegram.content import content, object_of
from contacts_tui.channels.telegram.kinds import Json
from contacts_tui.channels.untrusted import LONGEST_WORD, instant, is_blank, media_type, text_of, whole
from contacts_tui.domain.inbox import Inbox

KINDS = ("message", "edited_message", "my_chat_member")
"""The kinds of updates that are asked for."""

SECRET_HEADER = "x-telegram-bot-api-secret-token"
"""The header with the secret that was set together with the webhook's address."""

LARGEST = 1024 * 1024
"""The most bytes of an update: one message of 4096 characters, or a contact card. The longest have some hundred
kilobytes."""

_TOKEN = re.compile(r"([0-9]{1,20}):[A-Za-z0-9_-]{3,}")
"""The bot's id and its secret. No other character may get into an address."""

UNREADABLE = "unreadable update"
"""The name under which updates without a private chat are counted."""
_MEMBER, _KICKED = "member", "kicked"
"""The bot's status in a private chat: allowed to write, or blocked."""

_LOG = logging.getLogger(__name__)


def token(inbox: Inbox, resolve: ResolveSecret) -> str:
    """Return the bot's token. Raise SecretError when it can't be read, has a wrong form, or is another bot's."""
    found = resolve(inbox.secret).strip()
    form = _TOKEN.fullmatch(found)
    if form is None:
        raise SecretError("The credential isn't a bot's token: a number, a colon and letters.", CREDENTIALS)
    if inbox.account and form[1] != inbox.account:
        raise SecretError(f"The credential belongs to a bot other than {inbox.account}.", CREDENTIALS)
    return found


def secret_token(bot_token: str, inbox_id: int) -> str:
    """Return the secret that Telegram sends with each webhook of an inbox: derived from the token, so never stored."""
    return hmac.new(bot_token.encode(), b"webhook %d" % inbox_id, hashlib.sha256).hexdigest()


def is_ours(inbox: Inbox, url: str) -> bool:
    """Return whether a webhook is one that we set for this inbox, at any public address."""
    return url.endswith(webhook_url("", inbox.id, WebhookKind.INBOUND))


def admit(headers: Mapping[str, str]) -> None:
    """Raise BadSignature or BadRequest when the headers show that a request can't be Telegram's."""
    if media_type(headers) != "application/json":
        raise BadRequest("A Telegram webhook has to be JSON.", WRONG_TYPE)
    if not headers.get(SECRET_HEADER):
        raise BadSignature("The request has no secret token.")


def events(inbox: Inbox, request: WebhookRequest, resolve: ResolveSecret) -> Sequence[Event]:
    """Verify and read a webhook. Raise BadSignature or BadRequest, nothing else."""
    admit(request.headers)
    given = request.headers.get(SECRET_HEADER, "")
    try:
        expected = secret_token(token(inbox, resolve), inbox.id)
    except SecretError as error:
        raise BadSignature(error.sentence, error.code) from error
    if not hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace")):
        raise BadSignature(
            "The secret token doesn't match: the webhook was set by someone else, or with another token."
        )
    try:
        update = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise BadRequest("The JSON can't be read.") from error
    return (read(update, request.received_at),)


def polled(updates: Sequence[object], received_at: datetime) -> tuple[Sequence[Event], int | None]:
    """Return the events of an answer, and the offset that acknowledges it; None when it has no update's id.

    An entry that isn't an update must not hold up those after it: it is logged and left out.
    """
    found: list[Event] = []
    offset: int | None = None
    for update in updates:
        number = whole(object_of(update).get("update_id"))
        if number is not None:
            offset = max(offset or 0, number + 1)
        try:
            found.append(read(update, received_at))
        except BadRequest as error:
            _LOG.warning("an update was left out: %s", error.sentence)
    return found, offset


def read(update: object, received_at: datetime) -> Event:
    """Return the event of an update; `received_at` is its time where it has none. Raise BadRequest for no update.

    An update that isn't for us, of a kind that the program does nothing with, or without a sender is passed over under
    the name of its kind: if refused, Telegram would send it again, and none after it. Nothing of groups is kept.
    """
    number = whole(update.get("update_id")) if isinstance(update, dict) else None
    if not isinstance(update, dict) or number is None:
        raise BadRequest("This isn't an update.")
    kind = next((kind for kind in KINDS if kind in update), "")
    said = object_of(update.get(kind))
    chat = object_of(said.get("chat"))
    if not kind:
        name = next((text_of(name) for name in update if name != "update_id"), "") or "update"
        return PassedOver(f"update:{number}", name[:LONGEST_WORD], received_at, _stored(update))
    place = text_of(chat.get("type"))
    if place and place != "private":
        return PassedOver("", f"{kind} in a {place[:LONGEST_WORD]}", received_at, {})
    chat_id = whole(chat.get("id"))
    if place != "private" or chat_id is None:
        _LOG.warning("update %d can't be read: it names no private chat", number)
        return PassedOver(f"update:{number}", UNREADABLE, received_at, _stored(update))
    sender = str(chat_id)
    if kind == "my_chat_member":
        return _permission(update, number, said, sender, received_at)
    message_id = whole(said.get("message_id"))
    provider_id = f"{sender}:{f'update{number}' if message_id is None else message_id}"
    body, media = content(said)
    if kind == "edited_message":
        at = instant(said.get("edit_date", said.get("date"))) or received_at
        # Two edits can have the same second, so the update names the edit.
        key = f"{provider_id}:edited:{number}"
        return MessageEdited(key, provider_id, body, media, at, _stored(update))
    return InboundMessage(
        event_key=provider_id,
        provider_id=provider_id,
        sender=sender,
        body=body,
        media=media,
        profile_name=_name(chat) or _name(object_of(said.get("from"))),
        at=instant(said.get("date")) or received_at,
        raw=_stored(update),
    )


def _permission(update: Json, number: int, said: Json, sender: str, received_at: datetime) -> Event:
    status = object_of(said.get("new_chat_member")).get("status")
    at = instant(said.get("date")) or received_at
    if status not in (_MEMBER, _KICKED):
        return PassedOver(f"update:{number}", "my_chat_member", at, _stored(update))
    return PermissionChanged(f"{sender}:member:{number}", sender, status == _MEMBER, at, _stored(update))


def _name(user: Json) -> str:
    """Return a user's first and last name, or the user name where these draw nothing."""
    name = " ".join(part for key in ("first_name", "last_name") if (part := text_of(user.get(key)).strip()))
    username = text_of(user.get("username")).strip()
    return f"@{username}" if is_blank(name) and username else name


def _stored(update: Json) -> Mapping[str, object]:
    return dict(update)
