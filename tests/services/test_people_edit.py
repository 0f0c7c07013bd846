"""People added and edited: each field is checked, duplicates are named, and every change is undone."""

from collections.abc import Callable
from typing import Any

import pytest

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.reachability import Reach
from contacts_tui.domain.urgency import State
from contacts_tui.services import merging, notes, people, people_edit, queue, reachability
from contacts_tui.services.errors import BadInput, NotFound
from contacts_tui.services.people_edit import Edited, PersonEdit
from contacts_tui.store import contacts
from tests.services.twins import dump
from tests.services.world import START, World

KIM = "Kim"
BERLIN = "+49 30 901820"


def add(world: World, region: str | None = "DE", **fields: Any) -> Edited:
    return world.store.call(people_edit.create, KIM, PersonEdit(**fields), region)


def edit(world: World, contact_id: int, **fields: Any) -> Edited:
    return world.store.call(people_edit.change, KIM, contact_id, PersonEdit(**fields), "DE")


def numbers(world: World, contact_id: int) -> set[tuple[Channel, str]]:
    known = world.store.call_read(lambda session, _: contacts.identities(session, contact_id))
    return {(one.channel, one.address) for one in known}


def test_a_person_comes_with_all_that_is_known(world: World) -> None:
    made = add(
        world,
        name="Amara Okafor",
        company="Okafor & Daughters",
        language="EN_ng",
        owner="Noor",
        add_phones=("030 901820", "+234 803 555 0142"),
        add_emails=("amara@okafor.example", "AMARA@okafor.example"),
        add_tags=("vip", "VIP", "lagos"),
        attributes={"plan": "gold", "born:date": "1990-05-01", "seats:number": "12.50", "member:yes/no": "Yes"},
    ).contact
    assert (made.name, made.company, made.language, made.owner) == (
        "Amara Okafor", "Okafor & Daughters", "en-NG", "Noor",
    )  # fmt: skip
    assert made.emails == ("amara@okafor.example",)
    assert made.tags == ("vip", "lagos")
    assert made.attributes == {"plan": "gold", "born": "1990-05-01", "seats": "12.5", "member": "yes"}
    assert made.time_zone == "Europe/Berlin", "of the first number"
    both = (Channel.SMS, Channel.WHATSAPP)
    assert numbers(world, made.id) == {(each, one) for each in both for one in ("+4930901820", "+2348035550142")}
    for text in ("okafor & d", "amara@okafor", "gold", "901820", "lagos"):
        assert world.store.call_read(people.search, text, 5).ids == (made.id,), text


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"add_phones": (BERLIN,)}, "+49 30 901820"),
        ({"company": "Okafor Ltd"}, "Okafor Ltd"),
        ({"add_emails": ("a@x.example",)}, "a@x.example"),
    ],
)
def test_without_a_name_something_else_stands_in_its_place(world: World, fields: dict[str, Any], name: str) -> None:
    assert add(world, **fields).contact.name == name


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({}, "name", "a name, a number or an email"),
        ({"name": "\u200b"}, "name", "a name, a number or an email"),
        ({"name": "x" * 501}, "name", "too long"),
        ({"name": "A", "add_phones": ("12",)}, "phones", "lacks its area code"),
        ({"name": "A", "add_phones": ("call me",)}, "phones", "letters"),
        ({"name": "A", "add_phones": ("+1 202 555 0142",)}, "phones", "belongs to Ann Lee"),
        ({"name": "A", "add_emails": ("amara at x",)}, "emails", "not an email address"),
        ({"name": "A", "add_emails": ("a@x.example, b@x.example",)}, "emails", "not an email address"),
        ({"name": "A", "add_tags": ("a,b",)}, "tags", "not one tag"),
        ({"name": "A", "language": "klingonish!"}, "language", "is not a language"),
        ({"name": "A", "time_zone": "Mars/Base"}, "time_zone", "is not a time zone"),
        ({"name": "A", "attributes": {"seats:number": "many"}}, "attributes", "is not a number"),
        ({"name": "A", "attributes": {"seats:amount": "1"}}, "attributes", "isn't a kind"),
        ({"name": "A", "attributes": {"born:date": "1.5.1990"}}, "attributes", "is not a date"),
        ({"name": "A", "attributes": {"member:yes/no": "perhaps"}}, "attributes", "neither yes nor no"),
        ({"name": "A", "attributes": {"": "x"}}, "attributes", "characters"),
    ],
)
def test_what_cannot_be_right_is_named_by_its_field_and_stores_nothing(
    world: World, fields: dict[str, Any], field: str, words: str
) -> None:
    world.person()
    before = dump(world)
    (fault,) = world.store.call_read(people_edit.check, None, PersonEdit(**fields), "DE").faults
    assert fault.field == field
    assert words in fault.sentence
    with pytest.raises(BadInput, match=words):
        add(world, **fields)
    assert dump(world) == before


