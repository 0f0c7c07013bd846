"""What is sent later: kept until its time, changed, cancelled, undone, and checked again when it leaves."""

import asyncio
from datetime import datetime, timedelta

import pytest

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Message, NewMessage
from contacts_tui.services import messaging, people, queue, scheduled, store_care, threads
from contacts_tui.services.errors import BadInput, NotFound
from contacts_tui.services.queue import Done
from contacts_tui.services.workers import outbox as worker
from contacts_tui.services.workers.waking import keep_waking
from tests import patience
from tests.services.world import World

LATER = timedelta(hours=2)


def schedule(
    world: World, contact_id: int, text: str = "Later", after: timedelta = LATER, channel: Channel = Channel.WHATSAPP
) -> tuple[Message, Done]:
    inbox = {Channel.WHATSAPP: world.whatsapp, Channel.SMS: world.shop}[channel]
    new = NewMessage(messaging.new_uid(), text, author="Kim", due=world.clock() + after)
    return world.store.call(scheduled.schedule, world.identity(contact_id, channel).id, inbox.id, new)


def draft(world: World, contact_id: int) -> str:
    return world.store.call_read(messaging.draft, world.identity(contact_id, Channel.WHATSAPP).id, world.whatsapp.id)


def taken(world: World) -> list[str]:
    """Release what is due, claim it as an outbox does, and return the texts."""
    world.store.call(scheduled.release)
    return [job.outgoing.body for job in world.store.call(worker.take, "a", 16)]


def waits_since(world: World, contact_id: int) -> datetime | None:
    entry = world.store.call_read(queue.entry, contact_id)
    assert entry is not None
    return entry.waiting_since


def due(world: World, contact_id: int) -> list[tuple[str, datetime, bool]]:
    found = world.store.call_read(scheduled.listed, contact_id)
    return [(one.message.body, one.due_at, one.wrote_since) for one in found]


@pytest.fixture
def ann(world: World) -> int:
    contact_id = world.person()
    world.hears(world.whatsapp, "Hello")
    world.clock.forward(minutes=1)
    return contact_id


def test_it_leaves_at_its_time_and_not_before_and_is_no_answer_until_then(world: World, ann: int) -> None:
    message, _ = schedule(world, ann)
    asked = waits_since(world, ann)
    assert asked is not None
    world.clock.forward(hours=1, minutes=59)
    assert taken(world) == []
    assert world.message(message.id).status is Delivery.SCHEDULED
    (view,) = world.store.call_read(threads.views, [message.id])
    assert view.due_at == message.at + LATER
    world.clock.forward(minutes=1)
    assert taken(world) == ["Later"]
    left = world.message(message.id)
    assert (left.status, left.at) == (Delivery.SENDING, world.clock())
    assert waits_since(world, ann) is None
    assert due(world, ann) == []
    assert store_care.check(world.location) == ()


def test_what_is_written_meanwhile_goes_before_it(world: World, ann: int) -> None:
    schedule(world, ann)
    world.send(ann, world.whatsapp, "Now")
    assert taken(world) == ["Now"]


def test_nothing_hastens_it(world: World, ann: int) -> None:
    schedule(world, ann)
    assert world.store.call(messaging.send_at_once, "Kim") == ()
    assert taken(world) == []


def test_the_process_that_ends_loses_nothing(world: World, ann: int) -> None:
    schedule(world, ann)
    world.store.close()
    again = type(world.store).open(world.location, world.clock)
    world.clock.forward(hours=3)
    again.call(scheduled.release)
    assert [job.outgoing.body for job in again.call(worker.take, "b", 16)] == ["Later"]
    again.close()


def test_who_wrote_since_waits_on_when_it_leaves(world: World, ann: int) -> None:
    schedule(world, ann)
    assert due(world, ann) == [("Later", world.clock() + LATER, False)]
    world.clock.forward(hours=1)
    at = world.clock()
    world.hears(world.whatsapp, "Cancel my order!")
    assert due(world, ann)[0][2]
    world.clock.forward(hours=1)
    assert taken(world) == ["Later"]
    assert waits_since(world, ann) == at


