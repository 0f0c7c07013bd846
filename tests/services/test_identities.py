"""One person is one person, by whatever name a provider calls them."""

from datetime import timedelta

import pytest

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.contact import Identity
from contacts_tui.domain.message import NewMessage
from contacts_tui.domain.opt_out import OptWord
from contacts_tui.services import identities, merging, messaging, people, reachability, threads
from contacts_tui.store import contacts, conversations, drafts
from contacts_tui.store.store import Store
from tests.services.world import ANN, START, World, people_in

USER_ID, PARENT = "BR.9Z8Y7X6W5V", "BR.ENT.77"


def known(world: World, address: str) -> Identity:
    """Return the identity that an address means at the WhatsApp inbox."""
    found = world.store.call_read(lambda session, _: identities.known(session, world.whatsapp, address))
    assert found is not None
    return found


def everybody(store: Store) -> list[str]:
    """Return the names of all people."""
    ids = people_in(store)
    return sorted(row.name for row in store.call_read(people.rows, ids))


def test_a_number_first_then_an_id(world: World) -> None:
    world.hears(world.whatsapp, "one", profile="Ann", other_names=(USER_ID,))
    world.clock.forward(hours=1)
    world.hears(world.whatsapp, "two", USER_ID)
    identity = known(world, USER_ID)
    assert (identity.address, identity.id) == (ANN, known(world, ANN).id)
    assert [message.body for message in world.thread(identity.contact_id)] == ["one", "two"]
    (conversation,) = world.store.call_read(lambda session, _: conversations.of_contact(session, identity.contact_id))
    assert (conversation.last_inbound_at, conversation.unread) == (world.clock(), 2)


def test_an_id_first_then_a_number(world: World) -> None:
    world.hears(world.whatsapp, "one", USER_ID)
    first = known(world, USER_ID)
    assert (first.address, first.inbox_id) == (USER_ID, world.whatsapp.id)
    world.hears(world.whatsapp, "two", profile="Ann", other_names=(USER_ID,))
    world.hears(world.whatsapp, "three", USER_ID)
    identity = known(world, ANN)
    assert (identity.id, identity.address, identity.inbox_id) == (first.id, ANN, None)
    assert [message.body for message in world.thread(identity.contact_id)] == ["one", "two", "three"]
    assert everybody(world.store) == ["Ann"]


def test_both_at_once_where_each_is_known_already(world: World) -> None:
    world.hears(world.whatsapp, "by number", profile="Ann")
    world.clock.forward(minutes=5)
    world.hears(world.whatsapp, "by id", USER_ID)
    by_id = known(world, USER_ID)
    sent = world.store.call(
        messaging.send,
        by_id.id,
        world.whatsapp.id,
        NewMessage(uid=messaging.new_uid(), author="Kim", body="on its way"),
    )
    world.store.call(lambda s, c: drafts.save(s, c, by_id.id, world.whatsapp.id, "to be sent"))
    assert len(everybody(world.store)) == 2
    world.clock.forward(minutes=5)
    world.hears(world.whatsapp, "both", other_names=(USER_ID, PARENT))
    identity = known(world, ANN)
    assert known(world, USER_ID).id == known(world, PARENT).id == identity.id
    assert everybody(world.store) == ["Ann"]
    bodies = [message.body for message in world.thread(identity.contact_id)]
    assert bodies == ["by number", "by id", "on its way", "both"]
    assert world.message(sent.id).conversation_id == world.thread(identity.contact_id)[0].conversation_id
    (conversation,) = world.store.call_read(lambda session, _: conversations.of_contact(session, identity.contact_id))
    assert (conversation.unread, conversation.last_inbound_at) == (2, world.clock()), "an answer reads what came before"
    (row,) = world.store.call_read(people.rows, [identity.contact_id])
    assert (row.unread, row.last_text) == (2, "both")
    draft = world.store.call_read(lambda s, _: drafts.get(s, identity.id, world.whatsapp.id))
    assert draft == "to be sent"
    assert world.store.call_read(merging.journal)[0].author == "WhatsApp"


def test_the_unread_of_both_stays_unread(world: World) -> None:
    world.hears(world.whatsapp, "read already", profile="Ann")
    number = known(world, ANN)
    (conversation,) = world.store.call_read(lambda session, _: conversations.of_contact(session, number.contact_id))
    world.hears(world.whatsapp, "by id", USER_ID)
    world.clock.forward(minutes=5)
    world.store.call(messaging.mark_read, conversation.id)
    world.hears(world.whatsapp, "both", other_names=(USER_ID,))
    page = world.store.call_read(threads.page, conversation.id, limit=10)
    assert {view.message.body for view in page.messages} == {"read already", "by id", "both"}
    (after,) = world.store.call_read(lambda session, _: conversations.of_contact(session, number.contact_id))
    assert after.unread == 2


