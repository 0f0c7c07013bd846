"""Messenger's webhooks: verifying that Meta sent them, and reading them.

Everything in a signed request becomes an event. What changes nothing (a reaction, a referral, a new kind) is stored
under the name of its kind, with its raw form.
"""

import hashlib
import hmac
import json
import logging
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from contacts_tui.channels.base import (
    CREDENTIALS,
    WRONG_TYPE,
    BadRequest,
    BadSignature,
    Echo,
    Event,
    InboundMessage,
    MessageEdited,
    PassedOver,
    ResolveSecret,
    SecretError,
    StatusUpdate,
    Watermark,
    WebhookRequest,
)
from contacts_tui.channels.meta.connector import SIGNATURE
from contacts_tui.channels.meta.content import Json, content, id_of, referral
from contacts_tui.channels.untrusted import (
    LONGEST_WORD,
    MILLISECONDS,
    instant,
    is_blank,
    is_set,
    media_type,
    spoken,
    text_of,
    whole,
)
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.inbox import Inbox

_SIGNATURE_FORM = re.compile(r"sha256=[0-9a-fA-F]{64}")
JSON = "application/json"
LARGEST = 4 * 1024 * 1024
"""The most bytes of a webhook. Meta joins up to 1000 events, in which a letter beyond ASCII takes six bytes; a refused
webhook is sent again unchanged, so all of its events would be lost."""

UNSENT = "(deleted by the sender)"
"""The text shown in the place of a message that its sender deleted."""

DEEPEST = 40
"""The most levels of an entry, as it has to be written as JSON again. Meta's have some ten."""

_ENVELOPE = frozenset({"sender", "recipient", "timestamp", "app_id", "prior_message"})
"""Fields of an item that don't name its kind."""
_ABOUT_ENTRY = frozenset({"id", "time", "uid"})
"""Fields that identify an entry, and aren't its content."""

_LOG = logging.getLogger(__name__)


def verify_token(app_secret: str, inbox_id: int) -> str:
    """Return the verify token to enter at Meta for an inbox's webhook. Derived, so that no further secret is stored."""
    return signed(app_secret, f"verify {inbox_id}".encode())[:32]


def signed(secret: str, data: bytes) -> str:
    """Return the HMAC-SHA256 of `data` under a secret, in hexadecimal, as Meta writes it. Accept any text as secret."""
    return hmac.new(secret.encode("utf-8", "surrogatepass"), data, hashlib.sha256).hexdigest()


def app_secrets(inbox: Inbox, resolve: ResolveSecret) -> tuple[str, ...]:
    """Return the app's secrets: the first signs our requests, any of them may sign Meta's. Raise SecretError."""
    reference = inbox.options.get("app_secret", "")
    if not reference:
        raise SecretError(f"The inbox {inbox.name} doesn't say where the app's secret is.", CREDENTIALS)
    found = tuple(resolve(reference).split())
    if not found:
        raise SecretError("The app's secret is empty.", CREDENTIALS)
    return found


def challenge(inbox: Inbox, query: Mapping[str, str], resolve: ResolveSecret) -> str:
    """Return the answer that confirms this address to Meta. Raise BadRequest or BadSignature."""
    answer, token = query.get("hub.challenge", ""), query.get("hub.verify_token", "")
    if query.get("hub.mode") != "subscribe" or not answer:
        raise BadRequest("Meta confirms this address with hub.mode, hub.verify_token and hub.challenge.")
    expected = (verify_token(secret, inbox.id) for secret in _signers(inbox, resolve))
    if not any([_same(each, token) for each in expected]):
        raise BadSignature("The verify token doesn't match: compare it with the one that the inbox shows.")
    return answer


def admit(headers: Mapping[str, str]) -> None:
    """Raise BadSignature or BadRequest when the headers show that a request can't be Meta's."""
    if media_type(headers) != JSON:
        raise BadRequest("A Messenger webhook has to be JSON.", WRONG_TYPE)
    if not headers.get(SIGNATURE):
        raise BadSignature("The request has no signature.")
    if not _SIGNATURE_FORM.fullmatch(headers[SIGNATURE].strip()):
        raise BadSignature("The request's signature isn't Meta's.")


