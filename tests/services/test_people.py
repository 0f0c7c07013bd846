"""People as screens and commands show them: lines with reasons, the card, the search, and how to reach them."""

import subprocess
import sys

import pytest

from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.contact import ContactChange
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.inbox import Inbox, InboxForm
from contacts_tui.domain.reachability import ChannelState, Reach
from contacts_tui.domain.views import ContactCard
from contacts_tui.services import people, reachability, views
from contacts_tui.services.errors import Ambiguous, NotFound
from contacts_tui.store import contacts, inboxes, messages
from tests.services.world import ANN, World, people_in


def card(world: World, contact_id: int) -> ContactCard:
    found = world.store.call_read(people.card, contact_id)
    assert found is not None
    return found


def states(world: World, contact_id: int) -> dict[Channel, ChannelState]:
    return {state.channel: state for state in world.store.call_read(reachability.channels, contact_id)}


def test_a_line_says_why_the_last_message_failed(world: World) -> None:
    contact_id = world.person()
    message = world.send(contact_id, world.shop, "Your parcel left")
    world.store.call(messages.set_status, message.id, Delivery.FAILED, code="30003")
    (row,) = world.store.call_read(people.rows, [contact_id])
    assert row.last_failure is not None
    assert row.last_failure.code == "30003"
    assert "handset" in row.last_failure.happened
    assert people_in(world.store, "Failed or unknown") == [contact_id]
    assert world.store.call_read(views.count, "is:failed", "Kim") == 1


def test_the_card_has_a_row_for_every_channel_and_ten_weeks(world: World) -> None:
    contact_id = world.person()
    world.hears(world.whatsapp, "Hello")
    world.clock.forward(days=8)
    shown = card(world, contact_id)
    assert shown.contact.name == "Ann Lee"
    assert [state.channel for state in shown.channels] == list(Channel)
    assert [identity.channel for identity in shown.identities] == [Channel.SMS, Channel.WHATSAPP]
    assert shown.weeks == (0, 0, 0, 0, 0, 0, 0, 0, 1, 0)
    assert shown.last_seen_at is not None
    assert world.store.call_read(people.card, 999) is None


def test_channels_speak_of_what_the_store_knows(world: World) -> None:
    contact_id = world.person()
    now = states(world, contact_id)
    assert (now[Channel.SMS].reach, now[Channel.SMS].inbox_id) == (Reach.OPEN, world.shop.id)
    assert now[Channel.WHATSAPP].words == "no approved template"
    assert now[Channel.TELEGRAM].words == now[Channel.MESSENGER].words == "no inbox connected"
    world.template()
    assert states(world, contact_id)[Channel.WHATSAPP].reach is Reach.TEMPLATE
    world.hears(world.whatsapp, "Hello")
    assert states(world, contact_id)[Channel.WHATSAPP].reach is Reach.OPEN
    world.hears(world.shop, "STOP")
    now = states(world, contact_id)
    assert (now[Channel.SMS].words, now[Channel.WHATSAPP].reach) == ("opted out", Reach.OPEN)


def test_a_number_meets_every_inbox_of_its_channel_and_no_other(world: World) -> None:
    contact_id = world.person()
    second = world.inbox("Returns", Channel.SMS, "+12025550102")
    routes = world.store.call_read(reachability.routes, contact_id, Channel.SMS)
    assert [route.inbox.id for route in routes] == [world.shop.id, second.id]
    identity = world.identity(contact_id, Channel.SMS)
    with pytest.raises(NotFound, match="can't write to this address"):
        world.store.call_read(reachability.state, identity.id, world.whatsapp.id)
    with pytest.raises(NotFound, match="no longer in the store"):
        world.store.call_read(reachability.state, identity.id, 999)


def telegram_bot(world: World, name: str) -> Inbox:
    form = InboxForm(Channel.TELEGRAM, name, address=name, secret="env:TOKEN")
    return world.store.call(inboxes.add, form, Provider.TELEGRAM)


def test_a_chat_id_meets_only_the_inbox_that_knows_it(world: World) -> None:
    contact_id = world.person()
    bot, other = (telegram_bot(world, name) for name in ("first_bot", "second_bot"))
    chat = world.store.call(contacts.add_identity, contact_id, Channel.TELEGRAM, "777", other.id)
    routes = world.store.call_read(reachability.routes, contact_id, Channel.TELEGRAM)
    assert [(route.identity.id, route.inbox.id) for route in routes] == [(chat.id, other.id)]
    with pytest.raises(NotFound):
        world.store.call_read(reachability.state, chat.id, bot.id)


@pytest.mark.parametrize(
    "text",
    [
        "1",
        ANN,
        "+1 (202) 555-0142",
        "202 555 0142",
        "5550142",
        "ann lee",
        "ANN",
        "ann@lee.example",
        " Ann Lee ",
    ],
)
def test_somebody_is_found_by_what_is_typed(world: World, text: str) -> None:
    contact_id = world.person()
    world.store.call(contacts.update, contact_id, ContactChange(emails=("ann@lee.example",)))
    world.person("Ben", "+447700900115")
    assert world.store.call_read(people.find, text).id == contact_id


def test_nobody_or_several_are_errors_that_help(world: World) -> None:
    world.person("Ann Lee", "+12025550142")
    world.person("Ann Lee", "+12025550143")
    with pytest.raises(Ambiguous, match="matches 2 people") as several:
        world.store.call_read(people.find, "ann lee")
    assert [contact.id for contact in several.value.candidates] == [1, 2]
    for text in ("Zoe", "+12025550199", "99", "", "zoe@zoe.example", "[/nope] %_'\""):
        with pytest.raises(NotFound, match="no contact has"):
            world.store.call_read(people.find, text)


def test_a_whole_number_is_not_a_part_of_a_longer_one(world: World) -> None:
    short = world.person("Ann", "+35318612345")
    longer = world.person("Ben", "+353186123456")
    assert world.store.call_read(people.find, "+353 1 861 2345").id == short
    assert world.store.call_read(people.find, "+353 1 861 23456").id == longer
    with pytest.raises(Ambiguous):
        world.store.call_read(people.find, "861 2345")


def test_a_brazilian_number_is_found_in_both_its_spellings(world: World) -> None:
    contact_id = world.person("Rosa", "+551187654321")
    for text in ("+5511987654321", "+55 11 8765-4321"):
        assert world.store.call_read(people.find, text).id == contact_id


def test_the_package_loads_its_modules_when_they_are_used() -> None:
    code = (
        "import sys\nfrom contacts_tui import services\n"
        "before = [name for name in ('sqlalchemy', 'contacts_tui.services.people') if name in sys.modules]\n"
        "services.people.card\nprint(before, 'contacts_tui.services.people' in sys.modules, dir(services))\n"
        "try:\n    services.nonsense\nexcept AttributeError as error:\n    print(error)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    first, second = result.stdout.splitlines()
    assert first.startswith("[] True ['")
    assert "'contacts_import', " in first
    assert second == "module 'contacts_tui.services' has no attribute 'nonsense'"
