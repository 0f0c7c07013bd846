"""The demo's data: every state of the product is in it, and no real person."""

import csv
import re
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from contacts_tui.demo import documents, queue, seed, team
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import utc_now
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.file_types import HEAD, kind_of_bytes
from contacts_tui.domain.message import AttemptOutcome, Direction
from contacts_tui.domain.reachability import Reach
from contacts_tui.domain.views import ContactCard
from contacts_tui.paths import shipped_data
from contacts_tui.services import canned_replies, duplicates, media, messaging, notes, people, threads, views
from contacts_tui.store.store import Store
from tests.sandbox.conftest import empty as empty
from tests.sandbox.driver import Driver
from tests.services.world import people_in

FICTION = re.compile(
    r"\+1\d{3}55501\d\d|\+447700900\d{3}|\+442079460\d{3}|\+3363998\d{4}|\+467017406\d\d"
    r"|\+6149157\d{4}|\+3532091\d{5}|\+4917139200\d\d|\+549?110555\d{4}"
)
"""Numbers that their countries reserve for films and books."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Return the demo's store, as it begins."""
    made = Store.open(f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.db'}", utc_now)
    told = made.call(seed.seed, shipped_data(), agent="me", base_url="http://127.0.0.1:1", secrets=Path("/nowhere"))
    for conversation in told:
        made.call(seed.replay, conversation)
    made.call(team.gather, shipped_data())
    made.call(queue.work, shipped_data(), "Kim")
    return made


def card(store: Store, name: str) -> ContactCard:
    """Return the card of a person of the demo."""
    found = store.call_read(people.card, store.call_read(people.find, name).id)
    assert found is not None
    return found


def states(store: Store, name: str) -> dict[str, tuple[Reach, str]]:
    """Return for each channel whether and why the person can be reached on it."""
    return {state.channel.value: (state.reach, state.words) for state in card(store, name).channels}


def test_every_view_has_somebody(store: Store) -> None:
    assert len(people_in(store)) >= 60
    for view in store.call_read(views.listed):
        least = 1 if view.author else 3
        assert store.call_read(views.count, view.filter, "Kim") >= least, view.name
    assert len([view for view in store.call_read(views.listed) if view.author and view.key]) == 2


def test_who_waits_has_not_been_answered_on_any_channel(store: Store) -> None:
    rows = store.call_read(people.rows, people_in(store, "Waiting"))
    last = {row.name: row.last_direction for row in rows}
    assert last["Carla Núñez"] is Direction.IN
    assert all(row.waiting_since is not None and utc_now() - row.waiting_since < timedelta(days=7) for row in rows)


def test_agents_have_canned_replies_and_noted_things_down(store: Store) -> None:
    replies = {reply.name for reply in store.call_read(canned_replies.listed, "me")}
    assert {"ready", "opening hours"} <= replies
    amara = card(store, "Amara Okafor")
    (note,) = store.call_read(notes.of_person, amara.contact.id)
    assert (note.author, utc_now() - note.at > timedelta(days=5)) == ("Noor", True)


def test_every_state_of_a_channel_is_there(store: Store) -> None:
    assert states(store, "Amara Okafor")["whatsapp"][0] is Reach.OPEN
    assert states(store, "Dmitri Volkov")["sms"][0] is Reach.OPEN
    assert states(store, "Rosa Martínez")["sms"] == (Reach.CLOSED, "opted out")
    assert states(store, "Tariq Aziz")["sms"] == (Reach.CLOSED, "number can't be reached")
    assert states(store, "Farid Haddad")["telegram"] == (Reach.CLOSED, "never wrote to us")
    assert states(store, "Farid Haddad")["messenger"] == (Reach.CLOSED, "never wrote to us")
    assert states(store, "Leila Ben Amor")["telegram"] == (Reach.OPEN, "open")
    assert states(store, "Viktor Szabó")["telegram"] == (Reach.CLOSED, "blocked")
    assert states(store, "Camille Lefèvre")["messenger"] == (Reach.OPEN, "23 h 45 m left")
    assert states(store, "Daniela Popescu")["messenger"] == (Reach.TAGGED, "human agent tag")
    assert states(store, "Marco Bianchi")["sms"] == (Reach.CLOSED, "no number")
    assert states(store, "Carla Núñez")["whatsapp"][1].endswith("left")
    assert people_in(store, "Closing soon")[0] == card(store, "Carla Núñez").contact.id


def test_every_status_is_there(store: Store) -> None:
    seen = {
        view.message.status
        for contact_id in people_in(store)
        for view in store.call_read(threads.timeline, contact_id, limit=300).messages
    }
    assert seen >= {None, Delivery.SENT, Delivery.DELIVERED, Delivery.READ, Delivery.FAILED, Delivery.UNKNOWN}


def test_a_message_that_timed_out_on_telegram_is_there(store: Store) -> None:
    eero = card(store, "Eero Virtanen").contact.id
    message = store.call_read(threads.timeline, eero).messages[-1].message
    assert (message.channel, message.status, message.error_code) == (Channel.TELEGRAM, Delivery.UNKNOWN, "timeout")
    ledger = store.call_read(messaging.ledger, message.id)
    assert ledger is not None
    assert [attempt.outcome for attempt in ledger.attempts] == [AttemptOutcome.UNKNOWN]


def test_a_long_thread_is_there_and_all_of_it_is_read(store: Store) -> None:
    grace = card(store, "Grace Kim").contact.id
    page = store.call_read(threads.timeline, grace, limit=500)
    assert len(page.messages) == 300
    (row,) = store.call_read(people.rows, [grace])
    assert row.unread == 0


def test_times_end_shortly_before_now(store: Store) -> None:
    (row,) = store.call_read(people.rows, people_in(store)[:1])
    assert row.name == "Amara Okafor"
    assert row.last_at is not None
    assert 60 < (utc_now() - row.last_at).total_seconds() < 600


def test_two_pairs_may_be_one_person(store: Store) -> None:
    pairs = {pair.reason: {pair.contact.name, pair.other.name} for pair in store.call_read(duplicates.suggestions)}
    assert pairs == {
        "same email yuki.tanaka@example.com": {"Yuki Tanaka", "Y. Tanaka"},
        "perhaps the same number: +54 11 0555 0142 and +54 9 11 0555 0142": {"Lucía Fernández", "Lu Fernández"},
    }


def test_somebody_known_by_a_number_writes_on_telegram_too(store: Store) -> None:
    (stranger,) = (
        one for one in store.call_read(duplicates.candidates, card(store, "Wanjiru Kamau").contact.id, "wanjiru", 9)
    )
    assert (stranger.contact.name, {one.channel for one in stranger.identities}) == ("Wanjiru K.", {Channel.TELEGRAM})


async def test_the_sandbox_gives_out_every_file_that_ever_came(tmp_path: Path, empty: Driver) -> None:
    data = shipped_data()
    for name, credential in documents.credentials(data, "demo-token").items():
        (tmp_path / name).write_text(credential)
        (tmp_path / name).chmod(0o600)
    await empty.control("seed", documents.sandbox_document(data, "demo-token"))
    store = Store.open(f"sqlite:///{tmp_path / 'demo.db'}", utc_now)
    told = await store.run(seed.seed, data, agent="me", base_url=empty.base_url, secrets=tmp_path)
    channels, kinds = set(), set()
    for conversation in told:
        await store.run(seed.replay, conversation)
        contact_id = conversation.identity.contact_id
        for view in (await store.read(threads.timeline, contact_id)).messages:
            for file in view.message.media:
                (saved,) = await media.save(store, view.message.id, folder=tmp_path)
                channels.add(view.message.channel)
                kinds.add(kind_of_bytes(saved.read_bytes()[:HEAD]))
                assert kind_of_bytes(saved.read_bytes()[:HEAD]) == file.content_type
                assert saved.stat().st_size == file.size
    assert channels == set(Channel)
    assert kinds == {"image/jpeg", "image/png", "image/webp", "application/pdf", "audio/ogg"}


def test_nobody_has_a_real_number() -> None:
    data = shipped_data()
    numbers = [row[key] for row in _rows(data) for key in ("phone", "phone2") if row[key]]
    numbers += [
        entry["address"] for entry in documents.read(data, "inboxes.json") if Channel(entry["channel"]).by_phone
    ]
    numbers += [entry["number"] for entry in documents.read(data, "customers.json") if "number" in entry]
    for number in numbers:
        assert FICTION.fullmatch(number.replace(" ", "")), number


def test_whoever_answers_is_one_of_the_people() -> None:
    data = shipped_data()
    names = {row["name"] for row in _rows(data)}
    for entry in documents.read(data, "conversations.json"):
        assert entry["with"] in names or "chat" in entry
    names |= {person["name"] for person in documents.read(data, "unprompted.json")["people"]}
    names |= {entry["with"] for entry in documents.read(data, "conversations.json")}
    for entry in documents.read(data, "customers.json"):
        assert entry["name"] in names or "number" in entry


def test_what_people_do_of_their_own_accord_has_a_bit_of_everything() -> None:
    found = documents.happenings(shipped_data())
    assert {happening.path for happening in found} == {"inbound", "telegram/inbound", "graph/inbound"}
    kinds = {kind for happening in found for kind in happening.document}
    assert kinds >= {"text", "body", "photo", "voice", "media", "attachments", "postback", "location", "contact"}
    photos = [happening.document["photo"] for happening in found if "photo" in happening.document]
    # Telegram turns every photo into a JPEG.
    assert {photo["content_type"] for photo in photos} == {"image/jpeg"}
    for before, happening in pairwise(found):
        if happening.edits:
            assert before.document.keys() == happening.document.keys()
            assert before.path == happening.path != "inbound"
    assert not found[0].edits


def _rows(data: Path) -> list[dict[str, str]]:
    with (data / "people.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