def test_an_attribute_keeps_its_kind_and_its_spelling(world: World) -> None:
    ann = add(world, name="Ann", attributes={"Seats:number": "3"}).contact.id
    assert edit(world, ann, attributes={"seats": " 04 "}).contact.attributes == {"Seats": "4"}
    with pytest.raises(BadInput, match="Seats is a number, and not a date"):
        edit(world, ann, attributes={"seats:date": "2026-01-01"})
    assert edit(world, ann, attributes={"SEATS": ""}).contact.attributes == {}


def test_an_email_of_somebody_else_is_told_and_taken(world: World) -> None:
    add(world, name="Ann", add_emails=("family@x.example",))
    ben = add(world, name="Ben", add_emails=("Family@x.example",))
    assert ben.contact.emails == ("Family@x.example",)
    assert ben.told == ("Family@x.example is also an email of Ann (id 1)",)


def test_every_edit_is_undone_to_the_last_row(world: World) -> None:
    ann = add(
        world,
        name="Ann",
        add_phones=(BERLIN,),
        add_emails=("a@x.example",),
        add_tags=("vip",),
        attributes={"plan": "gold"},
    ).contact.id
    before = dump(world)
    del before["journal"], before["attribute"]
    for fields in (
        {"name": "Ann Lee", "company": "Lee Ltd", "note": "shy", "language": "de", "time_zone": "Europe/Paris"},
        {"add_phones": ("+49 30 901821",), "remove_phones": ("030 901820",)},
        {"add_emails": ("b@x.example",), "remove_emails": ("A@x.example",)},
        {"add_tags": ("late",), "remove_tags": ("VIP",)},
        {"attributes": {"plan": "", "seats:number": "3"}},
        {"owner": "Noor", "is_blocked": True},
    ):
        edited = edit(world, ann, **fields)
        assert edited.done.batch
        after = dump(world)
        assert any(after[table] != rows for table, rows in before.items())
        world.store.call(queue.undo, KIM)
        now = dump(world)
        identities = [row[1:] for row in now.pop("identity")]
        assert len(identities) == len(before["identity"])
        assert {table: now[table] for table in before if table != "identity"} == {
            table: rows for table, rows in before.items() if table != "identity"
        }
        assert numbers(world, ann) == {(Channel.SMS, "+4930901820"), (Channel.WHATSAPP, "+4930901820")}


def test_somebody_who_was_added_goes_again_as_long_as_nothing_hangs_on_them(world: World) -> None:
    before = dump(world)
    add(world, name="Ann", add_phones=(BERLIN,), add_emails=("a@x.example",))
    world.store.call(queue.undo, KIM)
    after = dump(world)
    del before["journal"], after["journal"]
    assert after == before
    assert world.store.call_read(people.search, "ann", 5).ids == ()


def test_somebody_who_was_added_stays_once_something_hangs_on_them(world: World) -> None:
    ways: tuple[Callable[[int], object], ...] = (
        lambda _: world.hears(world.shop, "hello", "+4930901820"),
        lambda ann: world.store.call(notes.add, "Noor", ann, "shy"),
        lambda ann: edit(world, ann, company="Lee Ltd"),
    )
    for place, way in enumerate(ways):
        made = add(world, name=f"Ann {place}", add_phones=(f"+49 30 90182{place}",))
        way(made.contact.id)
        words = world.store.call(queue.undo, KIM, made.done.batch).words
        assert "changed since" in words, place
        assert world.store.call_read(people.card, made.contact.id) is not None


def test_a_number_with_messages_is_not_removed(world: World) -> None:
    ann = world.person()
    world.hears(world.shop, "hello")
    with pytest.raises(BadInput, match="has messages or a draft"):
        edit(world, ann, remove_phones=("+1 202 555 0142",))


