"""Notes, opt-outs and blocks that a file brings: added, never taken away, and undone with the import."""

import io
from datetime import timedelta

from contacts_tui.domain.channel import Channel
from contacts_tui.services import contacts_import, notes, people_edit, people_export, queue
from contacts_tui.services.contacts_import import ImportResult
from contacts_tui.services.import_matching import Duplicates
from contacts_tui.services.people_csv import CSV, Form, PeopleFile
from contacts_tui.services.people_edit import PersonEdit
from contacts_tui.services.people_export import Format
from contacts_tui.services.people_vcard import VCARD
from contacts_tui.store import contacts
from tests.services.twins import dump
from tests.services.world import World

KIM = "Kim"
ANN, BEN = "+12025550142", "+12025550143"


def take(
    world: World, text: str, duplicates: Duplicates = Duplicates.FILL, form: Form = CSV
) -> tuple[ImportResult, int | None]:
    file = PeopleFile(lambda: iter(io.StringIO(text, newline="")), "US", form=form)
    run = world.store.call_read(contacts_import.begin, KIM, file, duplicates)
    return world.store.call(contacts_import.take_all, file, run), run.number


def opted_out(world: World, contact_id: int) -> list[bool]:
    return [world.identity(contact_id, channel).opted_out_at is not None for channel in (Channel.SMS, Channel.WHATSAPP)]


def blocked(world: World, contact_id: int) -> bool:
    return world.store.call_read(lambda session, _: contacts.blocked_at(session, contact_id)) is not None


def test_another_programs_file_may_bring_an_opt_out_and_a_block_but_takes_none_away(world: World) -> None:
    ann, ben, cy = (world.person(name, number) for name, number in (("Ann", ANN), ("Ben", BEN), ("Cy", "+12025550144")))
    world.store.call(contacts.set_opted_out, world.identity(ann, Channel.SMS).id, world.clock())
    world.store.call(people_edit.change, KIM, ann, PersonEdit(is_blocked=True), None)
    long_ago = world.clock() - timedelta(days=9)
    world.store.call(contacts.set_opted_out, world.identity(cy, Channel.SMS).id, long_ago)
    before = dump(world)
    text = (
        "name,phone,Opted out,Blocked\n"
        f"Ann,{ANN},no,no\nBen,{BEN},Yes,x\nCy,+12025550144,ja,\nDee,+12025550145,03/04/2025,\nEve,+12025550146,maybe,\n"
    )
    for duplicates, bens in ((Duplicates.SKIP, False), (Duplicates.OVERWRITE, True)):
        result, number = take(world, text, duplicates)
        assert result.incomplete == 1, "who is neither opted out nor not is told"
        assert opted_out(world, ann) == [True, False]
        assert opted_out(world, ben) == [bens, bens]
        assert opted_out(world, cy) == [True, bens]
        assert world.identity(cy, Channel.SMS).opted_out_at == long_ago, "since when is not forgotten"
        assert [blocked(world, one) for one in (ann, ben)] == [True, bens]
        (dee,) = world.store.call_read(lambda session, _: contacts.by_name(session, "Dee"))
        assert opted_out(world, dee.id) == [True, True]
        queue.undo_whole(world.store, KIM, number)
        after = dump(world)
        for table in ("journal", "sqlite_sequence"):
            before.pop(table, None)
            after.pop(table, None)
        assert after == before


def test_notes_come_in_once_with_author_and_time_and_go_with_the_undo(world: World) -> None:
    ann = world.person("Ann", ANN)
    world.store.call(notes.add, "Noor", ann, "likes tea")
    known = world.store.call_read(people_export.begin, KIM)
    out = world.store.call_read(people_export.read, KIM, [ann])
    text = people_export.piece(Format.VCARD, out, known)
    card = (
        "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ann\r\nTEL:+1 202 555 0142\r\nNOTE:on the card\r\n"
        "NOTE;AUTHOR-NAME=Ola;CREATED=20250102T030405Z:written elsewhere\r\nEND:VCARD\r\n"
    )
    assert take(world, text, form=VCARD)[0].unchanged == 1
    result, number = take(world, card, form=VCARD)
    assert result.updated == 1
    written = world.store.call_read(notes.of_person, ann)
    assert [(note.author, note.text) for note in written] == [("Ola", "written elsewhere"), ("Noor", "likes tea")]
    assert str(written[0].at) == "2025-01-02 03:04:05+00:00"
    assert take(world, card, form=VCARD)[0].unchanged == 1
    queue.undo_whole(world.store, KIM, number)
    assert [note.author for note in world.store.call_read(notes.of_person, ann)] == ["Noor"]
