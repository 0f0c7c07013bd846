"""Two contacts become one, with everything that belongs to them, and are taken apart again."""

import random
from collections.abc import Callable

import pytest

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.contact import ContactChange, Identity, NewContact
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.merge import Field, MoveKind, Take
from contacts_tui.services import duplicates, merging, messaging, notes, people, reachability, views
from contacts_tui.services.errors import BadInput, NotFound
from contacts_tui.store import bulk_import, change_feed, contacts, messages, outbox
from contacts_tui.store.people_tables import ContactRow
from tests.other_program import execute
from tests.services.twins import AMARA_NUMBER, BO_NUMBER, CHAT, PSID, Twins
from tests.services.world import World, people_in


@pytest.fixture
def twins(world: World) -> Twins:
    return Twins(world)


def identities(world: World, contact_id: int) -> list[Identity]:
    return list(world.store.call_read(lambda session, _: contacts.identities(session, contact_id)))


def test_everything_of_the_other_hangs_on_the_one_that_is_kept(twins: Twins) -> None:
    world = twins.world
    entry = twins.merge(twins.amara, twins.bo)
    assert (entry.kind, entry.author, entry.addresses, entry.threads, entry.messages) == (
        MoveKind.MERGE, "Kim", 4, 4, 5,
    )  # fmt: skip
    assert twins.contact(twins.bo) is None
    merged = twins.contact(twins.amara)
    assert merged is not None
    assert merged.name == "Amara Okafor"
    assert merged.emails == ("amara@x.example", "bo@x.example")
    assert merged.tags == ("vip", "lagos")
    assert merged.note == "collects on Fridays\nprefers mornings"
    assert (merged.owner, merged.time_zone, merged.language) == ("Sam", "Africa/Lagos", "en-NG")
    assert merged.attributes == {"plan": "gold", "size": "42", "member": "yes"}
    written = world.store.call_read(notes.of_person, twins.amara)
    assert [note.text for note in written] == ["likes blue", "sings in a choir"]
    assert len(identities(world, twins.amara)) == 6
    assert twins.texts(twins.amara) == [
        "amara by text", "amara on whatsapp", "bo by text", "bo on whatsapp", "bo in the bot", "bo on the page",
        "answered to amara", "waits for bo",
    ]  # fmt: skip
    assert twins.found("bo on the page") == twins.found("bo@x.example") == twins.found("lagos") == (twins.amara,)
    (row,) = world.store.call_read(people.rows, [twins.amara])
    assert (row.unread, row.last_text) == (4, "waits for bo")
    assert set(row.channels) == set(Channel)
    assert world.store.call_read(views.count, "", "") == 1


@pytest.mark.parametrize("is_kept", [True, False])
def test_whoever_was_blocked_stays_so_and_an_undo_knows_who_it_was(twins: Twins, is_kept: bool) -> None:
    world, blocked = twins.world, twins.amara if is_kept else twins.bo
    world.store.call(contacts.block, blocked, world.clock())
    before = twins.dump()
    entry = twins.merge(twins.amara, twins.bo)
    merged = twins.contact(twins.amara)
    assert merged is not None
    assert merged.blocked_at == world.clock()
    twins.undo(entry)
    assert twins.dump() == before


def test_two_threads_at_one_inbox_stay_two(twins: Twins) -> None:
    world = twins.world
    twins.merge(twins.amara, twins.bo)
    routes = world.store.call_read(reachability.routes, twins.amara, Channel.WHATSAPP)
    assert len({route.conversation_id for route in routes if route.conversation_id is not None}) == 2
    drafts = {
        world.store.call_read(messaging.draft, route.identity.id, route.inbox.id)
        for channel in Channel
        for route in world.store.call_read(reachability.routes, twins.amara, channel)
    }
    assert drafts == {"", "draft to amara", "draft to bo", "draft to the page"}


def test_what_waits_to_be_sent_is_still_sent(twins: Twins) -> None:
    world = twins.world
    twins.merge(twins.amara, twins.bo)
    assert world.store.call_read(lambda session, _: outbox.task_of(session, twins.waiting.id)) is outbox.Task.SEND
    world.store.call(messages.set_status, twins.waiting.id, Delivery.FAILED, code="403")
    assert people_in(world.store, "Failed or unknown") == [twins.amara]


def test_a_failure_is_counted_where_its_address_is(twins: Twins) -> None:
    world = twins.world
    world.store.call(messages.set_status, twins.waiting.id, Delivery.FAILED, code="403")
    before = twins.dump()
    entry = twins.merge(twins.amara, twins.bo)
    assert people_in(world.store, "Failed or unknown") == [twins.amara]
    twins.undo(entry)
    assert people_in(world.store, "Failed or unknown") == [twins.bo]
    assert twins.dump() == before


