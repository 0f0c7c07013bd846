"""A forgotten person is found nowhere: no table, index, journal, file or log; an opt-out is remembered unreadably."""

import io
import json
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import Session

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Media, NewMessage
from contacts_tui.domain.presence import Presence
from contacts_tui.domain.view import View
from contacts_tui.services import (
    contacts_import,
    forgetting,
    merging,
    messaging,
    notes,
    people,
    people_edit,
    presence,
    queue,
    route_choice,
    scheduled,
    store_care,
    views,
)
from contacts_tui.services.errors import BadInput, NotFound
from contacts_tui.services.forgetting import Receipt
from contacts_tui.services.import_matching import Duplicates
from contacts_tui.services.people_csv import PeopleFile
from contacts_tui.services.people_edit import PersonEdit
from contacts_tui.store import attachments, contacts, messages, saved_views
from contacts_tui.store.process_tables import OutboxRow
from tests.other_program import execute, tables
from tests.services.twins import Twins, dump
from tests.services.world import START, World

KIM = "Kim"
NUMBER, OTHER_NUMBER = "+12025550161", "+4915987654321"
SECRETS = (
    "Zebulon", "Quartermain", "Hagenbrück", "zebulon@xanthippe", "2025550161", "15987654321", "Wellblechhütte",
    "Gartenzwerg", "Geheimnis", "Fliegenpilz", "Kaltmamsell", "Pfefferminz", "Nadelwald",
    "Lautensack", "Übermorgen", "Schnabeltier", "Auerhahn",
    # As long as a piece of the full-text indexes, and like no other.
    "ꙮꙮꙮ", "ꗏꗏꗏ",
)  # fmt: skip


def filled(world: World) -> int:
    """Return the id of a person with something of everything, who was two contacts once."""
    fields = PersonEdit(
        name="Zebulon Quartermain",
        company="Hagenbrück KG",
        note="Wellblechhütte",
        add_phones=(NUMBER,),
        add_emails=("zebulon@xanthippe.example",),
        add_tags=("Gartenzwerg", "ꙮꙮꙮ"),
        attributes={"word": "Geheimnis"},
    )
    zeb = world.store.call(people_edit.create, KIM, fields, "DE").contact.id
    twin = world.store.call(people_edit.create, KIM, PersonEdit(name="Kaltmamsell", add_phones=(OTHER_NUMBER,)), None)
    world.hears(world.shop, "it is a Fliegenpilz ꗏꗏꗏ", OTHER_NUMBER)
    world.store.call(merging.merge, zeb, twin.contact.id, author=KIM)
    world.hears(world.shop, "the Fliegenpilz again", NUMBER, profile="Zebulon")
    world.hears(world.whatsapp, "and on WhatsApp", NUMBER, profile="Zebulon Q.")
    note, _ = world.store.call(notes.add, KIM, zeb, "likes Pfefferminz")
    world.store.call(notes.edit, KIM, note.id, "likes Pfefferminz tea")
    world.store.call(people_edit.change, KIM, zeb, PersonEdit(company="Hagenbrück AG"), None)
    identity = world.identity(zeb, Channel.WHATSAPP)
    world.store.call(messaging.save_draft, identity.id, world.whatsapp.id, "a draft about Nadelwald")
    world.store.call(route_choice.put, KIM, identity.id, world.whatsapp.id)
    sms = world.identity(zeb, Channel.SMS)
    media = attached(world, b"only theirs: Pfefferminz")
    world.store.call(messaging.send, sms.id, world.shop.id, NewMessage("u1", "an answer", (media,), author=KIM))
    later = world.clock() + timedelta(hours=2)
    for uid, text in (("u2", "Übermorgen"), ("u3", "an Auerhahn")):
        new = NewMessage(uid, text, author=KIM, due=later)
        message, _ = world.store.call(scheduled.schedule, sms.id, world.shop.id, new)
    world.store.call(scheduled.cancel, KIM, message.id)  # its text is a draft
    world.store.call(presence.show, Presence("another program", "Noor", zeb, is_writing=True))
    for name, line in (("Theirs", 'tag:vip "zebulon quartermain"'), ("By email", "zebulon@xanthippe.example")):
        world.store.call(views.save, KIM, View(name, line))
    brought = (
        "name,phone,company,Opted out,contacts-tui notes\n"
        f'Zebulon Quartermain,{NUMBER},Lautensack KG,,"2026-01-02T03:04:05Z, Noor: a Schnabeltier"\n'
    )
    file = PeopleFile(lambda: iter(io.StringIO(brought, newline="")), None)
    run = world.store.call_read(contacts_import.begin, KIM, file, Duplicates.OVERWRITE)
    world.store.call(contacts_import.take_all, file, run)
    return zeb