def events(inbox: Inbox, request: WebhookRequest, resolve: ResolveSecret) -> Sequence[Event]:
    """Verify one request, and read its entries for this inbox's page. Raise BadSignature or BadRequest."""
    admit(request.headers)
    _verify(inbox, request, resolve)
    found: list[Event] = []
    for entry in _entries(request.body):
        if id_of(entry) != inbox.address:
            _LOG.info("inbox %d: ignored an entry for another page", inbox.id)
            continue
        found += _entry(entry, request.received_at)
    return found


def _entry(entry: Json, received_at: datetime) -> Iterator[Event]:
    """Yield the events of an entry: at least one for everything in it but its ids and time."""
    page = id_of(entry)
    for name, value in entry.items():
        if name in _ABOUT_ENTRY:
            continue
        items = value if isinstance(value, list) else [value]
        for item in items:
            if name in ("messaging", "standby"):
                yield from _item(item if isinstance(item, dict) else {"item": item}, page, received_at)
            elif name == "changes":
                yield from _change(item if isinstance(item, dict) else {"change": item}, page, received_at)
            else:
                word = text_of(name)[:LONGEST_WORD]
                yield PassedOver(f"entry:{_hash(name, item)}", word, received_at, {word: item})


def _signers(inbox: Inbox, resolve: ResolveSecret) -> tuple[str, ...]:
    try:
        return app_secrets(inbox, resolve)
    except SecretError as error:
        raise BadSignature(error.sentence, error.code) from error


def _same(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))


def _verify(inbox: Inbox, request: WebhookRequest, resolve: ResolveSecret) -> None:
    given = request.headers[SIGNATURE].strip()
    expected = ("sha256=" + signed(secret, request.body) for secret in _signers(inbox, resolve))
    if not any([_same(each, given) for each in expected]):
        raise BadSignature("The signature doesn't match: the app secret differs from what Meta uses.")