@pytest.mark.parametrize("swapped", [False, True], ids=["into amara", "into bo"])
@pytest.mark.parametrize("taken", [{}, dict.fromkeys(Field, Take.OTHER)], ids=["by default", "all of the other"])
def test_an_undo_restores_the_store_exactly(twins: Twins, swapped: bool, taken: dict[Field, Take]) -> None:
    before = twins.dump()
    searches = {text: twins.found(text) for text in ("amara", "bo ", "lagos", "whatsapp", "5550142")}
    pair = (twins.bo, twins.amara) if swapped else (twins.amara, twins.bo)
    entry = twins.merge(*pair, choices=taken)
    assert twins.dump() != before
    undone = twins.undo(entry)
    assert twins.dump() == before
    assert {text: twins.found(text) for text in searches} == searches
    assert (undone.undone_by, undone.undone_at) == ("Lee", twins.world.clock())
    _check_search(twins.world)


def _check_search(world: World) -> None:
    if world.location.startswith("sqlite"):
        execute(world.location, "INSERT INTO contact_search (contact_search, rank) VALUES ('integrity-check', 1)")


def test_a_chain_of_merges_and_splits_unwinds_to_where_it_began(twins: Twins) -> None:
    world = twins.world
    carla = world.person("Carla Núñez", "+13055550117")
    before = twins.dump()
    chat = world.identity(twins.bo, Channel.TELEGRAM)
    entries = [
        world.store.call(merging.split, chat.id, author="Kim"),
        twins.merge(carla, twins.amara),
        twins.merge(carla, twins.bo, choices={Field.NAME: Take.OTHER, Field.TAGS: Take.OTHER}),
    ]
    entries.append(twins.merge(carla, entries[0].other_id))
    world.clock.forward(hours=1)
    for entry in reversed(entries):
        twins.undo(entry)
    assert twins.dump() == before


@pytest.mark.parametrize("seed", range(4))
def test_any_row_of_merges_and_splits_unwinds_to_where_it_began(twins: Twins, seed: int) -> None:
    world, chance = twins.world, random.Random(seed)
    everybody = [twins.amara, twins.bo]
    for place in range(3):
        everybody.append(world.person(f"Person {place}", f"+1646555018{place}", f"+1646555019{place}"))
        world.hears(world.whatsapp, f"hello {place}", f"+1646555019{place}")
    before, entries = twins.dump(), []
    for _ in range(8):
        one, other = chance.sample(everybody, 2) if len(everybody) > 1 else (everybody[0], everybody[0])
        movable = world.store.call_read(merging.movable, one)
        if movable and (one == other or chance.random() < 0.5):
            entries.append(world.store.call(merging.split, chance.choice(movable)[0], author="Kim"))
            everybody.append(entries[-1].other_id)
        elif one != other:
            choices = {field: chance.choice([Take.KEEP, Take.OTHER]) for field in Field if chance.random() < 0.5}
            entries.append(twins.merge(one, other, choices=choices))
            everybody.remove(other)
    assert len(entries) > 4
    for entry in reversed(entries):
        twins.undo(entry)
    assert twins.dump() == before
    _check_search(world)


def test_what_came_since_goes_with_its_address(twins: Twins) -> None:
    world = twins.world
    entry = twins.merge(twins.amara, twins.bo)
    world.clock.forward(minutes=5)
    world.hears(twins.bot, "later in the bot", CHAT)
    world.hears(world.shop, "later by text", AMARA_NUMBER)
    twins.undo(entry)
    assert twins.texts(twins.bo)[-1] == "later in the bot"
    assert twins.texts(twins.amara)[-1] == "later by text"
    assert "later in the bot" not in twins.texts(twins.amara)
    (bo,) = world.store.call_read(people.rows, [twins.bo])
    assert (bo.unread, bo.last_text) == (4, "later in the bot")


def test_a_new_channel_of_a_number_goes_back_with_the_number(world: World) -> None:
    one, other = world.person("Ann", "+12025550142"), world.store.call(contacts.insert, NewContact(name="Bo")).id
    world.store.call(contacts.add_identity, other, Channel.SMS, "+447700900115")
    entry = world.store.call(merging.merge, one, other, author="Kim")
    world.hears(world.whatsapp, "now on whatsapp", "+447700900115")
    world.hears(world.shop, "a third number", "+33639984120")
    world.store.call(merging.undo, entry.id, author="Kim")
    assert {identity.channel for identity in identities(world, other)} == {Channel.SMS, Channel.WHATSAPP}
    assert len(identities(world, one)) == 2


