"""Names that draw nothing: the address is shown instead, whoever gave the name."""

import pytest

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.contact import NewContact
from contacts_tui.domain.inbox import InboxForm
from contacts_tui.domain.text import NO_NAME, draws_nothing
from contacts_tui.services import inboxes, people
from contacts_tui.services.errors import BadInput
from contacts_tui.services.workers import profile_names
from contacts_tui.store import contacts
from tests.services.test_contacts_import import bring
from tests.services.world import World

BLANK = ["\u3164", "\u200e", "\u2800", "\u200b\u2060", "\u0301\u0301", "\u115f", "\ud83d"]
NUMBER = "+12025550177"


@pytest.mark.parametrize("name", BLANK)
def test_a_profile_name_that_draws_nothing_is_none(world: World, name: str) -> None:
    world.hears(world.whatsapp, "Hello", NUMBER, profile=name)
    (contact_id,) = world.store.call_read(people.search, "Hello", 5).ids
    (row,) = world.store.call_read(people.rows, (contact_id,))
    assert row.name == "+1 202 555 0177"
    identity = world.identity(contact_id, Channel.WHATSAPP)
    assert identity.profile_name == ""
    world.hears(world.whatsapp, "Again", NUMBER, profile="Bea")
    world.hears(world.whatsapp, "And again", NUMBER, profile=name)
    assert world.identity(contact_id, Channel.WHATSAPP).profile_name == "Bea"


@pytest.mark.parametrize("name", BLANK[:3])
def test_a_name_that_a_provider_tells_later_is_asked_for_no_more(world: World, name: str) -> None:
    contact = world.store.call(contacts.insert, NewContact(name="5123"))
    identity = world.store.call(contacts.add_identity, contact.id, Channel.MESSENGER, "5123", world.shop.id)
    world.store.call(profile_names.store_name, identity.id, name)
    assert world.store.call_read(people.find, str(contact.id)).name == "5123"
    assert not world.store.call_read(profile_names.is_anybody, None)


@pytest.mark.parametrize("name", BLANK[:3])
def test_a_name_that_was_stored_before_is_not_shown_as_nothing(world: World, name: str) -> None:
    known = world.store.call(contacts.insert, NewContact(name=name)).id
    world.store.call(contacts.add_identity, known, Channel.SMS, NUMBER)
    bare = world.store.call(contacts.insert, NewContact(name=name)).id
    rows = world.store.call_read(people.rows, (known, bare))
    assert [row.name for row in rows] == [NUMBER, NO_NAME]
    assert not draws_nothing(world.store.call_read(people.find, str(known)).name)
    assert bring(world, f"name,phone\nBea,{NUMBER}\n").updated == 1
    assert world.store.call_read(people.find, str(known)).name == "Bea"


@pytest.mark.parametrize("name", [*BLANK[:6], "Shop\nx", "Shop\x1b[2J", "x" * 101])
def test_an_inbox_is_not_named_so(world: World, name: str) -> None:
    with pytest.raises(BadInput, match="the inbox needs a name"):
        world.store.call(
            inboxes.connect,
            "Kim",
            InboxForm(name=name, channel=Channel.TELEGRAM, address="okaygoods_bot", account="", secret="env:TOKEN"),
        )
