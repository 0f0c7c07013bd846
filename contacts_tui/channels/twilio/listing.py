"""Inbound messages from Twilio's list of messages: for webhooks that weren't accepted, which Twilio doesn't repeat.

https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from contacts_tui.channels.base import BadRequest, InboundMessage, StatusUpdate
from contacts_tui.channels.twilio import webhook
from contacts_tui.channels.twilio.inbound_text import MOST_MEDIA
from contacts_tui.channels.twilio.signed_form import SERVICE_PREFIX, WHATSAPP
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.gap import MissedMessage
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.message import Media

if TYPE_CHECKING:
    from twilio.rest import Client
    from twilio.rest.api.v2010.account.message import MessageInstance, MessagePage

PAGE = 100
"""Messages of one page. Twilio gives up to 1000, but reading so many delays webhooks by 100 ms."""
NUMBERS = 400
"""The most numbers of a messaging service that are read: as many as Twilio allows."""
INBOUND = "inbound"
"""The direction of a message that a person wrote."""
GONE = 404
"""HTTP status for a message, or for its files, deleted at Twilio."""
NO_SUCH_PAGE = (400, 404)
"""HTTP statuses for a page that Twilio no longer knows."""


async def received(
    client: "Client", inbox: Inbox, since: datetime, until: datetime, cursor: str
) -> tuple[Sequence[MissedMessage], str]:
    """Return a page of the messages to this inbox, newest first, and the cursor of the next page; empty at the end.

    Twilio documents whole days for its filters, so both ends of the span are checked again here.
    """
    page = await (_following(client, cursor) if cursor else _first(client, inbox, since, until))
    records = list(page)
    following = page.next_page_url or ""
    if records and all((at := _moment(record)) is not None and at < since for record in records):
        # The newest come first, so all further pages are older still.
        following = ""
    numbers = await _numbers(client, inbox)
    return [
        missed
        for record in records
        if _is_for(record, inbox, numbers) and (missed := _missed(inbox, record)) is not None
        if since <= missed.at <= until
    ], following


async def _first(client: "Client", inbox: Inbox, since: datetime, until: datetime) -> "MessagePage":
    first_day, last_day = f"{since:%Y-%m-%d}", f"{until:%Y-%m-%d}"
    if inbox.address.startswith(SERVICE_PREFIX):
        # A messaging service receives at every number that it has, and by other services (RCS) too.
        return await client.messages.page_async(date_sent_after=first_day, date_sent_before=last_day, page_size=PAGE)
    to = WHATSAPP + inbox.address if inbox.channel is Channel.WHATSAPP else inbox.address
    return await client.messages.page_async(to=to, date_sent_after=first_day, date_sent_before=last_day, page_size=PAGE)


async def _following(client: "Client", cursor: str) -> "MessagePage":
    page: MessagePage = await client.messages.get_page_async(cursor)
    return page


async def _numbers(client: "Client", inbox: Inbox) -> frozenset[str]:
    """Return the numbers of a messaging service; none for an inbox that is one number."""
    if not inbox.address.startswith(SERVICE_PREFIX):
        return frozenset()
    found = await client.messaging.v1.services(inbox.address).phone_numbers.list_async(limit=NUMBERS)
    return frozenset(str(number.phone_number) for number in found)


def _is_for(record: "MessageInstance", inbox: Inbox, numbers: frozenset[str]) -> bool:
    """Return whether a record is an inbound message to the inbox."""
    if str(record.direction or "") != INBOUND or not record.sid:
        return False
    if not inbox.address.startswith(SERVICE_PREFIX):
        return True
    return record.messaging_service_sid == inbox.address or str(record.to or "") in numbers


def _missed(inbox: Inbox, record: "MessageInstance") -> MissedMessage | None:
    at = _moment(record)
    if at is None:
        return None
    try:
        webhook.sender(inbox, _text(record.from_).strip())
    except BadRequest:
        # It came by the other channel: it was for the messaging service, but not for this inbox.
        return None
    files = str(record.num_media or "0")
    return MissedMessage(
        provider_id=str(record.sid),
        at=at,
        files=int(files) if files.isdecimal() else 0,
        raw={
            "MessageSid": _text(record.sid),
            "AccountSid": _text(record.account_sid),
            "From": _text(record.from_),
            "To": _text(record.to),
            "Body": _text(record.body),
            "NumMedia": files,
            "MessagingServiceSid": _text(record.messaging_service_sid),
            "DateSent": at.isoformat(),
        },
    )


def _text(value: object) -> str:
    """Return a value as text that can be stored: half a surrogate pair, which JSON may hold, is replaced."""
    return str(value or "").encode("utf-8", "replace").decode()


def _moment(record: "MessageInstance") -> datetime | None:
    """Return when a message was sent, else created, by Twilio's clock, to the second; None when it says neither."""
    return next((at for at in (record.date_sent, record.date_created) if isinstance(at, datetime)), None)


async def with_files(client: "Client", api: str, inbox: Inbox, missed: MissedMessage) -> InboundMessage:
    """Return a listed message with its files, which a webhook would have named too. `api` is their base address."""
    found = await client.messages(missed.provider_id).media.list_async(limit=MOST_MEDIA)
    media = tuple(
        Media(url=f"{api}{str(file.uri).removesuffix('.json')}", content_type=str(file.content_type or ""))
        for file in found
        if file.uri
    )
    return as_event(inbox, missed, media)


def as_event(inbox: Inbox, missed: MissedMessage, media: tuple[Media, ...]) -> InboundMessage:
    """Return a listed message as its webhook would have reported it. Files that Twilio no longer has are mentioned."""
    form = {name: str(value) for name, value in missed.raw.items()}
    return webhook.message(inbox, missed.provider_id, form, media, missed.at)


async def report(client: "Client", provider_id: str) -> StatusUpdate | None:
    """Return the present status of a message of ours as a callback would report it; None if it says nothing new."""
    record = await client.messages(provider_id).fetch_async()
    word = str(record.status or "")
    status = webhook.delivery(word)
    if status is None:
        return None
    code = webhook.code_of(word, str(record.error_code or ""))
    at = next((at for at in (record.date_updated, record.date_sent) if isinstance(at, datetime)), None)
    if at is None:
        return None
    return StatusUpdate(
        event_key=f"{provider_id}:{word}:{code}",
        provider_id=provider_id,
        uid="",
        status=status,
        word=word,
        code=code,
        detail=str(record.error_message or ""),
        at=at,
        raw={"MessageSid": provider_id, "MessageStatus": word, "ErrorCode": code, "DateUpdated": at.isoformat()},
    )