def test_fields_written_since_are_kept(twins: Twins) -> None:
    entry = twins.merge(twins.amara, twins.bo)
    twins.world.store.call(
        contacts.update,
        twins.amara,
        ContactChange(
            company="New Ltd",
            tags=(
                "vip",
                "lagos",
                "fair",
            ),
        ),
    )
    twins.undo(entry)
    amara, bo = twins.contact(twins.amara), twins.contact(twins.bo)
    assert amara is not None
    assert bo is not None
    assert (amara.company, amara.tags, amara.emails) == ("New Ltd", ("vip", "fair"), ("amara@x.example",))
    assert bo.tags == ("VIP", "lagos")


def test_an_undo_that_something_later_stands_against_is_refused(twins: Twins) -> None:
    carla = twins.world.person("Carla Núñez", "+13055550117")
    first = twins.merge(twins.amara, twins.bo)
    second = twins.merge(carla, twins.amara)
    before = twins.dump()
    with pytest.raises(BadInput, match=rf"number {second.id} .* undo that one first"):
        twins.undo(first)
    assert twins.dump() == before
    twins.undo(second)
    twins.undo(first)
    with pytest.raises(BadInput, match="undone already"):
        twins.undo(first)
    with pytest.raises(NotFound, match="no number 99"):
        twins.world.store.call(merging.undo, 99, author="Kim")
    listed = twins.world.store.call_read(merging.journal)
    assert [(entry.id, entry.undone_by) for entry in listed] == [(second.id, "Lee"), (first.id, "Lee")]


def test_nobody_gets_the_id_of_somebody_merged_away(twins: Twins) -> None:
    world = twins.world
    entry = twins.merge(twins.amara, twins.bo)
    assert world.person("Carla", "+13055550117") > twins.bo
    later = twins.merge(twins.amara, world.person("Dmitri", "+16465550177"))
    new = bulk_import.NewPerson("Élodie", "", (), (), "", "", "", ())
    world.store.call(bulk_import.add_people, [new])
    (elodie,) = world.store.call_read(people.search, "Élodie", 5).ids
    assert elodie > later.other_id
    twins.undo(later)
    twins.undo(entry)


def test_a_choice_made_on_what_has_changed_is_not_carried_out(twins: Twins) -> None:
    seen = twins.world.store.call_read(merging.preview, twins.amara, twins.bo)
    twins.world.store.call(contacts.update, twins.bo, ContactChange(company="Elsewhere", emails=("new@x.example",)))
    before = twins.dump()
    with pytest.raises(BadInput, match="changed meanwhile"):
        twins.merge(twins.amara, twins.bo, expected=seen.result)
    assert twins.dump() == before


