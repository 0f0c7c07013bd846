"""What Twilio's list of messages tells of what people wrote: for webhooks that nobody took, which don't come again.

https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from contacts_tui.channels import local_errors
from contacts_tui.channels.base import BadRequest, InboundMessage, StatusUpdate
from contacts_tui.channels.twilio import webhook
from contacts_tui.channels.twilio.signed_form import SERVICE_PREFIX, WHATSAPP
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.gap import MissedMessage
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.message import Media

if TYPE_CHECKING:
    from twilio.rest import Client
    from twilio.rest.api.v2010.account.message import MessageInstance, MessagePage

PAGE = 100
"""Messages asked for at once. Twilio gives up to 1000, but reading so many holds webhooks up for 100 ms."""
NUMBERS = 400
"""Numbers of a messaging service that are looked at: Twilio's most."""
INBOUND = "inbound"
"""The direction of what people wrote."""
GONE = 404
"""HTTP status of a message, or of its files, that somebody deleted at Twilio."""
NO_SUCH_PAGE = (400, 404)
"""HTTP statuses of a page that Twilio doesn't know any more."""


async def received(
    client: "Client", inbox: Inbox, since: datetime, until: datetime, cursor: str
) -> tuple[Sequence[MissedMessage], str]:
    """A page of messages to this inbox, and where the list goes on; empty at its end.

    Twilio documents whole days for its filters, so both ends are looked at here again.
    """
    page = await (_following(client, cursor) if cursor else _first(client, inbox, since, until))
    records = list(page)
    following = page.next_page_url or ""
    if records and all((at := _moment(record)) is not None and at < since for record in records):
        # The newest come first: everything further on is older still.
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
        # A messaging service receives at every number that it has, and by other ways (RCS) too.
        return await client.messages.page_async(date_sent_after=first_day, date_sent_before=last_day, page_size=PAGE)
    to = WHATSAPP + inbox.address if inbox.channel is Channel.WHATSAPP else inbox.address
    return await client.messages.page_async(to=to, date_sent_after=first_day, date_sent_before=last_day, page_size=PAGE)


async def _following(client: "Client", cursor: str) -> "MessagePage":
    page: MessagePage = await client.messages.get_page_async(cursor)
    return page


async def _numbers(client: "Client", inbox: Inbox) -> frozenset[str]:
    """The numbers of a messaging service; none for a sender of its own."""
    if not inbox.address.startswith(SERVICE_PREFIX):
        return frozenset()
    found = await client.messaging.v1.services(inbox.address).phone_numbers.list_async(limit=NUMBERS)
    return frozenset(str(number.phone_number) for number in found)


def _is_for(record: "MessageInstance", inbox: Inbox, numbers: frozenset[str]) -> bool:
    """Whether somebody wrote this to the inbox."""
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
        # It came by the other channel: to the messaging service, but not to this inbox.
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
    """A value as text that can be stored: half a character, which JSON may hold, is replaced."""
    return str(value or "").encode("utf-8", "replace").decode()


def _moment(record: "MessageInstance") -> datetime | None:
    """When it was sent, by Twilio's clock, to the second."""
    return next((at for at in (record.date_sent, record.date_created) if isinstance(at, datetime)), None)


async def with_files(client: "Client", api: str, inbox: Inbox, missed: MissedMessage) -> InboundMessage:
    """A listed message with its files, which a webhook would have named too. `api` is where Twilio keeps them."""
    found = await client.messages(missed.provider_id).media.list_async(limit=webhook.MOST_MEDIA)
    media = tuple(
        Media(url=f"{api}{str(file.uri).removesuffix('.json')}", content_type=str(file.content_type or ""))
        for file in found
        if file.uri
    )
    return as_event(inbox, missed, media)


def as_event(inbox: Inbox, missed: MissedMessage, media: tuple[Media, ...]) -> InboundMessage:
    """A listed message as its webhook would have told it. Files that Twilio doesn't have any more are named."""
    form = {name: str(value) for name, value in missed.raw.items()}
    return webhook.message(inbox, missed.provider_id, form, media, missed.at)


async def report(client: "Client", provider_id: str) -> StatusUpdate | None:
    """What Twilio says now of a message of ours, as a callback would have said it."""
    record = await client.messages(provider_id).fetch_async()
    word = str(record.status or "")
    status = webhook.delivery(word)
    if status is None:
        return None
    code = str(record.error_code or "")
    if status is Delivery.FAILED and not code:
        code = local_errors.CANCELED if word == "canceled" else local_errors.NO_REASON
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
