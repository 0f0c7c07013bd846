"""Writing on Messenger after the 24 hours: under the human agent tag, and shown as that before it is sent."""

from datetime import timedelta
from pathlib import Path

import pytest

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.inbox import Inbox, InboxForm
from contacts_tui.services import inboxes
from contacts_tui.store import contacts
from tests.services.world import World
from tests.ui.stage import opened

PSID = "7766554433221100"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def page(world: World, *, human_agent: bool) -> Inbox:
    """Connect a page."""
    return world.store.call(
        inboxes.connect,
        "Kim",
        InboxForm(
            name="Page",
            channel=Channel.MESSENGER,
            address="102030405060708",
            account="",
            secret="env:PAGE_TOKEN",
            options={"app_secret": "env:APP_SECRET"},
            human_agent=human_agent,
        ),
    )


def ann(world: World, inbox: Inbox, *, hours: int) -> int:
    """Return Ann, who wrote to the page so many hours ago."""
    world.hears(inbox, "Is it back?", PSID, profile="Ann Lee", at=world.clock() - timedelta(hours=hours))
    found = world.store.call_read(lambda session, _: contacts.find_identity(session, Channel.MESSENGER, PSID, inbox.id))
    assert found is not None
    return found.contact_id


async def test_complaint_10_the_tag_and_its_seven_days_are_shown_before_sending(world: World) -> None:
    contact = ann(world, page(world, human_agent=True), hours=45)
    async with opened(world, contact) as stage:
        await stage.until_focused(stage.composer)
        await stage.until_shown("human agent tag, 7 days: 5 d 2 h left · 0/2000")
        await stage.type("It is!")
        await stage.pilot.press("enter")
        await stage.until_shown("· human agent tag")
        assert [(each.body, each.human_agent) for each in world.thread(contact)][1:] == [("It is!", True)]
        await stage.pilot.press("escape", "enter")
        await stage.until_shown("a person wrote it after the 24 hours")


async def test_complaint_10_the_card_says_seven_days_and_not_24_hours(world: World) -> None:
    contact = ann(world, page(world, human_agent=True), hours=45)
    async with opened(world, contact, size=(120, 40)) as stage:
        await stage.until_shown("4 Messenger  human agent tag")
        card = " ".join(line[len(line) // 2 :] for line in stage.text.splitlines())
        assert "7 days: 5 d 2 h left" in " ".join(card.split())


async def test_complaint_10_without_the_permission_nothing_can_be_typed(world: World) -> None:
    contact = ann(world, page(world, human_agent=False), hours=45)
    async with opened(world, contact) as stage:
        await stage.until_focused(stage.notice)
        await stage.until_shown("Messenger · window closed")
        assert not stage.composer.display


async def test_complaint_10_inside_the_24_hours_there_is_no_tag(world: World) -> None:
    contact = ann(world, page(world, human_agent=True), hours=23)
    async with opened(world, contact) as stage:
        await stage.until_focused(stage.composer)
        await stage.until_shown("0/2000")
        assert "human agent" not in stage.text
        await stage.type("It is!")
        await stage.pilot.press("enter")
        await stage.until(lambda: len(world.thread(contact)) == 2)
        assert not world.thread(contact)[1].human_agent


async def test_complaint_10_a_window_that_closes_while_typing_asks_before_the_tag_is_used(world: World) -> None:
    contact = ann(world, page(world, human_agent=True), hours=23)
    async with opened(world, contact) as stage:
        await stage.until_focused(stage.composer)
        await stage.type("It is!")
        world.clock.forward(hours=2)
        await stage.pilot.press("enter")
        await stage.until_shown("human agent tag, 7 days: 5 d 22 h left")
        assert stage.composer.text == "It is!"
        assert len(world.thread(contact)) == 1
        assert "Press ⏎ again to send it that way" in " ".join(stage.text.split())
        await stage.pilot.press("enter")
        await stage.until(lambda: len(world.thread(contact)) == 2)
        assert world.thread(contact)[1].human_agent