@pytest.mark.parametrize(
    ("pair", "error", "words"),
    [
        (lambda twins: (twins.amara, twins.amara), BadInput, "one contact already"),
        (lambda twins: (twins.amara, 99), NotFound, "no longer in the store"),
    ],
    ids=["with itself", "with nobody"],
)
def test_what_cannot_be_merged_is_told(
    twins: Twins, pair: Callable[[Twins], tuple[int, int]], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        twins.merge(*pair(twins))
    with pytest.raises(BadInput, match="only one company"):
        twins.merge(twins.amara, twins.bo, choices={Field.COMPANY: Take.BOTH})


def test_the_preview_says_what_will_happen_and_stores_nothing(twins: Twins) -> None:
    before = twins.dump()
    seen = twins.world.store.call_read(merging.preview, twins.amara, twins.bo, {Field.NAME: Take.OTHER})
    assert (seen.brings.threads, seen.brings.messages, seen.brings.drafts, seen.brings.waiting) == (4, 5, 2, 1)
    assert seen.brings.unread == 3
    assert set(seen.brings.addresses) == {
        f"SMS {BO_NUMBER}", f"WhatsApp {BO_NUMBER}", f"Telegram {CHAT} Amara O.", f"Messenger {PSID}",
    }  # fmt: skip
    assert seen.result.name == "A. Okafor"
    assert twins.dump() == before


def test_the_feed_tells_of_both(twins: Twins) -> None:
    newest = twins.world.store.call_read(lambda session, _: change_feed.latest(session))
    entry = twins.merge(twins.amara, twins.bo)
    told = twins.world.store.call_read(lambda session, _: change_feed.since(session, newest, 100))
    assert {change.contact_id for change in told if change.kind is ChangeKind.CONTACT} == {twins.amara, twins.bo}
    newest = told[-1].seq
    twins.undo(entry)
    told = twins.world.store.call_read(lambda session, _: change_feed.since(session, newest, 100))
    assert {change.contact_id for change in told} == {twins.amara, twins.bo}


def test_an_id_that_was_merged_away_means_the_one_that_was_kept(twins: Twins) -> None:
    world = twins.world
    carla = world.person("Carla Núñez", "+13055550117")
    twins.merge(twins.amara, twins.bo)
    twins.merge(carla, twins.amara)
    assert world.store.call_read(people.find, str(twins.bo)).id == carla
    assert world.store.call_read(merging.present_contact, twins.bo, None) == carla
    assert world.store.call_read(merging.present_contact, 99, None) is None
    chat = world.identity(carla, Channel.TELEGRAM)
    entry = world.store.call(merging.split, chat.id, author="Kim")
    assert world.store.call_read(merging.present_contact, carla, chat.id) == entry.other_id


def test_a_wrong_number_becomes_a_contact_of_its_own_on_all_its_channels(twins: Twins) -> None:
    world = twins.world
    twins.merge(twins.amara, twins.bo)
    wrong = next(one for one in identities(world, twins.amara) if one.address == BO_NUMBER)
    before = twins.dump()
    entry = world.store.call(merging.split, wrong.id, author="Kim")
    assert (entry.kind, entry.other_name, entry.addresses, entry.messages) == (
        MoveKind.SPLIT, "+234 803 555 0142", 2, 2,
    )  # fmt: skip
    assert twins.texts(entry.other_id) == ["bo by text", "bo on whatsapp"]
    assert "bo by text" not in twins.texts(twins.amara)
    new = twins.contact(entry.other_id)
    assert new is not None
    assert new.time_zone == "Africa/Lagos"
    twins.undo(entry)
    assert twins.dump() == before


def test_a_chat_that_is_moved_away_goes_by_its_profile_name(twins: Twins) -> None:
    world = twins.world
    entry = world.store.call(merging.split, world.identity(twins.bo, Channel.TELEGRAM).id, author="Kim")
    assert entry.other_name == "Amara O."
    assert twins.texts(entry.other_id) == ["bo in the bot", "waits for bo"]


def test_the_only_address_stays(world: World) -> None:
    contact_id = world.person("Ann Lee")
    with pytest.raises(BadInput, match="only address of Ann Lee"):
        world.store.call(merging.split, world.identity(contact_id, Channel.SMS).id, author="Kim")
    with pytest.raises(NotFound):
        world.store.call(merging.split, 99, author="Kim")


def test_a_split_is_not_undone_over_what_was_written_since(twins: Twins) -> None:
    world = twins.world
    entry = world.store.call(merging.split, world.identity(twins.bo, Channel.TELEGRAM).id, author="Kim")
    world.store.call(contacts.update, entry.other_id, ContactChange(company="Known by now"))
    with pytest.raises(BadInput, match="changed since"):
        twins.undo(entry)
    assert twins.texts(entry.other_id) == ["bo in the bot", "waits for bo"]


@pytest.mark.parametrize("typed", [BO_NUMBER, "+234 (803) 555-0142", CHAT, "amara o.", PSID])
def test_an_address_is_found_as_it_is_typed(twins: Twins, typed: str) -> None:
    bo = twins.contact(twins.bo)
    assert bo is not None
    found = twins.world.store.call_read(merging.address_of, bo, typed)
    assert found.contact_id == twins.bo
    with pytest.raises(NotFound, match="no address"):
        twins.world.store.call_read(merging.address_of, bo, AMARA_NUMBER)


def test_whoever_is_not_bo_is_not_amara_either(twins: Twins) -> None:
    world = twins.world
    carla = world.store.call(contacts.insert, NewContact(name="Carla", emails=("bo@x.example",))).id
    world.store.call(duplicates.dismiss, twins.bo, carla, author="Kim")
    before = twins.dump()
    entry = twins.merge(twins.amara, twins.bo)
    assert world.store.call_read(duplicates.suggested_for, twins.amara) == ()
    twins.undo(entry)
    assert twins.dump() == before


def test_every_table_that_names_a_contact_is_thought_of() -> None:
    """A table added later with a contact in it has to be moved by merges, or be named here."""
    naming = {
        (table.name, column.name)
        for table in ContactRow.metadata.tables.values()
        for column in table.columns
        if column.name == "contact_id" or any(key.column.table.name == "contact" for key in column.foreign_keys)
    }
    moved = {("identity", "contact_id"), ("conversation", "contact_id"), ("message", "contact_id")}
    moved |= {("queue", "contact_id"), ("note", "contact_id")}
    naming.remove(("journal", "contact_id"))  # It keeps the id that the contact had then.
    naming.remove(("presence", "contact_id"))  # Within seconds, a process writes its row anew.
    assert naming == moved | {("likeness", "contact_id"), ("change", "contact_id")}
