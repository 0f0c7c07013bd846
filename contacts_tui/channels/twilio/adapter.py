"""Twilio: SMS and WhatsApp.

The SDK and httpx cost some 350 ms to import: both are loaded off the event loop when the first request leaves.
"""

import asyncio
import base64
import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from contacts_tui.channels import local_errors
from contacts_tui.channels.base import (
    CREDENTIALS,
    EXPIRED_CURSOR,
    NO_CHALLENGE,
    Accepted,
    BadRequest,
    ChannelError,
    Event,
    InboundMessage,
    InboxCheck,
    OutcomeUnknown,
    Outgoing,
    Refused,
    ResolveSecret,
    SecretError,
    SendResult,
    StatusUpdate,
    WebhookRequest,
)
from contacts_tui.channels.fence import Fence
from contacts_tui.channels.files import apart
from contacts_tui.channels.http_pool import Connections
from contacts_tui.channels.secrets import read_aside
from contacts_tui.channels.timeouts import Timeouts
from contacts_tui.channels.twilio import errors, listing, signed_form, webhook
from contacts_tui.channels.twilio.connectors import SMS, WHATSAPP
from contacts_tui.channels.twilio.content import to_template
from contacts_tui.domain.attachments import is_too_large, problem
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.gap import MissedMessage
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.message import Media
from contacts_tui.domain.template import Template

if TYPE_CHECKING:
    from twilio.base.page import Page
    from twilio.rest import Client
    from twilio.rest.api.v2010.account.message import MessageInstance
    from twilio.rest.content.v1.content_and_approvals import ContentAndApprovalsInstance

    from contacts_tui.channels.twilio.http import Exchange

MESSAGES_LOOKED_AT = 200
"""How many of the latest messages to one person are searched for evidence."""
CONTENT_PAGE = 500
"""Templates of one page."""
API = "https://api.twilio.com"
"""The address of Twilio's API, which keeps the files of messages; used unless an inbox has a base URL."""

CONTENT_PAGES = 200
"""The most pages of templates that are read, in case a list never ends."""

SKEW = timedelta(minutes=2)
"""How far Twilio's clock may be behind ours when it dates a message."""

_FIRST_IMPORTS = ("twilio.rest.api", "twilio.rest.content", "contacts_tui.channels.twilio.outcome")

_LOG = logging.getLogger(__name__)


