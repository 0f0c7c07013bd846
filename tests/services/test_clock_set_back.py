"""A wrong clock is set back, by an hour, a day or a little: nothing waits until its old time comes again."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session

from contacts_tui.channels import connectors
from contacts_tui.channels.base import Accepted, NotSent, OutcomeUnknown, PermissionChanged
from contacts_tui.domain import rate_limits, window
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import SKEW, Clock, furthest, is_over, is_past
from contacts_tui.domain.delivery import Delivery
from contacts_tui.services import delivery, inbound, media, messaging, store_care
from contacts_tui.services.health import listed
from contacts_tui.services.inboxes import polling_lease
from contacts_tui.services.workers import heartbeat, maintenance, outbox, polling, profile_names, withholding
from contacts_tui.store import conversations, inboxes, leases
from contacts_tui.store import outbox as work
from contacts_tui.store.store import Store
from tests.other_program import execute
from tests.services.world import ACCOUNT as ACCOUNT
from tests.services.world import START, MovableClock, World

BACK = [timedelta(minutes=2), timedelta(minutes=59, seconds=55), timedelta(hours=1), timedelta(days=1)]
LITTLE = SKEW - timedelta(seconds=1)
"""A second less than the clocks of two machines may differ."""
back = pytest.mark.parametrize("by", BACK, ids=str)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def claimed(world: World, owner: str = "tests") -> list[str]:
    """Claim what is due as an outbox does, and return the texts."""
    return [job.outgoing.body for job in world.store.call(outbox.take, owner, 16)]


def fails(world: World, result: NotSent | OutcomeUnknown) -> None:
    """Claim the next message, and record this result of its attempt."""
    (job,) = world.store.call(outbox.take, "tests", 1)
    world.store.call(delivery.record, job.message_id, job.attempt, result)


@back
def test_a_message_written_before_is_sent_and_so_is_the_next_one(world: World, by: timedelta) -> None:
    ann = world.person()
    world.send(ann, world.shop, "before")
    world.clock.now -= by
    world.send(ann, world.shop, "after")
    assert not world.store.call_read(lambda session, clock: work.next_due(session, clock) is None)
    assert world.store.call_read(work.is_due, connectors.limits())
    assert claimed(world) == ["before"]


@pytest.mark.parametrize("stored", [2**63 - 1, 2**62, -(2**63)])
def test_a_time_beyond_all_times_is_read_and_holds_nothing_up(world: World, stored: int) -> None:
    ann = world.person()
    world.send(ann, world.shop, "hello")
    execute(world.location, "UPDATE outbox SET not_before = ?", stored)
    execute(world.location, "UPDATE message SET at = ?", stored)
    execute(world.location, "UPDATE conversation SET last_message_at = ?, window_until = ?", stored, stored)
    assert claimed(world) == ["hello"]
    (message,) = world.thread(ann)
    assert message.at.astimezone().year in (2, 9998)


@back
def test_the_pace_of_a_sender_holds_nothing_up(world: World, by: timedelta) -> None:
    for number in range(10):
        world.send(world.person(f"Person {number}", f"+1202555{number:04}"), world.shop, f"number {number}")
    jobs = world.store.call(outbox.take, "tests", 16)
    assert len(jobs) == rate_limits.BURST
    for job in jobs:
        world.store.call(delivery.record, job.message_id, job.attempt, Accepted(f"SM{job.message_id}", Delivery.SENT))
    world.clock.now -= by
    assert claimed(world) == ["number 8", "number 9"]


@back
def test_the_pause_of_one_chat_holds_nothing_up(world: World, by: timedelta) -> None:
    bot = world.inbox("Bot", Channel.TELEGRAM, "shop_bot")
    world.hears(bot, "hello", "42")
    sam = world.owner(bot, "42")
    first = world.send(sam, bot, "one")
    assert claimed(world) == ["one"]
    world.store.call(lambda session, clock: work.done(session, first.id))
    world.clock.now -= by
    world.send(sam, bot, "two")
    assert claimed(world) == ["two"]


@back
@pytest.mark.parametrize("retry_after", [None, timedelta(minutes=5)])
def test_the_pause_after_a_failure_holds_nothing_up(world: World, by: timedelta, retry_after: timedelta | None) -> None:
    message = world.send(world.person(), world.shop, "again")
    fails(world, NotSent("no_connection", "", retry_after))
    assert claimed(world) == []
    world.clock.now -= by
    due_at = world.store.call_read(work.due_at, message.id)
    assert due_at is not None
    assert due_at <= world.clock.now
    assert claimed(world) == ["again"]


@back
def test_a_rate_limit_holds_up_no_sender(world: World, by: timedelta) -> None:
    world.send(world.person(), world.shop, "too fast")
    fails(world, NotSent("20429", "", timedelta(minutes=5), rate_limited=True))
    world.clock.now -= by
    world.send(world.person("Ben", "+12025550143"), world.shop, "another")
    assert claimed(world) == ["too fast", "another"]


@back
def test_a_look_for_evidence_is_taken_at_its_time(world: World, by: timedelta) -> None:
    world.send(world.person(), world.shop, "did it arrive?")
    fails(world, OutcomeUnknown("timeout", ""))
    world.clock.now -= by
    (job,) = world.store.call(outbox.take, "tests", 1)
    assert job.reconciles


@back
def test_a_retry_by_an_agent_long_after_the_first_try_does_not_wait(world: World, by: timedelta) -> None:
    message = world.send(world.person(), world.shop, "once more")
    fails(world, NotSent("no_connection", ""))
    world.clock.forward(days=3)
    for _ in range(delivery.MOST_TRIES - 1):
        world.clock.forward(minutes=10)
        fails(world, NotSent("no_connection", ""))
    world.clock.forward(days=3)
    world.store.call(messaging.retry, message.id)
    world.clock.now -= by
    assert claimed(world) == ["once more"]


@back
def test_the_lease_of_an_outbox_that_died_runs_out(world: World, by: timedelta) -> None:
    message = world.send(world.person(), world.shop, "hello")
    assert claimed(world, "one that dies") == ["hello"]
    assert world.store.call_read(work.is_held, message.id)
    world.clock.now -= by
    assert not world.store.call_read(work.is_held, message.id)
    assert claimed(world) == []
    assert world.message(message.id).status is Delivery.UNKNOWN


def test_an_outbox_never_takes_what_it_is_at_work_on(world: World) -> None:
    message = world.send(world.person(), world.shop, "hello")
    assert claimed(world) == ["hello"]
    world.clock.now -= timedelta(hours=1)
    assert world.store.call(outbox.take, "tests", 16, {}, (message.id,)) == ()
    assert world.message(message.id).status is Delivery.SENDING


@pytest.mark.parametrize("apart", [-LITTLE, LITTLE])
def test_a_live_lease_is_not_taken_by_a_process_whose_clock_is_a_little_off(world: World, apart: timedelta) -> None:
    other = Store.open(world.location, lambda: world.clock.now + apart)
    message = world.send(world.person(), world.shop, "hello")
    (job,) = world.store.call(outbox.take, "tests", 16)
    assert other.call(outbox.take, "another", 16) == ()
    assert world.store.call_read(withholding.held_back, "tests", [job]) == {}
    assert world.store.call(leases.take, "poll 1", "tests", polling.LEASE) == ""
    assert other.call(leases.take, "poll 1", "another", polling.LEASE) is None
    assert world.message(message.id).status is Delivery.SENDING
    other.close()


@back
def test_a_lease_of_the_future_is_no_lease(world: World, by: timedelta) -> None:
    name = polling_lease(world.shop.id)
    assert world.store.call(leases.take, name, "one that dies", polling.LEASE) == ""
    world.clock.now -= by
    assert not world.store.call_read(leases.is_held_by, name, "one that dies", polling.LEASE)
    assert world.store.call(leases.take, name, "tests", polling.LEASE) == ""


@back
def test_a_receiver_of_the_future_does_not_count_as_there(world: World, by: timedelta) -> None:
    world.store.call(leases.take, heartbeat.RECEIVER, "host/1/x", heartbeat.LEASE)
    assert world.store.call_read(listed)[0].receiving.holder == "host/1"
    world.clock.now -= by
    assert world.store.call_read(listed)[0].receiving.holder == ""


@back
def test_names_are_asked_for_again(world: World, by: timedelta) -> None:
    page = world.inbox("Page", Channel.MESSENGER, "1042", options={"app_secret": "env:APP"})
    world.hears(page, "hello", "77")
    asked = world.store.call(profile_names.take, None)
    assert asked is not None
    assert not world.store.call_read(profile_names.is_anybody, None)
    world.clock.now -= by
    assert world.store.call_read(profile_names.is_anybody, None)


@back
def test_templates_are_fetched_again(world: World, by: timedelta) -> None:
    world.template()
    assert world.store.call_read(maintenance.due_for_sync) == ()
    world.clock.now -= by
    assert world.store.call_read(maintenance.due_for_sync) == (world.whatsapp.id,)


@back
def test_what_was_heard_and_sent_last_is_noted_again(world: World, by: timedelta) -> None:
    def note(session: Session, clock: Clock) -> None:
        inbox = inboxes.get(session, world.shop.id)
        assert inbox is not None
        inboxes.touch_received(session, clock, inbox)
        inboxes.touch_outbound(session, clock, inbox.id, clock())

    world.store.call(note)
    world.clock.now -= by
    world.store.call(note)
    inbox = world.store.call_read(lambda session, _: inboxes.get(session, world.shop.id))
    assert inbox is not None
    assert (inbox.heard_at, inbox.last_outbound_at) == (world.clock.now, world.clock.now)


@back
def test_the_store_is_tidied_again(world: World, by: timedelta) -> None:
    assert world.store.call(leases.take, maintenance.TIDYING, "one", maintenance.TIDY_FOR) == ""
    world.clock.now -= by
    assert world.store.call(leases.take, maintenance.TIDYING, "two", maintenance.TIDY_FOR) is not None


@back
def test_forward_and_back_a_message_leaves_at_once(world: World, by: timedelta) -> None:
    ann = world.person()
    world.clock.now += by
    world.send(ann, world.shop, "in a future that was none")
    fails(world, NotSent("no_connection", ""))
    world.clock.now -= by
    assert claimed(world) == ["in a future that was none"]


def test_the_rule() -> None:
    now, longest = START, timedelta(minutes=1)
    assert [is_over(now + ahead, now, longest) for ahead in (-longest, timedelta(), longest, longest + SKEW)] == [
        True,
        True,
        False,
        False,
    ]
    assert is_over(furthest(now, longest) + timedelta(microseconds=1), now, longest)
    assert is_past(now + SKEW, now)
    assert not is_past(now + SKEW + timedelta(microseconds=1), now)
    assert MovableClock()() == START
    assert longest < media.LINK_LIFE


@back
def test_who_writes_start_after_the_clock_was_set_back_is_written_to_again(world: World, by: timedelta) -> None:
    world.hears(world.shop, "STOP")
    ann = world.owner(world.shop)
    world.clock.now -= by
    world.hears(world.shop, "START")
    assert world.identity(ann, Channel.SMS).opted_out_at is None
    world.clock.forward(seconds=10)
    world.hears(world.shop, "STOP")
    assert world.identity(ann, Channel.SMS).opted_out_at == world.clock.now


@back
def test_who_blocked_a_bot_and_writes_again_has_blocked_it_no_more(world: World, by: timedelta) -> None:
    bot = world.inbox("Bot", Channel.TELEGRAM, "shop_bot")
    world.hears(bot, "hello", "42")
    sam = world.owner(bot, "42")
    blocked = PermissionChanged("42:member:1", "42", False, world.clock.now, {})
    world.store.call(inbound.apply, bot.id, [blocked])
    assert world.identity(sam, Channel.TELEGRAM).blocked_at is not None
    world.clock.now -= by
    world.hears(bot, "hello again", "42")
    assert world.identity(sam, Channel.TELEGRAM).blocked_at is None


@back
def test_a_window_that_the_provider_found_closed_opens_with_the_next_message(by: timedelta) -> None:
    now = START
    assert not window.is_open(now - timedelta(minutes=5), now, now)
    assert window.is_open(now - by, now - by, now)
    assert not window.is_open(now + timedelta(seconds=1), now + timedelta(seconds=1), now + SKEW)


def test_what_comes_after_the_clock_went_back_is_unread_and_can_be_read(world: World) -> None:
    ann = world.person()
    world.hears(world.shop, "before")
    world.clock.forward(hours=1)
    thread = world.thread(ann)[0].conversation_id
    world.store.call(messaging.mark_read, thread)
    world.clock.forward(hours=-1)
    world.hears(world.shop, "after")
    assert unread(world, thread) == 1
    world.store.call(messaging.mark_read, thread)
    assert unread(world, thread) == 0
    assert store_care.check(world.location) == ()


def unread(world: World, conversation_id: int) -> int:
    found = world.store.call_read(lambda session, _: conversations.get(session, conversation_id))
    assert found is not None
    return found.unread
