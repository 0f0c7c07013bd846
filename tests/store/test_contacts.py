"""People, addresses, inboxes and settings: what is written can be read, is found, and reaches the change feed."""

from collections.abc import Callable

import pytest
from sqlmodel import Session

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import Contact, ContactChange, Identity, NewContact
from contacts_tui.domain.inbox import Inbox, InboxForm
from contacts_tui.store import change_feed, contacts, inboxes, search, settings
from contacts_tui.store.errors import IdentityTaken, InboxExists
from contacts_tui.store.store import Store
from tests.services.world import START


def read(store: Store, function: Callable[..., object], *args: object) -> object:
    return store.call_read(lambda session, _: function(session, *args))


def new_changes(store: Store, seq: int) -> list[tuple[ChangeKind, int | None]]:
    found = store.call_read(lambda session, _: change_feed.since(session, seq, 100))
    return [(change.kind, change.contact_id) for change in found]


def found(store: Store, text: str) -> tuple[int, ...]:
    return store.call_read(lambda session, _: search.search(session, text, 10)).ids


def test_a_person_comes_back_as_given(store: Store) -> None:
    hostile = "[/nope] \x1b]0;owned\x07 O'Brien; DROP TABLE contact"
    contact = store.call(
        contacts.insert,
        NewContact(
            name=hostile,
            company="Okafor & Daughters",
            emails=("amara@okafor.example",),
            tags=("vip",),
            note="line\nline",
            owner="Kim",
            time_zone="Africa/Lagos",
        ),
    )
    assert contact == Contact(
        id=contact.id,
        name=hostile,
        company="Okafor & Daughters",
        emails=("amara@okafor.example",),
        tags=("vip",),
        note="line\nline",
        owner="Kim",
        time_zone="Africa/Lagos",
        created_at=START,
    )
    assert read(store, contacts.get, contact.id) == contact
    assert read(store, contacts.get, 999) is None
    assert read(store, contacts.by_ids, [999, contact.id]) == {contact.id: contact}


def test_an_update_changes_only_what_is_given_and_the_search_follows(store: Store) -> None:
    contact = store.call(contacts.insert, NewContact(name="Ann Lee", company="Old Mill", tags=("vip",)))
    updated = store.call(contacts.update, contact.id, ContactChange(company="New Mill", tags=()))
    assert (updated.name, updated.company, updated.tags) == ("Ann Lee", "New Mill", ())
    assert found(store, "new mill") == (contact.id,)
    assert found(store, "old mill") == ()
    assert found(store, "vip") == ()


def test_two_spellings_of_a_number_are_one_identity(store: Store) -> None:
    contact = store.call(contacts.insert, NewContact(name="Rosa"))
    old = store.call(contacts.add_identity, contact.id, Channel.WHATSAPP, "+5215555550123")
    again = store.call(contacts.add_identity, contact.id, Channel.WHATSAPP, "+525555550123")
    assert again == old
    assert read(store, contacts.identities, contact.id) == (old,)
    assert found(store, "5215555550123") == found(store, "52 55 5555 0123") == (contact.id,)


def test_an_address_of_somebody_else_is_refused_and_named(store: Store) -> None:
    ann, ben = (store.call(contacts.insert, NewContact(name=name)) for name in ("Ann", "Ben"))
    hers = store.call(contacts.add_identity, ann.id, Channel.SMS, "+12025550142")
    store.call(contacts.add_identity, ben.id, Channel.WHATSAPP, "+12025550142")
    with pytest.raises(IdentityTaken) as taken:
        store.call(contacts.add_identity, ben.id, Channel.SMS, "+1 202 555 0142")
    assert taken.value.identity == hers
    assert {contact.id for contact in by_key(store, "+12025550142")} == {ann.id, ben.id}


def by_key(store: Store, key: str) -> tuple[Contact, ...]:
    return store.call_read(lambda session, _: contacts.by_key(session, key))


def test_a_chat_id_belongs_to_its_inbox_and_a_number_to_none(store: Store) -> None:
    contact = store.call(contacts.insert, NewContact(name="Ann"))
    first = store.call(contacts.add_identity, contact.id, Channel.TELEGRAM, "777", 1)
    second = store.call(contacts.add_identity, contact.id, Channel.TELEGRAM, "777", 2)
    assert (first.inbox_id, second.inbox_id) == (1, 2)
    assert read(store, contacts.find_identity, Channel.TELEGRAM, "777", 2) == second
    assert read(store, contacts.find_identity, Channel.TELEGRAM, "777", 3) is None
    number = store.call(contacts.add_identity, contact.id, Channel.SMS, "+12025550142", 1)
    assert number.inbox_id is None
    assert read(store, contacts.find_identity, Channel.SMS, "+12025550142", None) == number
    assert read(store, contacts.identity, number.id) == number