class TwilioAdapter:
    """Sends and reads through Twilio's REST API. One for each process and its event loop."""

    provider = Provider.TWILIO
    largest_webhook = webhook.LARGEST

    def __init__(self, resolve: ResolveSecret, timeouts: Timeouts | None = None) -> None:
        """Take `resolve`, which reads a credential: the account's auth token is its first line."""
        self._resolve = resolve
        self._timeouts = timeouts or Timeouts()
        self._connections = Connections(self._timeouts, _FIRST_IMPORTS)

    async def send(self, inbox: Inbox, outgoing: Outgoing, fence: Fence | None = None) -> SendResult:
        """Send one message through Twilio, once."""
        if outgoing.files and (refused := await asyncio.to_thread(_refused_file, outgoing)) is not None:
            return refused
        try:
            client, exchange = await self._client(inbox, fence)
        except SecretError as error:
            return Refused(error.code or CREDENTIALS, error.sentence)
        try:
            async with asyncio.timeout(self._timeouts.total):
                message = await client.messages.create_async(**_fields(inbox, outgoing))
        except Exception as error:
            # The message may have left, whatever the SDK raises for an odd answer: return an outcome, never raise.
            return _refusal(exchange, error)
        if not isinstance(message.sid, str) or not message.sid:
            return OutcomeUnknown(local_errors.UNREADABLE, f"HTTP {exchange.status} without a message id")
        return _accepted(message)

    async def find(self, inbox: Inbox, outgoing: Outgoing, since: datetime) -> Accepted | None:
        """Return Twilio's only message that can be this one, or None: two possible ones are no evidence."""
        client, exchange = await self._client(inbox)
        earliest = since - SKEW
        sender = {} if _is_service(inbox) else {"from_": _channel_address(inbox.channel, inbox.address)}
        try:
            async with asyncio.timeout(self._timeouts.listing):
                found = await client.messages.list_async(
                    to=_channel_address(outgoing.channel, outgoing.to),
                    # Newest first, and no filter by DateSent: a message still queued there has none, and would be
                    # left out just when it matters. The time is compared below.
                    limit=MESSAGES_LOOKED_AT,
                    page_size=MESSAGES_LOOKED_AT,
                    **sender,
                )
                matches = [message for message in found if _is_same(message, inbox, outgoing, earliest)]
        except Exception as error:
            raise _trouble(exchange, error) from error
        return _accepted(matches[0]) if len(matches) == 1 else None

    async def received(
        self, inbox: Inbox, since: datetime, until: datetime, cursor: str
    ) -> tuple[Sequence[MissedMessage], str]:
        """Return a page of inbound messages, and the cursor of the next page."""
        client, exchange = await self._client(inbox)
        try:
            async with asyncio.timeout(self._timeouts.total):
                return await listing.received(client, inbox, since, until, cursor)
        except Exception as error:
            if cursor and exchange.status in listing.NO_SUCH_PAGE:
                raise ChannelError("Twilio no longer knows this position in its list.", EXPIRED_CURSOR) from error
            raise _trouble(exchange, error) from error

    async def take(self, inbox: Inbox, missed: MissedMessage) -> InboundMessage:
        """Return a listed message as its webhook would have reported it. Ask Twilio only for its files."""
        if not missed.files:
            return listing.as_event(inbox, missed, ())
        client, exchange = await self._client(inbox)
        try:
            async with asyncio.timeout(self._timeouts.total):
                return await listing.with_files(client, inbox.base_url.rstrip("/") or API, inbox, missed)
        except Exception as error:
            if exchange.status == listing.GONE:
                return listing.as_event(inbox, missed, ())
            raise _trouble(exchange, error) from error

    async def report(self, inbox: Inbox, provider_id: str) -> StatusUpdate | None:
        """Return the status of a message of ours; None when Twilio no longer has it, or nothing new."""
        client, exchange = await self._client(inbox)
        try:
            async with asyncio.timeout(self._timeouts.total):
                return await listing.report(client, provider_id)
        except Exception as error:
            if exchange.status == listing.GONE:
                return None
            raise _trouble(exchange, error) from error

    async def templates(self, inbox: Inbox, now: datetime) -> Sequence[Template]:
        """Return all content templates of the account, whatever their approval, without records that can't be read."""
        client, exchange = await self._client(inbox)
        templates: list[Template] = []
        try:
            async with asyncio.timeout(self._timeouts.listing):
                page: Page = await client.content.v1.content_and_approvals.page_async(page_size=CONTENT_PAGE)
                for _ in range(CONTENT_PAGES):
                    templates += (
                        template
                        for record in _records(page)
                        if (template := to_template(record, inbox.id, now)) is not None
                    )
                    following = await page.next_page_async()
                    if following is None:
                        break
                    page = following
        except Exception as error:
            raise _trouble(exchange, error) from error
        return templates

    async def check(self, inbox: Inbox) -> InboxCheck:
        """Ask Twilio for the account and the sender. Wrong credentials are a result, not an error."""
        from contacts_tui.channels.twilio.check import check

        client, exchange = await self._client(inbox)
        try:
            async with asyncio.timeout(self._timeouts.listing):
                return await check(client, exchange, inbox)
        except Exception as error:
            raise _trouble(exchange, error) from error

    def admit(self, headers: Mapping[str, str]) -> None:
        """Raise BadSignature or BadRequest when the headers show that a webhook can't be Twilio's."""
        webhook.admit(headers)

    def events(self, inbox: Inbox, request: WebhookRequest) -> Sequence[Event]:
        """Verify and read a webhook. May block on the credential."""
        return webhook.events(inbox, request, self._resolve)

    async def fetch(self, inbox: Inbox, media: Media, target: Path, limit: int) -> None:
        """Download a file that a person sent. Send the account's credentials to Twilio's API only, not on redirects."""
        from contacts_tui.channels.download import Credentials, download

        secret = await read_aside(inbox.secret, lambda: self._resolve(inbox.secret))
        pool = await self._connections.get()
        api = urlsplit(inbox.base_url or API)
        pair = base64.b64encode(f"{inbox.account}:{webhook.keys(secret)[0]}".encode()).decode()
        # The base URL that an administrator entered may be in our own network, as a sandbox is.
        own_host = api.netloc if inbox.base_url else ""
        credentials = Credentials(api.netloc, f"Basic {pair}")
        seconds = self._timeouts.listing
        await download(pool, media.url, target, limit, seconds, own_host=own_host, credentials=credentials)

    def challenge(self, inbox: Inbox, query: Mapping[str, str]) -> str:
        """Raise BadRequest: Twilio asks for no confirmation of an address."""
        raise BadRequest("Twilio calls this address by POST.", NO_CHALLENGE)

    async def aclose(self) -> None:
        """Close the connections; the next request opens new ones."""
        await self._connections.aclose()

    async def _client(self, inbox: Inbox, fence: Fence | None = None) -> tuple["Client", "Exchange"]:
        """Return a client for one operation, and its exchange. Raise SecretError."""
        secret = await read_aside(inbox.secret, lambda: self._resolve(inbox.secret))
        token = webhook.keys(secret)[0]
        if not inbox.account:
            # The SDK would take an account from the environment, which may be another one.
            raise SecretError(f"The inbox {inbox.name} has no account.", CREDENTIALS)
        pool = await self._connections.get()
        from contacts_tui.channels.twilio.http import Exchange, new_client

        exchange = Exchange(pool, inbox.base_url, fence)
        return new_client(inbox.account, token, exchange), exchange


