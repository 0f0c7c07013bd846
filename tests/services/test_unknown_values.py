"""A newer version on the same store has written what this one doesn't know: it is skipped or shown, and left alone."""

import asyncio
from functools import partial

import pytest
from sqlmodel import Session

from contacts_tui.channels import connectors
from contacts_tui.channels.base import Accepted, OutcomeUnknown
from contacts_tui.channels.registry import Adapters
from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.delivery import Delivery, advance
from contacts_tui.domain.unknown_values import is_known, member
from contacts_tui.domain.view import BUILT_IN
from contacts_tui.services import delivery, health, inboxes, merging, messaging, people, reachability, threads, views
from contacts_tui.services.errors import ServiceError
from contacts_tui.services.workers import outbox
from contacts_tui.services.workers.background import work
from contacts_tui.store import change_feed, contacts, templates
from contacts_tui.store import outbox as rows
from tests.other_program import execute
from tests.services.world import World, people_in

ENUMS = {
    "change.kind": "UPDATE change SET kind = 'hologram'",
    "message.status": "UPDATE message SET status = 'hologram' WHERE direction = 'out'",
    "message.direction": "UPDATE message SET direction = 'hologram'",
    "inbox.channel": "UPDATE inbox SET channel = 'hologram' WHERE id = 1",
    "inbox.provider": "UPDATE inbox SET provider = 'hologram' WHERE id = 1",
    "identity.channel": "UPDATE identity SET channel = 'hologram' WHERE channel = 'sms'",
    "attempt.outcome": "UPDATE attempt SET outcome = 'hologram'",
    "template.approval": "UPDATE template SET approval = 'hologram'",
    "provider_event.delivery": "UPDATE provider_event SET delivery = 'hologram', status = 'hologram'",
    "outbox.task": "UPDATE outbox SET task = 'hologram'",
    "trouble.source": "INSERT INTO trouble (inbox_id, source, code, at) VALUES (1, 'hologram', 'x', 1)",
    "merge.kind": "UPDATE merge SET kind = 'hologram'",
    "inbox.options receive": 'UPDATE inbox SET options = \'{"receive": "hologram"}\'',
}
JSON = {
    f"{table}.{column} = {value}": f"UPDATE {table} SET {column} = '{value}'"
    for table, columns in {
        "contact": ("emails", "tags"),
        "inbox": ("options",),
        "message": ("media",),
        "template": ("media", "buttons", "samples"),
        "provider_event": ("media", "raw"),
        "merge": ("kept_before", "kept_after", "other", "moved", "stayed", "strangers"),
    }.items()
    for column in columns
    for value in ("[1, null, {}]", '{"new": {"shape": 1}}', "not JSON", "7", '[{"url": 3, "later": true}]')
} | {
    f"message.template = {value}": f"UPDATE message SET template = '{value}'"
    for value in ('{"sid": "HX1", "later": 1}', "[]", "broken", '{"variables": [1]}')
}


@pytest.fixture
def world(location: str) -> World:
    """Return a world whose store has rows of every kind."""
    made = World(location)
    ann, ben = made.person(), made.person("Ann L", "+12025550199")
    made.template()
    made.hears(made.whatsapp, "hello")
    for result in (Accepted("SM1", Delivery.SENT), OutcomeUnknown("timeout", "")):
        message = made.send(ann, made.shop, "an answer")
        (job,) = made.store.call(outbox.take, "tests", 1)
        made.store.call(delivery.record, message.id, job.attempt, result)
    made.reported(made.shop, Delivery.DELIVERED, sid="SM1")
    made.reported(made.shop, Delivery.DELIVERED, sid="SM9")
    made.store.call(merging.merge, ann, ben, author="Kim")
    made.send(ann, made.shop, "still waits")
    return made


def _templates(session: Session, clock: Clock, inbox_id: int) -> object:
    return templates.listed(session, inbox_id)


def read_everything(world: World) -> None:
    """Call every reader, as screens and commands do."""
    read = world.store.call_read
    for view in BUILT_IN:
        read(people.rows, people_in(world.store, view.name))
    read(views.counts, [view.filter for view in BUILT_IN], "Kim")
    everybody = people_in(world.store)
    for contact_id in everybody:
        read(people.card, contact_id)
        read(reachability.channels, contact_id)
        for channel in Channel:
            read(reachability.routes, contact_id, channel)
        found = world.thread(contact_id)
        shown = read(threads.views, [message.id for message in found])
        assert len(shown) == len(found)
        for message in found:
            read(messaging.ledger, message.id)
    for inbox in read(inboxes.listed):
        read(partial(_templates, inbox_id=inbox.id))
    read(health.listed)
    read(health.senders_together)
    read(merging.journal, 50)
    read(lambda s, _: change_feed.since(s, 0, 500))
    read(partial(rows.is_due, carried=connectors.limits()))
    read(lambda s, _: contacts.by_email(s, "a@example.com"))