def saved_views_listed(session: Session, _: Clock) -> tuple[View, ...]:
    return saved_views.listed(session)


def attached(world: World, content: bytes) -> Media:
    url, size = attachments.put(world.store.files, io.BytesIO(content), 1000)
    return Media(url, "application/pdf", "Pfefferminz.pdf", size)


def forget(world: World, contact_id: int) -> Receipt:
    return forgetting.forget(world.store, KIM, contact_id)


def bytes_of_the_store(world: World) -> dict[str, bytes]:
    folder = Path(world.location.removeprefix("sqlite:///")).parent
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def found(world: World) -> list[tuple[str, str]]:
    """Return in which files which secrets are, in any encoding that this program writes."""
    spellings = {
        secret: (secret.encode(), json.dumps(secret)[1:-1].encode(), ascii(secret)[1:-1].encode()) for secret in SECRETS
    }
    return [
        (name, secret)
        for name, content in bytes_of_the_store(world).items()
        for secret, ways in spellings.items()
        if any(way.lower() in content.lower() for way in ways)
    ]


@pytest.mark.engine("sqlite")
def test_nothing_of_them_is_in_any_byte_of_the_store_and_its_files(world: World) -> None:
    zeb = filled(world)
    world.store.call(views.save, KIM, View("Quarter", "tag:quarter"))
    for number in range(200):
        world.hears(world.shop, f"message {number} about the Fliegenpilz", NUMBER)
    assert {secret for _, secret in found(world)} == set(SECRETS), "the test knows how to find them"
    receipt = forget(world, zeb)
    assert receipt.is_clean
    store = Path(world.location.removeprefix("sqlite:///"))
    store_care.take_backup(world.location, store.with_name("backup"), world.clock, None)
    assert "backup/contacts.db" in bytes_of_the_store(world)
    assert found(world) == []
    assert [view.name for view in world.store.call_read(saved_views_listed)] == ["Quarter"]
    assert [name for name in bytes_of_the_store(world) if name.startswith("store.db-files")] == []
    for text in ("zebulon", "fliegenpilz", "2025550161"):
        assert world.store.call_read(people.search, text, 5).ids == ()
    connection = sqlite3.connect(world.location.removeprefix("sqlite:///"))
    assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    connection.execute("INSERT INTO contact_search (contact_search, rank) VALUES ('integrity-check', 1)")
    connection.close()


@pytest.mark.engine("postgresql")
def test_on_a_server_no_row_has_them_and_the_receipt_says_where_traces_may_be(world: World) -> None:
    zeb = filled(world)
    # Rows that the feed and the search keep are looked at as well.
    rows = {name: [json.dumps(row, default=repr) for row in everything(world, name)] for name in tables(world.location)}
    assert "Zebulon" in "".join(rows["contact"])
    receipt = forget(world, zeb)
    left = "".join(json.dumps(row, default=repr) for name in rows for row in everything(world, name)).lower()
    assert [secret for secret in SECRETS if json.dumps(secret)[1:-1].lower() in left] == []
    assert not receipt.is_clean
    assert "docs/team.md says what its administrator can do" in receipt.caution


def everything(world: World, table: str) -> list[tuple[object, ...]]:
    return list(execute(world.location, f'SELECT * FROM "{table}"'))