def test_what_an_identity_learns_is_kept_and_told_once(store: Store) -> None:
    contact = store.call(contacts.insert, NewContact(name="Ann"))
    identity = store.call(contacts.add_identity, contact.id, Channel.WHATSAPP, "+5511987654321")
    seq = store.call_read(lambda session, _: change_feed.latest(session))
    for _ in range(2):
        store.call(contacts.set_opted_out, identity.id, START)
        store.call(contacts.set_blocked, identity.id, START)
        store.call(contacts.set_refusal, identity.id, "63024")
        identity = store.call(contacts.set_address, identity, "+551187654321", "annie")
    assert new_changes(store, seq) == [(ChangeKind.CONTACT, contact.id)] * 4
    kept = store.call_read(lambda session, _: contacts.identity(session, identity.id))
    assert kept == Identity(
        id=identity.id,
        contact_id=contact.id,
        channel=Channel.WHATSAPP,
        address="+551187654321",
        key="+5511987654321",
        inbox_id=None,
        profile_name="annie",
        opted_out_at=START,
        blocked_at=START,
        refusal_code="63024",
    )
    assert found(store, "annie") == (contact.id,)
    store.call(contacts.set_opted_out, identity.id, None)
    store.call(contacts.set_address, identity, "+551187654321")
    kept = store.call_read(lambda session, _: contacts.identity(session, identity.id))
    assert kept is not None
    assert (kept.opted_out_at, kept.blocked_at, kept.profile_name) == (None, START, "annie")


def test_every_write_is_told(store: Store) -> None:
    contact = store.call(contacts.insert, NewContact(name="Ann"))
    store.call(contacts.update, contact.id, ContactChange(note="later"))
    store.call(contacts.add_identity, contact.id, Channel.SMS, "+12025550142")
    store.call(settings.put, "key", "value")
    store.call(settings.put, "key", "value")
    kinds = [ChangeKind.CONTACT] * 3 + [ChangeKind.SETTING]
    assert [kind for kind, _ in new_changes(store, 0)] == kinds


def test_somebody_by_name_or_email(store: Store) -> None:
    elodie = store.call(contacts.insert, NewContact(name="Élodie Marchand", emails=("Elodie@Marchand.example",)))
    li = store.call(contacts.insert, NewContact(name="Li"))
    lily = store.call(contacts.insert, NewContact(name="Lily Li", emails=("xelodie@marchand.example",)))
    assert read(store, contacts.by_name, "elodie marchand") == (elodie,)
    assert read(store, contacts.by_name, "MARCHAND") == (elodie,)
    assert read(store, contacts.by_name, "li") == (li,)
    assert read(store, contacts.by_name, "lily") == (lily,)
    assert read(store, contacts.by_name, "") == ()
    assert read(store, contacts.by_email, " elodie@MARCHAND.example ") == (elodie,)
    assert read(store, contacts.by_email, "elodie") == ()


def add_inbox(store: Store, name: str, channel: Channel, address: str) -> Inbox:
    form = InboxForm(channel, name, address, account="AC1", secret="env:TOKEN")
    return store.call(inboxes.add, form, Provider.TWILIO)


def test_an_inbox_is_unique_by_name_and_by_address_on_its_channel(store: Store) -> None:
    shop = add_inbox(store, "Shop", Channel.SMS, "+15550101")
    whatsapp = add_inbox(store, "Shop WhatsApp", Channel.WHATSAPP, "+15550101")
    with pytest.raises(InboxExists, match="an inbox named Shop already"):
        add_inbox(store, "Shop", Channel.SMS, "+15550102")
    with pytest.raises(InboxExists, match="connected for SMS already, as the inbox Shop"):
        add_inbox(store, "Other", Channel.SMS, "+15550101")
    assert read(store, inboxes.list_all) == (shop, whatsapp)
    assert read(store, inboxes.get_by_name, "Shop") == shop
    assert read(store, inboxes.get, whatsapp.id) == whatsapp
    assert read(store, inboxes.get, 99) is None


def test_an_inbox_remembers_when_it_was_heard_and_what_ails_it(store: Store) -> None:
    shop = add_inbox(store, "Shop", Channel.SMS, "+15550101")

    def live(session: Session, clock: Clock) -> None:
        inboxes.touch_inbound(session, clock, shop, START)
        inboxes.touch_outbound(session, clock, shop.id, START)
        inboxes.note_error(session, clock, shop.id, "20003")

    store.call(live)
    kept = store.call_read(lambda session, _: inboxes.get(session, shop.id))
    assert kept is not None
    assert (kept.last_inbound_at, kept.last_outbound_at) == (START, START)
    assert read(store, inboxes.last_error, shop.id) == (Provider.TWILIO, "20003", store.clock())