NO_JSON = {name: statement for name, statement in JSON.items() if name.endswith(("not JSON", "broken"))}
"""Statements that PostgreSQL refuses."""
READABLE = {name: statement for name, statement in (ENUMS | JSON).items() if name not in NO_JSON}


@pytest.mark.parametrize("statement", READABLE.values(), ids=READABLE)
def test_no_reader_is_stopped(world: World, statement: str) -> None:
    _stops_nobody(world, statement)


@pytest.mark.engine("sqlite")
@pytest.mark.parametrize("statement", NO_JSON.values(), ids=NO_JSON)
def test_no_reader_is_stopped_by_what_is_no_json(world: World, statement: str) -> None:
    _stops_nobody(world, statement)


def _stops_nobody(world: World, statement: str) -> None:
    execute(world.location, statement)
    read_everything(world)
    world.clock.forward(hours=1)
    world.store.call(outbox.take, "tests", 16)
    world.hears(world.shop, "and I write again")
    world.reported(world.shop, Delivery.READ, sid="SM1")
    read_everything(world)


def test_a_message_whose_status_is_not_known_is_shown_and_never_sent_or_retried(world: World) -> None:
    execute(world.location, "UPDATE message SET status = 'held' WHERE body = 'still waits'")
    world.clock.forward(hours=1)
    message = world.thread(world.owner(world.shop))[-1]
    assert all(job.message_id != message.id for job in world.store.call(outbox.take, "tests", 16) if not job.reconciles)
    assert message.status is not None
    assert world.message(message.id).status == message.status == "held"
    with pytest.raises(ServiceError):
        world.store.call(messaging.retry, message.id)


def test_a_report_moves_no_status_that_is_not_known() -> None:
    held = member(Delivery, "held")
    assert not is_known(held)
    assert advance(held, Delivery.DELIVERED) == "held"
    assert advance(Delivery.SENT, held) is Delivery.SENT


@pytest.mark.parametrize("column", ["channel", "provider"])
def test_an_inbox_that_is_not_known_is_shown_and_not_used(world: World, column: str) -> None:
    execute(world.location, f"UPDATE inbox SET {column} = 'hologram' WHERE id = {world.shop.id}")
    assert "Shop" in [each.inbox.name for each in world.store.call_read(health.listed)]
    world.clock.forward(hours=1)
    assert world.store.call(outbox.take, "tests", 16) == ()


async def test_followers_hear_of_a_change_that_is_not_known(world: World) -> None:
    following = world.store.follow()
    execute(world.location, "INSERT INTO change (at, kind, contact_id) VALUES (1, 'hologram', 1)")
    async with asyncio.timeout(20):
        assert [change.kind for change in await anext(following)] == [ChangeKind.EVERYTHING]
    execute(world.location, "INSERT INTO change (at, kind, contact_id) VALUES (1, 'contact', 1)")
    async with asyncio.timeout(20):
        assert [change.kind for change in await anext(following)] == [ChangeKind.CONTACT]


@pytest.mark.engine("sqlite")
async def test_the_feed_goes_on_after_whatever_stops_it(world: World, caplog: pytest.LogCaptureFixture) -> None:
    following = world.store.follow()
    execute(world.location, "INSERT INTO change (at, kind, contact_id) VALUES ('a text', 'contact', 1)")
    async with asyncio.timeout(20):
        while "the change feed" not in caplog.text:
            await asyncio.sleep(0.01)
    execute(world.location, "UPDATE change SET at = 1 WHERE at = 'a text'")
    async with asyncio.timeout(20):
        assert [change.kind for change in await anext(following)] == [ChangeKind.CONTACT]


async def test_what_goes_on_beside_the_interface_goes_on(world: World, caplog: pytest.LogCaptureFixture) -> None:
    execute(world.location, "UPDATE inbox SET provider = 'hologram'")
    adapters, stop = Adapters(), asyncio.Event()
    working = asyncio.create_task(work(world.store, adapters, stop, print))
    following = world.store.follow()
    execute(world.location, "INSERT INTO change (at, kind) VALUES (1, 'inbox')")
    await anext(following)
    stop.set()
    await working
    await adapters.aclose()
    assert "Traceback" not in caplog.text
