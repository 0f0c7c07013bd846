"""An invented provider of WhatsApp in one file: what docs/adding-a-channel.md requires, and no more."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from contacts_tui.channels import local_errors
from contacts_tui.channels.base import (
    CREDENTIALS,
    NO_CHALLENGE,
    Accepted,
    BadRequest,
    BadSignature,
    ChannelError,
    Event,
    InboundMessage,
    InboxCheck,
    NotSent,
    OutcomeUnknown,
    Outgoing,
    Refused,
    ResolveSecret,
    SecretError,
    SendResult,
    StatusUpdate,
    WebhookKind,
    WebhookRequest,
)
from contacts_tui.channels.connector import PLACE, BadField, Connector, Reply, Setting, Webhook, reference
from contacts_tui.channels.fence import Fence
from contacts_tui.channels.fence import extensions as passing
from contacts_tui.channels.files import apart
from contacts_tui.channels.http_pool import Connections
from contacts_tui.channels.timeouts import Timeouts
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.failure import Blame, Failure
from contacts_tui.domain.inbox import Inbox, InboxField, InboxForm
from contacts_tui.domain.limits import MEGABYTE, FileRule, Limits
from contacts_tui.domain.message import Media
from contacts_tui.domain.template import Template
from contacts_tui.domain.unknown_outcome import Evidence
from contacts_tui.domain.unknown_values import member

CARRIER = member(Provider, "carrier")
"""The provider's name. A real provider is a member of Provider."""
SIGNATURE = "x-carrier-signature"


def _number(form: InboxForm) -> str:
    if not form.address.strip().startswith("+"):
        raise BadField(f"{form.address!r} is no number of the carrier: it begins with +")
    return form.address.strip()


def _region(form: InboxForm) -> str:
    region = form.options.get("region", "").strip()
    if region not in ("north", "south"):
        raise BadField("the carrier needs a region: north or south")
    return region


def _to_enter(inbox: Inbox, inbound: str, status: str) -> Iterator[str]:
    yield f"At the carrier, enter: {inbound or 'URL'}"


CONNECTOR = Connector(
    provider=CARRIER,
    channel=Channel.WHATSAPP,
    name="The carrier",
    adapter="tests.channels.carrier:CarrierAdapter",
    errors="tests.channels.carrier",
    # Other limits than those of the first provider of WhatsApp: longer texts, smaller files, a lower rate.
    limits=Limits(
        text=3000, rate=20, files=(FileRule(("image/",), MEGABYTE, carries_text=True),), files_in_words="pictures"
    ),
    settings=(
        Setting(InboxField("address", "Carrier's number", "It begins with +."), _number),
        Setting(InboxField("secret", "Key at", f"Where the carrier's key is. {PLACE}"), reference),
        Setting(InboxField("region", "Region", "north or south", is_option=True), _region),
    ),
    evidence=Evidence("the carrier may still tell", "the carrier never tells"),
    webhook=Webhook(
        kinds=(WebhookKind.INBOUND,), replies={WebhookKind.INBOUND: Reply(body="noted", media_type="text/plain")}
    ),
    kept_for=timedelta(hours=2),
    to_enter=_to_enter,
)


class CarrierAdapter:
    """Sends texts by POST; reads webhooks in JSON, signed with an HMAC."""

    provider = CARRIER
    largest_webhook = 64 * 1024

    def __init__(self, resolve: ResolveSecret) -> None:
        self._resolve = resolve
        self._connections = Connections(Timeouts(), ())

    async def send(self, inbox: Inbox, outgoing: Outgoing, fence: Fence | None = None) -> SendResult:
        """Send a message by one request."""
        if (refused := apart(outgoing, CONNECTOR.limits)) is not None:
            return refused
        try:
            token = await asyncio.to_thread(self._resolve, inbox.secret)
        except SecretError as error:
            return Refused(error.code or CREDENTIALS, error.sentence)
        pool = await self._connections.get()
        from contacts_tui.channels.transport import SERVER_ERRORS, TOO_MANY_REQUESTS, after_leaving, before_leaving

        content = {"to": outgoing.to, "text": outgoing.body, "reference": outgoing.uid}
        try:
            headers = {"authorization": f"Bearer {token}"}
            answer = await pool.post(
                f"{inbox.base_url}/messages", json=content, headers=headers, extensions=passing(fence)
            )
            if answer.status_code == TOO_MANY_REQUESTS:
                return NotSent("slow", answer.text, rate_limited=True)
            if answer.status_code >= SERVER_ERRORS:
                return OutcomeUnknown(local_errors.SERVER_ERROR, answer.text)
            said = answer.json()
            return Accepted(said["id"], Delivery.SENT) if answer.is_success else Refused(said["code"], answer.text)
        except Exception as error:
            return (
                before_leaving(error)
                or after_leaving(error)
                or OutcomeUnknown(local_errors.UNREADABLE, type(error).__name__)
            )

    def admit(self, headers: Mapping[str, str]) -> None:
        """Refuse a request without a signature."""
        if not headers.get(SIGNATURE):
            raise BadSignature("The request has no signature.")

    def events(self, inbox: Inbox, request: WebhookRequest) -> Sequence[Event]:
        """Return the event, a message or a report, of a signed webhook. Raise BadSignature or BadRequest."""
        expected = hmac.new(self._resolve(inbox.secret).encode(), request.body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, request.headers.get(SIGNATURE, "")):
            raise BadSignature("The signature doesn't fit.")
        try:
            said = json.loads(request.body)
            name, at = said["id"], datetime.fromisoformat(said["at"])
            if "status" in said:
                word = said["status"]
                status = Delivery(word)
                return (StatusUpdate(f"{name}:{word}", name, said["reference"], status, word, "", "", at, said),)
            return (InboundMessage(name, name, said["from"], said["text"], (), "", at, said),)
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise BadRequest("The webhook can't be read.") from error

    def challenge(self, inbox: Inbox, query: Mapping[str, str]) -> str:
        """Raise BadRequest: the carrier asks for no challenge."""
        raise BadRequest("The carrier calls this address by POST.", NO_CHALLENGE)

    async def find(self, inbox: Inbox, outgoing: Outgoing, since: datetime) -> Accepted | None:
        """Return None: the carrier can't be asked."""
        return None

    async def templates(self, inbox: Inbox, now: datetime) -> Sequence[Template]:
        """Return nothing: the carrier has no templates."""
        return ()

    async def fetch(self, inbox: Inbox, media: Media, target: Path, limit: int) -> None:
        """Raise ChannelError: the carrier has no files."""
        raise ChannelError("The carrier has no files.", local_errors.FILE)

    async def check(self, inbox: Inbox) -> InboxCheck:
        """Return a check that passes: the carrier says nothing of its numbers."""
        return InboxCheck(True, ("The carrier says nothing of its numbers.",))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._connections.aclose()


_MEANINGS = local_errors.own("The carrier") | {
    "no_number": ("the carrier knows no such number", "correct it", Blame.RECIPIENT),
    "slow": ("the carrier asks for a pause; nothing was sent", "it will be sent after the pause", Blame.PASSING),
}


def explain(code: str) -> Failure:
    """Return what a code means, in words."""
    unknown = (f"the carrier gave error {code}, which this program doesn't know", local_errors.LATER, Blame.PASSING)
    happened, remedy, blame = _MEANINGS.get(code, unknown)
    return Failure(code, happened, remedy, blame)