def test_nobody_else_loses_anything(world: World) -> None:
    twins = Twins(world)
    before = dump(world)
    zeb = filled(world)
    forget(world, zeb)
    after = dump(world)
    for table in set(before) - {"journal", "setting", "attribute", "inbox"}:
        mine = [row for row in after[table] if row not in before[table]]
        assert [row for row in before[table] if row not in after[table]] == [], table
        # Their webhooks are known by their keys for some days, and say nothing.
        assert mine == [] or table == "provider_event", (table, mine)
    assert twins.texts(twins.amara)


def test_events_of_others_that_hold_the_address_in_a_longer_number_or_as_their_own_words_stay(world: World) -> None:
    bot = world.inbox("Bot", Channel.TELEGRAM, "shop_support_bot")
    world.hears(bot, "hello", "4242", profile="Zeb")
    world.hears(bot, "my order is 4242", "94242", profile="Ann")
    world.reported(bot, Delivery.READ, sid="94242")
    zeb = world.owner(bot, "4242")
    kept = [row for row in dump(world)["provider_event"] if "94242" in str(row) or "order" in str(row)]
    assert len(kept) == 2
    world.reported(bot, Delivery.READ, sid="chat-4242")
    forget(world, zeb)
    left = dump(world)["provider_event"]
    assert [row for row in kept if row not in left] == []
    assert not [row for row in left if "chat-4242" in str(row)]


def test_what_will_go_and_what_remains_is_said_and_a_receipt_names_nobody(world: World) -> None:
    zeb = filled(world)
    going = world.store.call_read(forgetting.preview, zeb)
    assert (going.messages, going.threads, going.notes, going.drafts, going.files, going.waiting) == (5, 3, 2, 2, 1, 2)
    assert going.goes.startswith(
        "the contact, 5 messages, 3 threads, 4 addresses, 2 notes, 2 drafts, 1 file, 2 saved views that name them"
    )
    assert "backups and exports made before" in going.remains
    receipt = forget(world, zeb)
    assert (receipt.gone, receipt.forgotten_by, receipt.forgotten_at) == (going, KIM, world.clock())
    assert not [secret for secret in SECRETS if secret in repr(receipt)]
    (entry,) = world.store.call_read(queue.written, "Kim", 10, zeb)
    assert (entry.words, entry.agent, entry.name) == ("forgotten", KIM, "")


def test_an_opt_out_is_remembered_by_this_store_alone(world: World, tmp_path: Path) -> None:
    zeb = filled(world)
    world.hears(world.shop, "STOP", NUMBER)
    assert world.store.call_read(forgetting.preview, zeb).opt_outs == 1
    forget(world, zeb)
    assert found(world) == []
    again = world.store.call(people_edit.create, KIM, PersonEdit(name="Z", add_phones=(NUMBER,)), None).contact.id
    assert world.identity(again, Channel.SMS).opted_out_at == world.clock()
    assert world.identity(again, Channel.WHATSAPP).opted_out_at is None
    (tmp_path / "other").mkdir()
    other = World(tmp_path / "other")
    ann = other.person("Ann", NUMBER)
    other.store.call(contacts.set_opted_out, other.identity(ann, Channel.SMS).id, START)
    forget(other, ann)
    hashes = [dump(each)["forgotten_opt_out"] for each in (world, other)]
    assert hashes[0] != hashes[1], "the same number is another hash in another store"
    other.store.close()


def test_whoever_wants_messages_again_is_not_opted_out_by_an_older_hash(world: World) -> None:
    for word in ("STOP", "START"):
        ann = world.person()
        world.hears(world.shop, word)
        forget(world, ann)
    assert world.identity(world.person(), Channel.SMS).opted_out_at is None