def test_a_number_that_wanted_no_messages_still_wants_none_when_it_comes_back(world: World) -> None:
    ann = add(world, name="Ann", add_phones=(BERLIN,)).contact.id
    sms = world.identity(ann, Channel.SMS)
    world.store.call(contacts.set_opted_out, sms.id, START)
    edit(world, ann, remove_phones=(BERLIN,))
    ben = add(world, name="Ben", add_phones=(BERLIN,)).contact.id
    assert world.identity(ben, Channel.SMS).opted_out_at is not None
    assert world.identity(ben, Channel.WHATSAPP).opted_out_at is None


def test_nothing_to_do_is_told(world: World) -> None:
    ann = world.person()
    done = edit(world, ann, name="Ann Lee", add_phones=("+12025550142",)).done
    assert (done.batch, done.words) == (0, "nothing to do: they are so already")
    with pytest.raises(NotFound, match="no longer in the store"):
        edit(world, 99, name="Nobody")


def test_somebody_blocked_is_read_closed_and_not_written_to(world: World) -> None:
    ann = world.person()
    world.hears(world.shop, "buy my things")
    assert edit(world, ann, is_blocked=True).done.words == "Ann Lee blocked"
    world.clock.forward(minutes=1)
    world.hears(world.shop, "buy them now")
    (row,) = world.store.call_read(people.rows, [ann])
    entry = world.store.call_read(queue.entry, ann)
    assert entry is not None
    assert (row.unread, entry.state, entry.waiting_since) == (0, State.CLOSED, None)
    state = world.store.call_read(reachability.channels, ann)[0]
    assert (state.reach, state.words, state.remedy) == (Reach.CLOSED, "blocked by us", "unblock them")
    edit(world, ann, is_blocked=False)
    entry = world.store.call_read(queue.entry, ann)
    assert entry is not None
    assert entry.waiting_since is not None
    assert world.store.call_read(reachability.channels, ann)[0].reach is Reach.OPEN
    assert [each.body for each in world.thread(ann)] == ["buy my things", "buy them now"]


def test_who_was_merged_away_since_is_left_alone_by_an_undo(world: World) -> None:
    ann, ben = add(world, name="Ann", add_phones=(BERLIN,)), add(world, name="Ben")
    world.store.call(merging.merge, ben.contact.id, ann.contact.id, author=KIM)
    assert "changed since" in world.store.call(queue.undo, KIM, ann.done.batch).words
    assert numbers(world, ben.contact.id) == {(Channel.SMS, "+4930901820"), (Channel.WHATSAPP, "+4930901820")}


def test_notes_go_with_an_edit_as_one_step_and_one_undo_takes_all_back(world: World) -> None:
    ann = add(world, name="Ann", add_note="shy")
    (note,) = world.store.call_read(notes.of_person, ann.contact.id)
    assert (note.text, note.author, ann.done.words) == ("shy", KIM, "Ann added")
    world.store.call(notes.add, "Noor", ann.contact.id, "likes blue")
    before = dump(world)
    done = edit(world, ann.contact.id, company="Lee", notes={1: "not shy", 2: ""}, add_note="tall").done
    assert [one.text for one in world.store.call_read(notes.of_person, ann.contact.id)] == ["not shy", "tall"]
    undone = world.store.call(queue.undo, KIM)
    assert (undone.batch, tuple(undone.contact_ids)) == (done.batch, (ann.contact.id,))
    after = dump(world)
    del before["journal"], after["journal"]
    assert after == before
    edit(world, ann.contact.id, notes={2: ""})
    assert tuple(world.store.call(queue.undo, KIM, ann.done.batch).contact_ids) == (ann.contact.id,)
    assert world.store.call_read(people.card, ann.contact.id) is None


def test_a_note_of_another_person_and_one_that_is_too_long_are_refused(world: World) -> None:
    ann, ben = add(world, name="Ann", add_note="shy").contact.id, add(world, name="Ben").contact.id
    with pytest.raises(BadInput, match="note 1 is not one on them"):
        edit(world, ben, notes={1: "x"})
    with pytest.raises(BadInput, match="at most 10,000 characters"):
        edit(world, ann, add_note="x" * 10_001)
