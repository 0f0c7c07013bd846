"""Connecting inboxes of every channel: what is stored in which spelling, and what is refused."""

from typing import Any

import pytest

from contacts_tui.channels.base import WebhookKind
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.inbox import Inbox, InboxForm
from contacts_tui.services import inboxes
from contacts_tui.services.errors import BadInput
from tests.services.world import ACCOUNT, World

PAGE = "102030405060708"
GIVEN: dict[Channel, dict[str, Any]] = {
    Channel.SMS: {"address": "+1 202 555 0199", "account": ACCOUNT},
    Channel.TELEGRAM: {"address": "@shop_support_bot", "account": ""},
    Channel.MESSENGER: {"address": PAGE, "account": "", "options": {"app_secret": "env:APP_SECRET"}},
}


def add(world: World, channel: Channel, **changes: Any) -> Inbox:
    """Connect an inbox that is valid except for these changes."""
    given = {"name": "New", "channel": channel, "secret": "env:TOKEN", **GIVEN[channel], **changes}
    return world.store.call(inboxes.connect, "Kim", InboxForm(**given))


def test_a_bot_is_stored_under_its_bare_name(world: World) -> None:
    bot = add(world, Channel.TELEGRAM, account="4711", options={"receive": "webhook"})
    assert (bot.provider, bot.address, bot.account) == (Provider.TELEGRAM, "shop_support_bot", "4711")
    assert bot.options == {"receive": "webhook"}


def test_a_page_is_its_own_account_unless_its_app_is_told(world: World) -> None:
    page = add(world, Channel.MESSENGER, human_agent=True)
    assert (page.provider, page.address, page.account, page.human_agent) == (Provider.META, PAGE, PAGE, True)
    assert add(world, Channel.MESSENGER, name="Other", address="5", account="9").account == "9"


@pytest.mark.parametrize(
    ("channel", "changes", "words"),
    [
        (Channel.SMS, {"account": ""}, "Account SID"),
        (Channel.SMS, {"address": "12"}, "own address"),
        (Channel.SMS, {"options": {"app_secret": "env:X"}}, "no option app_secret"),
        (Channel.SMS, {"human_agent": True}, "HUMAN_AGENT"),
        (Channel.TELEGRAM, {"address": "t.me/x"}, "user name"),
        (Channel.TELEGRAM, {"account": "4711:AA"}, "bot's id"),
        (Channel.TELEGRAM, {"options": {"receive": "carrier pigeon"}}, "polling or webhook"),
        (Channel.MESSENGER, {"address": "my.shop"}, "page id"),
        (Channel.MESSENGER, {"account": "app"}, "app id"),
        (Channel.MESSENGER, {"options": {}}, "--app-secret"),
        (Channel.MESSENGER, {"options": {"app_secret": "0f1e2d3c4b5a6978"}}, "--app-secret"),
        (Channel.MESSENGER, {"options": {"app_secret": "env:X", "graph_version": "26"}}, "v26.0"),
        (Channel.MESSENGER, {"options": {"app_secret": "env:X", "receive": "polling"}}, "no option receive"),
        (Channel.MESSENGER, {"secret": "EAAGm0PX4ZCpsBA"}, "never stored"),
        (Channel.MESSENGER, {"base_url": "http://graph.example"}, "in the clear"),
        (Channel.MESSENGER, {"name": " "}, "name"),
    ],
)
def test_what_can_not_be_right_is_refused(world: World, channel: Channel, changes: dict[str, Any], words: str) -> None:
    before = world.store.call_read(inboxes.listed)
    with pytest.raises(BadInput) as caught:
        add(world, channel, **changes)
    assert words in caught.value.sentence
    assert "0f1e2d3c4b5a6978" not in caught.value.sentence
    assert world.store.call_read(inboxes.listed) == before


def test_only_twilio_has_an_address_for_statuses(world: World) -> None:
    world.store.call(inboxes.set_public_url, "https://desk.example")
    page = add(world, Channel.MESSENGER)
    assert world.store.call_read(inboxes.webhooks, page.id) == (f"https://desk.example/webhooks/{page.id}/inbound", "")
    assert world.store.call_read(inboxes.webhooks, world.shop.id)[1] == "https://desk.example/webhooks/1/status"
    assert world.store.call_read(inboxes.webhooks, 99) == ("", "")


def test_the_pages_of_one_app_share_its_webhook(world: World) -> None:
    first = add(world, Channel.MESSENGER)
    spaced = {"app_secret": f" {first.options['app_secret']} "}
    second = add(world, Channel.MESSENGER, name="Second", address="5", options=spaced)
    add(world, Channel.MESSENGER, name="Other app", address="6", options={"app_secret": "env:OTHER"})
    assert world.store.call_read(inboxes.sharing_webhook, second.id, WebhookKind.INBOUND) == (second, first)
    assert world.store.call_read(inboxes.sharing_webhook, world.shop.id, WebhookKind.INBOUND) == (world.shop,)
    assert world.store.call_read(inboxes.sharing_webhook, 99, WebhookKind.INBOUND) == ()
    world.store.call(inboxes.put_aside, "Kim", first.id)
    told = world.store.call_read(inboxes.sharing_webhook, first.id, WebhookKind.INBOUND)
    assert [(inbox.id, inbox.is_connected) for inbox in told] == [(first.id, False), (second.id, True)]
