"""An import as one action: what happens to duplicates and attributes, and the one undo for all of it."""

import io
from collections.abc import Mapping

import pytest

from contacts_tui.domain.attributes import Kind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.contact import Contact
from contacts_tui.services import contacts_import, people, people_edit, queue
from contacts_tui.services.contacts_import import ImportResult
from contacts_tui.services.errors import NotFound
from contacts_tui.services.import_header import Meaning
from contacts_tui.services.import_matching import Duplicates
from contacts_tui.services.people_csv import PeopleFile
from contacts_tui.services.people_edit import PersonEdit
from contacts_tui.store import contacts
from tests.services.twins import dump
from tests.services.world import World

KIM = "Kim"
ANN = "+12025550142"
FILE = "name,phone,email,company,tags,note,Plan\nAnn Lee,+1 202 555 0142,new@x.example,New Ltd,late,tall,gold\n"


def take(
    world: World, text: str, duplicates: Duplicates = Duplicates.FILL, mapping: Mapping[str, Meaning] | None = None
) -> tuple[ImportResult, int | None]:
    file = PeopleFile(
        lambda: iter(io.StringIO(text, newline="")), "US", {"Plan": ("plan", None)} if mapping is None else mapping
    )
    run = world.store.call_read(contacts_import.begin, KIM, file, duplicates)
    return sum(
        (world.store.call(contacts_import.take, rows, run).result for rows in contacts_import.batches(file)),
        ImportResult(),
    ), run.number


def ann(world: World) -> Contact:
    return world.store.call_read(people.find, ANN)


@pytest.fixture
def known(world: World) -> World:
    edit = PersonEdit(
        name="Ann Lee", add_phones=(ANN,), add_emails=("old@x.example",), company="Old Ltd", add_tags=("vip",),
        attributes={"plan": "silver"},
    )  # fmt: skip
    world.store.call(people_edit.create, "Noor", edit, None)
    return world


@pytest.mark.parametrize(
    ("duplicates", "company", "tags", "note", "plan", "emails"),
    [
        (Duplicates.SKIP, "Old Ltd", ("vip",), "", "silver", ("old@x.example",)),
        (Duplicates.FILL, "Old Ltd", ("vip",), "tall", "silver", ("old@x.example", "new@x.example")),
        (Duplicates.OVERWRITE, "New Ltd", ("late",), "tall", "gold", ("old@x.example", "new@x.example")),
    ],
)
def test_what_becomes_of_somebody_known_is_chosen_and_undone(
    known: World,
    duplicates: Duplicates,
    company: str,
    tags: tuple[str, ...],
    note: str,
    plan: str,
    emails: tuple[str, ...],
) -> None:
    before = ann(known)
    result, number = take(known, FILE, duplicates)
    assert (result.added, result.updated + result.unchanged) == (0, 1)
    now = ann(known)
    assert (now.company, now.tags, now.note, now.attributes, now.emails) == (
        company, tags, note, {"plan": plan}, emails,
    )  # fmt: skip
    if duplicates is Duplicates.SKIP:
        assert number is None
    else:
        assert queue.undo_whole(known.store, KIM, number).words == "undone: Ann Lee imported"
    assert ann(known) == before


def test_one_undo_takes_the_whole_import_back(world: World) -> None:
    world.person("Ben Baker", "+12025550177")
    before = dump(world)
    text = "name,phone,company\nBen Baker,+1 202 555 0177,Baker Ltd\n" + "".join(
        f"Person {place},+1202556{place:04d},Firm\n" for place in range(500)
    )
    result, number = take(world, text, mapping={})
    assert (result.added, result.updated) == (500, 1)
    assert queue.undo_whole(world.store, KIM, number).words == "undone: 501 people imported"
    after = dump(world)
    del before["journal"], after["journal"]
    assert after == before
    with pytest.raises(NotFound):
        queue.undo_whole(world.store, KIM, number)


def test_whoever_comes_in_and_gets_more_from_a_later_batch_goes_with_one_undo(world: World) -> None:
    before = dump(world)
    others = "".join(f"Person {place},+1202556{place:04d},\n" for place in range(contacts_import.BATCH))
    text = f"name,phone,company\nAnn Lee,+1 202 555 0142,\n{others}Ann Lee,+1 202 555 0142,Lee Ltd\n"
    result, number = take(world, text, mapping={})
    assert (result.added, result.updated) == (contacts_import.BATCH + 1, 1)
    told: list[int] = []
    words = queue.undo_whole(world.store, KIM, number, told.append).words
    assert words == f"undone: {contacts_import.BATCH + 1:,} people imported"
    assert told == sorted(told), "it tells how far it is"
    assert 0 < told[-1] <= contacts_import.BATCH + 1
    after = dump(world)
    del before["journal"], after["journal"]
    assert after == before


def test_an_undo_leaves_whom_somebody_has_to_do_with_since(world: World) -> None:
    _, number = take(world, "name,phone\nAnn,+1 202 555 0142\nBen,+1 202 555 0143\nCy,+1 202 555 0144\n", mapping={})
    world.hears(world.shop, "hello", "+12025550143")
    world.store.call(people_edit.change, "Noor", 3, PersonEdit(company="Cy Ltd"), None)
    words = queue.undo_whole(world.store, KIM, number).words
    assert words == "undone: Ann imported; 2 people have changed since and stayed as they are"
    assert [person.name for person in map(lambda each: world.store.call_read(people.find, each), ("2", "3"))] == [
        "Ben", "Cy",
    ]  # fmt: skip


def test_a_number_that_an_import_gave_goes_with_its_undo(known: World) -> None:
    _, number = take(known, "name,email,phone\nAnn Lee,old@x.example,+1 202 555 0199\n", mapping={})
    found = known.store.call_read(lambda session, _: contacts.identities(session, 1))
    assert {one.address for one in found} == {ANN, "+12025550199"}
    queue.undo_whole(known.store, KIM, number)
    found = known.store.call_read(lambda session, _: contacts.identities(session, 1))
    assert {one.address for one in found} == {ANN}


def test_an_attribute_has_the_kind_that_is_known_and_what_does_not_fit_is_told(world: World) -> None:
    text = "name,email,Seats\nAnn,a@x.example,3.0\nBen,b@x.example,many\n"
    file = PeopleFile(lambda: iter(text.splitlines(keepends=True)), None, {"seats": ("seats", Kind.NUMBER)})
    run = world.store.call_read(contacts_import.begin, KIM, file, Duplicates.FILL)
    world.store.call(contacts_import.take_all, file, run)
    rows = list(file.rows())
    assert rows[1].problems[0].reason == "“many” is not a number: write it as 1234.5"
    people_now = [world.store.call_read(people.find, each) for each in ("1", "2")]
    assert [person.attributes for person in people_now] == [{"seats": "3"}, {}]
    result, _ = take(world, "name,email,SEATS\nCy,c@x.example,a few\n", mapping={"SEATS": ("SEATS", None)})
    assert (result.added, result.incomplete) == (1, 1)


def test_an_opted_out_number_that_was_forgotten_comes_in_opted_out(known: World) -> None:
    sms = known.identity(1, Channel.SMS)
    known.store.call(contacts.set_opted_out, sms.id, known.clock())
    known.store.call(people_edit.change, KIM, 1, PersonEdit(remove_phones=(ANN,)), None)
    take(known, "name,phone\nSomebody Else,+1 202 555 0142\n", mapping={})
    assert known.identity(2, Channel.SMS).opted_out_at is not None
    assert known.identity(2, Channel.WHATSAPP).opted_out_at is None