def test_the_window_that_will_have_closed_is_told_and_nothing_is_stored(world: World, ann: int) -> None:
    with pytest.raises(BadInput, match=r"closed by then: it ends Wed 18 November .* Choose an earlier"):
        schedule(world, ann, after=timedelta(hours=24))
    assert due(world, ann) == []
    with pytest.raises(BadInput, match="is over"):
        schedule(world, ann, after=-LATER)
    schedule(world, ann, after=timedelta(hours=23))


def test_what_the_rules_forbid_when_it_leaves_fails_with_its_sentence(world: World, ann: int) -> None:
    message, _ = schedule(world, ann, channel=Channel.SMS)
    world.hears(world.shop, "STOP")
    world.clock.forward(hours=2)
    assert taken(world) == []
    (view,) = world.store.call_read(threads.views, [message.id])
    assert view.message.status is Delivery.FAILED
    assert view.failure is not None
    assert "asked us to stop" in view.failure.sentence


def test_text_and_time_are_changed_and_that_is_undone(world: World, ann: int) -> None:
    message, _ = schedule(world, ann)
    before = due(world, ann)
    at = world.clock() + timedelta(hours=5)
    done = world.store.call(scheduled.change, "Noor", message.id, text="Even later", due=at)
    assert due(world, ann) == [("Even later", at, False)]
    assert done.words == "scheduled message to Ann Lee changed"
    assert world.store.call_read(people.search, "even later", 10).ids != ()
    with pytest.raises(BadInput, match="closed by then"):
        world.store.call(scheduled.change, "Noor", message.id, due=world.clock() + timedelta(hours=30))
    with pytest.raises(BadInput, match="nothing to send"):
        world.store.call(scheduled.change, "Noor", message.id, text=" ")
    world.store.call(queue.undo, "Noor", done.batch)
    assert due(world, ann) == before


def test_cancelled_its_text_is_a_draft_and_an_undo_schedules_it_again(world: World, ann: int) -> None:
    message, _ = schedule(world, ann)
    before = due(world, ann)
    done = world.store.call(scheduled.cancel, "Kim", message.id)
    assert (due(world, ann), draft(world, ann)) == ([], "Later")
    assert [each.body for each in world.thread(ann)] == ["Hello"]
    with pytest.raises(NotFound, match="isn't scheduled"):
        world.store.call(scheduled.cancel, "Kim", message.id)
    assert world.store.call(queue.undo, "Kim", done.batch).words == "undone: scheduled message to Ann Lee cancelled"
    assert (due(world, ann), draft(world, ann)) == (before, "")
    assert store_care.check(world.location) == ()


def test_scheduling_is_undone_from_the_journal_unless_it_left(world: World, ann: int) -> None:
    _, done = schedule(world, ann)
    world.store.call(queue.undo, "Kim")
    assert (due(world, ann), draft(world, ann)) == ([], "Later")
    _, done = schedule(world, ann)
    world.clock.forward(hours=2)
    assert taken(world) == ["Later"]
    assert "nothing was undone" in world.store.call(queue.undo, "Kim", done.batch).words


def test_what_was_cancelled_is_not_scheduled_for_a_time_that_is_over(world: World, ann: int) -> None:
    message, _ = schedule(world, ann)
    done = world.store.call(scheduled.cancel, "Kim", message.id)
    world.clock.forward(hours=3)
    with pytest.raises(BadInput, match="is over"):
        world.store.call(queue.undo, "Kim", done.batch)
    assert due(world, ann) == []


async def test_a_running_process_queues_what_is_due(world: World, ann: int) -> None:
    message, _ = schedule(world, ann)
    world.clock.forward(hours=2)
    stop = asyncio.Event()
    waking = asyncio.ensure_future(keep_waking(world.store, stop))
    async with asyncio.timeout(patience.LIMIT):
        while world.message(message.id).status is not Delivery.QUEUED:
            await asyncio.sleep(0.01)
    stop.set()
    await waking