def test_a_repeated_webhook_brings_nobody_back(world: World) -> None:
    ann = world.person()
    world.hears(world.shop, "hello", sid="SM7")
    forget(world, ann)
    world.hears(world.shop, "hello", sid="SM7")
    assert list(world.store.call_read(people.search, "hello", 5).ids) == []
    world.hears(world.shop, "somebody new, for all we know", sid="SM8")
    assert world.owner(world.shop) != ann


def test_what_is_told_later_of_their_messages_is_not_kept(world: World) -> None:
    ann = world.person()
    message = world.send(ann, world.shop, "hello")
    world.store.call(lambda session, _: messages.set_provider_id(session, message.id, "SM9"))
    forget(world, ann)
    before = dump(world)["provider_event"]
    world.reported(world.shop, Delivery.DELIVERED, sid="SM9", reference=message.uid)
    assert dump(world)["provider_event"] == before
    world.reported(world.shop, Delivery.DELIVERED, sid="SM10")
    assert len(dump(world)["provider_event"]) == len(before) + 1, "of others it waits for its message"


def test_while_a_message_is_on_its_way_nobody_is_forgotten(world: World) -> None:
    ann = world.person()
    world.send(ann, world.shop, "hello")
    held = update(OutboxRow).values(lease_owner="another", lease_until=START + timedelta(minutes=1))
    world.store.call(lambda session, _: session.execute(held))
    before = dump(world)
    with pytest.raises(BadInput, match="being sent right now"):
        forget(world, ann)
    assert dump(world) == before


def test_a_file_that_another_message_has_stays(world: World) -> None:
    media = attached(world, b"for both")
    ann, ben = world.person(), world.person("Ben", "+12025550177")
    for contact_id in (ann, ben):
        identity = world.identity(contact_id, Channel.SMS)
        message = NewMessage(f"u{contact_id}", "look", (media,), author=KIM)
        world.store.call(messaging.send, identity.id, world.shop.id, message)
    forget(world, ann)
    assert [path.read_bytes() for path in world.store.files.iterdir()] == [b"for both"]
    forget(world, ben)
    assert list(world.store.files.iterdir()) == []


def test_a_file_that_can_not_be_removed_is_named_in_the_receipt(world: World) -> None:
    ann = world.person()
    media = attached(world, b"theirs")
    message = NewMessage("u1", "look", (media,), author=KIM)
    world.store.call(messaging.send, world.identity(ann, Channel.SMS).id, world.shop.id, message)
    (copy,) = world.store.files.iterdir()
    copy.unlink()
    (copy / "in the way").mkdir(parents=True)
    receipt = forget(world, ann)
    assert receipt.gone.messages == 1 and not receipt.is_clean
    assert f"remove {copy} (" in receipt.caution
    with pytest.raises(NotFound):
        forget(world, ann)


def test_somebody_split_off_before_stays(world: World) -> None:
    ann = world.person("Ann", "+12025550142", "+12025550143")
    world.hears(world.shop, "from the other number", "+12025550143")
    known = world.store.call_read(lambda session, _: contacts.identities(session, ann))
    entry = world.store.call(merging.split, known[-1].id, author=KIM)
    forget(world, ann)
    assert world.store.call_read(people.card, entry.other_id) is not None
    assert [message.body for message in world.thread(entry.other_id)] == ["from the other number"]


def test_nobody_gets_their_id_and_there_is_no_undo(world: World) -> None:
    ann = world.person()
    forget(world, ann)
    assert world.person("Ben") != ann
    with pytest.raises(NotFound, match="nothing to undo"):
        world.store.call(queue.undo, KIM)
    (entry,) = world.store.call_read(queue.written, "Kim", 5, ann)
    with pytest.raises(BadInput, match="for good"):
        world.store.call(queue.undo, KIM, entry.batch)
    with pytest.raises(NotFound, match="no longer in the store"):
        forget(world, ann)


def test_the_program_writes_nothing_of_them_into_its_log(world: World, caplog: Any) -> None:
    with caplog.at_level("DEBUG", logger="contacts_tui"):
        forget(world, filled(world))
    assert not [secret for secret in SECRETS if secret in caplog.text]
