"""The check of an inbox's credentials and sender at Twilio."""

from typing import TYPE_CHECKING

from twilio.base.exceptions import TwilioException

from contacts_tui.channels import local_errors
from contacts_tui.channels.base import InboxCheck
from contacts_tui.channels.twilio import errors
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.inbox import Inbox

if TYPE_CHECKING:
    from twilio.rest import Client

    from contacts_tui.channels.twilio.http import Exchange

DENIED = (401, 403)
UNKNOWN = 404


async def check(client: "Client", exchange: "Exchange", inbox: Inbox) -> InboxCheck:
    """Check the account, then the sender. Report what Twilio denies in the result; raise any other failure."""
    try:
        account = await client.api.v2010.accounts(inbox.account).fetch_async()
    except TwilioException:
        if exchange.status in DENIED or exchange.status == UNKNOWN:
            said = exchange.error()
            code = said.code or "20003"
            return InboxCheck(False, (f"Account {inbox.account}: {errors.explain(code).happened}.",), code)
        raise
    lines = [f"Account {inbox.account} ({account.friendly_name}) is {account.status}."]
    is_active = str(account.status).lower() == "active"
    is_good, line = await _sender(client, exchange, inbox)
    is_well = is_active and is_good
    return InboxCheck(is_well, (*lines, line), "" if is_well else local_errors.UNCONFIRMED)


async def _sender(client: "Client", exchange: "Exchange", inbox: Inbox) -> tuple[bool, str]:
    if inbox.address.startswith("MG"):
        try:
            service = await client.messaging.v1.services(inbox.address).fetch_async()
        except TwilioException:
            if exchange.status == UNKNOWN:
                return False, f"The messaging service {inbox.address} doesn't exist in this account."
            raise
        return True, f"The messaging service {inbox.address} ({service.friendly_name}) exists."
    if inbox.channel is Channel.WHATSAPP:
        # WhatsApp senders aren't phone numbers of the account, so check what we use: that its templates can be read.
        await client.content.v1.content_and_approvals.page_async(page_size=1)
        return True, f"The templates can be read; WhatsApp sender {inbox.address} is proven by its first message."
    numbers = await client.incoming_phone_numbers.list_async(phone_number=inbox.address, limit=1)
    if not numbers:
        return False, f"The number {inbox.address} doesn't belong to this account."
    capabilities = numbers[0].capabilities
    # A dictionary or an object, depending on the SDK's version.
    can_send = capabilities.get("sms") if isinstance(capabilities, dict) else getattr(capabilities, "sms", None)
    if can_send is False:
        return False, f"The number {inbox.address} can't send SMS."
    return True, f"The number {inbox.address} belongs to the account and can send SMS."