def _entries(body: bytes) -> list[Json]:
    try:
        found = json.loads(body, parse_constant=_finite, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise BadRequest("The JSON can't be read.") from error
    if not isinstance(found, dict) or found.get("object") != "page":
        raise BadRequest("This isn't a page's webhook.")
    entries = found.get("entry")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BadRequest("The webhook has no entries.")
    level: list[object] = list(entries)
    for _ in range(DEEPEST):
        level = [part for value in level for part in _parts(value)]
    if level:
        raise BadRequest("The JSON is nested too deeply.")
    return entries


def _parts(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _finite(text: str) -> float:
    """Return a number. Raise ValueError for NaN and the infinities, which can't be written as JSON again."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def _item(item: Json, page: str, received_at: datetime) -> Iterator[Event]:
    """Yield the events of an item: those of the first kind in it that gives any, else the item as passed over."""
    at = instant(item.get("timestamp")) or received_at
    for kind, value in item.items():
        read = _READERS.get(kind)
        if read is not None and isinstance(value, dict):
            if kind == "message" and id_of(item.get("sender")) == page:
                # The page is the sender, so this is an echo, whether the item says so or not.
                value = {**value, "is_echo": True}
            events_of_it = tuple(read(item, value, at))
            if events_of_it:
                yield from events_of_it
                return
    yield _kept(item, at)


def _change(change: Json, page: str, received_at: datetime) -> Iterator[Event]:
    """Yield the events of one of an entry's `changes`: those of its messaging item, else the change as passed over."""
    value, field = change.get("value"), text_of(change.get("field"))[:LONGEST_WORD]
    if isinstance(value, dict) and any(kind in value for kind in _READERS):
        yield from _item(value, page, received_at)
    else:
        yield PassedOver(f"change:{_hash(change)}", field or "change", received_at, change)


def _message(item: Json, message: Json, at: datetime) -> Iterator[Event]:
    mid = text_of(message.get("mid")) or f"message:{_hash(item)}"
    if is_set(message.get("is_echo")):
        yield from _echo(item, message, mid, at)
    elif is_set(message.get("is_deleted")):
        yield MessageEdited(f"{mid}:unsent", mid, UNSENT, (), at, item, taken_back=True)
    elif sender := id_of(item.get("sender")):
        body, media = content(message)
        yield InboundMessage(mid, mid, sender, body, media, "", at, item, is_chosen="quick_reply" in message)


def _echo(item: Json, message: Json, mid: str, at: datetime) -> Iterator[Event]:
    reference, recipient = text_of(message.get("metadata")), id_of(item.get("recipient"))
    if recipient:
        body, media = content(message)
        yield Echo(f"{mid}:echo", mid, recipient, reference, body, media, at, item)


def _edit(item: Json, edit: Json, at: datetime) -> Iterator[Event]:
    mid, number = text_of(edit.get("mid")), edit.get("num_edit")
    if mid and isinstance(edit.get("text"), str):
        key = f"{mid}:edit:{_hash(number, item.get('timestamp'))}"
        yield MessageEdited(key, mid, text_of(edit["text"]), None, at, item)


def _postback(item: Json, postback: Json, at: datetime) -> Iterator[Event]:
    """Yield a pressed button as a message with its title, which the person sees as their own message."""
    sender = id_of(item.get("sender"))
    body = next((said for name in ("title", "payload") if not is_blank(said := spoken(postback.get(name)))), "")
    if sender:
        key = text_of(postback.get("mid")) or f"postback:{_hash(item)}"
        said = "\n".join(part for part in (body or "A button was pressed", referral(postback)) if part)
        yield InboundMessage(key, key, sender, said, (), "", at, item, is_chosen=True)


def _delivery(item: Json, delivery: Json, at: datetime) -> Iterator[Event]:
    mids = delivery.get("mids")
    mids = [mids] if isinstance(mids, str) else mids
    up_to = instant(delivery.get("watermark")) or at
    for mid in map(text_of, mids if isinstance(mids, list) else ()):
        if mid:
            word = Delivery.DELIVERED
            yield StatusUpdate(f"{mid}:{word}", mid, "", word, word, "", "", up_to, item)
    yield from _watermark(item, delivery, Delivery.DELIVERED)


def _read(item: Json, read: Json, at: datetime) -> Iterator[Event]:
    yield from _watermark(item, read, Delivery.READ)


def _watermark(item: Json, report: Json, status: Delivery) -> Iterator[Event]:
    sender, given = id_of(item.get("sender")), whole(report.get("watermark"))
    up_to = instant(given)
    if sender and up_to is not None:
        if given is not None and given < MILLISECONDS:
            # The time is in whole seconds: everything sent within that second is included.
            up_to += timedelta(milliseconds=999)
        yield Watermark(f"{status}:{sender}:{given}", sender, status, up_to, item)


def _kept(item: Json, at: datetime) -> Event:
    """Return an item that changes nothing, or has no sender, as passed over under the name of its kind."""
    kinds = [kind for kind in item if kind not in _ENVELOPE]
    word = text_of(kinds[0])[:LONGEST_WORD] if kinds else "nothing"
    about = item.get(kinds[0]) if kinds else None
    mid = text_of(about.get("mid")) if isinstance(about, dict) and word == "reaction" else ""
    return PassedOver(f"{word}:{_hash(item)}", word, at, item, mid)


def _hash(*values: object) -> str:
    """Return a short key for something without an id; equal for equal values."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()[:32]


_Reader = Callable[[Json, dict[str, Any], datetime], Iterator[Event]]

_READERS: dict[str, _Reader] = {
    "message": _message,
    "message_edit": _edit,
    "postback": _postback,
    "delivery": _delivery,
    "read": _read,
}
"""Kinds of items that are read; of any other kind only the raw form is stored."""