def test_a_number_known_by_sms_is_the_person_of_the_id(world: World) -> None:
    world.hears(world.shop, "by sms")
    world.hears(world.whatsapp, "by id", USER_ID, profile="Ann W")
    assert len(everybody(world.store)) == 2
    world.hears(world.whatsapp, "both", other_names=(USER_ID,))
    owner = world.owner(world.shop)
    assert known(world, USER_ID).contact_id == owner
    assert [message.body for message in world.thread(owner)] == ["by sms", "by id", "both"]


def test_ids_differ_by_their_case_and_by_inbox(world: World) -> None:
    other = world.inbox("Returns WhatsApp", Channel.WHATSAPP, "+12025550109")
    for inbox, sender in ((world.whatsapp, "US.AbC1"), (world.whatsapp, "US.aBc1"), (other, "US.AbC1")):
        world.hears(inbox, "hello", sender, profile=sender[-4:])
    found = {world.owner(inbox, sender) for inbox, sender in (
        (world.whatsapp, "US.AbC1"), (world.whatsapp, "US.aBc1"), (other, "US.AbC1")
    )}  # fmt: skip
    assert len(found) == 3


def test_two_ids_of_one_person(world: World) -> None:
    world.hears(world.whatsapp, "one", PARENT, profile="Ann")
    world.hears(world.whatsapp, "two", USER_ID, other_names=(PARENT,))
    world.hears(world.whatsapp, "three", USER_ID)
    assert [message.body for message in world.thread(world.owner(world.whatsapp, PARENT))] == ["one", "two", "three"]


def test_a_draft_of_one_name_with_a_file_and_one_of_the_other_without_become_one_with_both(world: World) -> None:
    world.hears(world.whatsapp, "by number")
    world.hears(world.whatsapp, "by id", USER_ID, profile="Ann")
    for address, text in ((ANN, "for the number"), (USER_ID, "for the id")):
        world.store.call(messaging.save_draft, known(world, address).id, world.whatsapp.id, text)
    world.store.call(drafts.attach, known(world, USER_ID).id, world.whatsapp.id, "/tmp/plan.pdf")
    world.hears(world.whatsapp, "both", other_names=(USER_ID,))
    joined = known(world, ANN).id
    assert world.store.call_read(lambda session, _: drafts.file(session, joined, world.whatsapp.id)) == "/tmp/plan.pdf"
    text = world.store.call_read(lambda session, _: drafts.get(session, joined, world.whatsapp.id))
    assert "for the number" in text and "for the id" in text


def test_another_number_under_the_same_id_is_another_address_of_the_person(world: World) -> None:
    world.hears(world.whatsapp, "old", profile="Ann", other_names=(USER_ID,))
    world.hears(world.whatsapp, "new", "+12025550177", other_names=(USER_ID,))
    assert known(world, ANN).contact_id == known(world, "+12025550177").contact_id
    assert known(world, USER_ID).address == "+12025550177"
    assert known(world, ANN).address == ANN


def test_an_opt_out_by_the_id_stays_one(world: World) -> None:
    world.hears(world.whatsapp, "ALTO", USER_ID, opts=OptWord.STOP)
    world.hears(world.whatsapp, "hm", other_names=(USER_ID,))
    assert known(world, ANN).opted_out_at == START


@pytest.mark.parametrize("sender", ["US.13491208655302741918", "US." + "a" * 200, "us.abc"])
def test_an_id_is_never_shown_and_can_be_answered(world: World, sender: str) -> None:
    world.hears(world.whatsapp, "hi", sender)
    contact_id = world.owner(world.whatsapp, sender)
    card = world.store.call_read(people.card, contact_id)
    assert card is not None
    assert card.contact.name == "Someone on WhatsApp"
    (state,) = (each for each in card.channels if each.channel is Channel.WHATSAPP)
    assert state.reach.takes_text
    world.clock.forward(seconds=5)
    world.hears(world.whatsapp, "I am Sam", sender, profile="Sam Poe")
    assert everybody(world.store) == ["Sam Poe"]


def test_an_id_without_a_window_takes_a_template(world: World) -> None:
    world.template()
    world.hears(world.whatsapp, "hi", USER_ID, at=START - timedelta(days=2))
    identity = known(world, USER_ID)
    state = world.store.call_read(reachability.state, identity.id, world.whatsapp.id)
    assert state.words == "template needed"
    assert world.store.call_read(lambda s, _: contacts.identity(s, identity.id)) == identity