def _refusal(exchange: "Exchange", error: Exception) -> SendResult:
    from contacts_tui.channels.twilio.outcome import of_failure

    return of_failure(exchange, error)


def _trouble(exchange: "Exchange", error: Exception) -> ChannelError:
    from contacts_tui.channels.twilio.outcome import as_channel_error

    return as_channel_error(exchange, error)


def _channel_address(channel: Channel, address: str) -> str:
    """Return an address as Twilio expects it: on WhatsApp with `whatsapp:` before it, otherwise as it is."""
    if channel is Channel.WHATSAPP and not address.startswith(signed_form.WHATSAPP):
        return signed_form.WHATSAPP + address
    return address


def _is_service(inbox: Inbox) -> bool:
    return inbox.address.startswith(signed_form.SERVICE_PREFIX)


def _fields(inbox: Inbox, outgoing: Outgoing) -> dict[str, Any]:
    """Return the fields of the request's form, by the SDK's names."""
    fields: dict[str, Any] = {"to": _channel_address(outgoing.channel, outgoing.to)}
    if _is_service(inbox):
        fields["messaging_service_sid"] = inbox.address
    else:
        fields["from_"] = _channel_address(inbox.channel, inbox.address)
    if outgoing.template is not None:
        # Neither Body nor MediaUrl with it: a template's text in Body fails with 63016 since April 2025.
        fields["content_sid"] = outgoing.template.sid
        if outgoing.template.variables:
            fields["content_variables"] = json.dumps(dict(outgoing.template.variables))
    else:
        if outgoing.body:
            fields["body"] = outgoing.body
        if outgoing.files:
            fields["media_url"] = [file.url for file in outgoing.files]
    if outgoing.status_callback:
        fields["status_callback"] = outgoing.status_callback
    return fields


def _refused_file(outgoing: Outgoing) -> Refused | None:
    """Return the refusal of a message's files, or None. Twilio itself would refuse them only later, by a callback."""
    limits = (WHATSAPP if outgoing.channel is Channel.WHATSAPP else SMS).limits
    for file in outgoing.files if outgoing.template is None else ():
        if not file.url:
            return Refused(local_errors.FILE_URL, file.name)
        try:
            size = file.path.stat().st_size
        except OSError as error:
            return Refused(local_errors.FILE, f"{file.name}: {type(error).__name__}")
        if is_too_large(limits, file.content_type, size):
            return Refused(errors.TOO_LARGE, f"{file.name}: {size} bytes")
        if problem(limits, outgoing.channel.label, file.name, file.content_type, size):
            return Refused(errors.WRONG_TYPE, f"{file.name}: {file.content_type}")
    return apart(outgoing, limits) if outgoing.template is None else None


def _accepted(message: "MessageInstance") -> Accepted:
    """Return a message resource as an acceptance: as Twilio has it, its status is at least `sent`."""
    word = str(message.status or "")
    status = webhook.delivery(word) or Delivery.SENT
    return Accepted(
        provider_id=str(message.sid),
        status=status,
        code=str(message.error_code or local_errors.NO_REASON) if status is Delivery.FAILED else "",
    )


def _is_same(message: "MessageInstance", inbox: Inbox, outgoing: Outgoing, earliest: datetime) -> bool:
    """Return whether a listed message can be this one: outbound, recent enough, with its text and number of files."""
    if not str(message.direction or "").startswith("outbound") or not message.sid:
        return False
    created = message.date_created
    if not isinstance(created, datetime) or created < earliest:
        return False
    if _is_service(inbox) and message.messaging_service_sid != inbox.address:
        return False
    theirs, ours = _comparable(str(message.body or "")), _comparable(outgoing.body)
    if outgoing.template is not None:
        # Twilio keeps a rendered template's body; ours holds its header and footer too.
        return bool(theirs) and theirs in ours
    return theirs == ours and str(message.num_media or "0") == str(len(outgoing.files))


def _comparable(text: str) -> str:
    """Return a text without what changes on the way: with plain line ends, and without blanks around it."""
    return "\n".join(text.splitlines()).strip()


def _records(page: "Page") -> Iterator["ContentAndApprovalsInstance"]:
    """Yield the records of a page, without those that the SDK can't read."""
    while True:
        try:
            yield next(page)
        except StopIteration:
            return
        except (AttributeError, TypeError, ValueError):
            _LOG.warning("a template that can't be read was left out")
