"""Gaps: who notices that something may have been missed, from when to when, and at which inboxes."""

import asyncio
import os
import socket
from datetime import timedelta

import pytest

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.gap import Gap, Reason
from contacts_tui.domain.inbox import Inbox
from contacts_tui.services import gaps, inboxes
from contacts_tui.services.errors import BadInput
from contacts_tui.services.workers import heartbeat, polling
from contacts_tui.services.workers.heartbeat import LEASE, Attendance
from contacts_tui.store import gaps as stored
from tests.other_program import execute
from tests.sandbox.driver import until
from tests.services.world import World

HOST = socket.gethostname()
ENDED = f"{HOST}/{2**22 + 1}/dead"
"""A process of this machine that can't be there."""
ELSEWHERE = "another-machine/7/abcd"


def sign(world: World, owner: str) -> bool:
    """Let a receiver give a heartbeat. Return whether a gap was noted."""
    return world.store.call(heartbeat.beat, owner, {})


def found(world: World, inbox: Inbox | None = None) -> list[tuple[Reason, float, float]]:
    """Return the open gaps of an inbox (the shop's): why, and since and until how many seconds ago."""
    now = world.clock()
    rows: tuple[Gap, ...] = world.store.call_read(gaps.of_inbox, (inbox or world.shop).id)
    return [(gap.reason, (now - gap.since).total_seconds(), (now - gap.until).total_seconds()) for gap in rows]


def close_all(world: World) -> None:
    """Close every open gap, as if all was caught up."""
    for gap in world.store.call_read(lambda session, _: stored.open_gaps(session)):
        assert world.store.call(stored.close, gap)


def test_the_first_receiver_asks_for_what_came_since_the_inbox_was_connected(world: World) -> None:
    world.clock.forward(minutes=10)
    assert sign(world, "here/1/a")
    assert found(world) == [(Reason.STOPPED, 600, 0)]
    assert found(world, world.whatsapp) == [(Reason.STOPPED, 600, 0)]


def test_a_receiver_that_goes_on_misses_nothing(world: World) -> None:
    sign(world, ELSEWHERE)
    close_all(world)
    for _ in range(5):
        world.clock.forward(seconds=4)
        assert not sign(world, ELSEWHERE)
    assert found(world) == []


def test_a_receiver_that_stood_still_misses_what_came_meanwhile(world: World) -> None:
    sign(world, ELSEWHERE)
    close_all(world)
    world.clock.forward(minutes=3)
    assert sign(world, ELSEWHERE)
    assert found(world) == [(Reason.STALLED, 180, 0)]


def test_a_receiver_that_ended_in_order_leaves_a_gap_however_short(world: World) -> None:
    sign(world, ELSEWHERE)
    close_all(world)
    world.store.call(heartbeat._leave, ELSEWHERE)
    world.clock.forward(seconds=2)
    assert sign(world, "another-machine/8/efgh")
    assert found(world) == [(Reason.STOPPED, 2, 0)]


def test_a_receiver_that_was_killed_is_missed_at_once_on_its_machine(world: World) -> None:
    sign(world, ENDED)
    close_all(world)
    world.clock.forward(seconds=1)
    assert sign(world, heartbeat.new_owner())
    assert found(world) == [(Reason.STOPPED, 1, 0)]


def test_a_receiver_that_was_killed_elsewhere_is_missed_when_its_signs_stay_out(world: World) -> None:
    sign(world, ELSEWHERE)
    sign(world, "here/2/b")
    close_all(world)
    for _ in range(3):
        world.clock.forward(seconds=4)
        assert not sign(world, "here/2/b")
    world.clock.forward(seconds=1)
    assert sign(world, "here/2/b")
    assert found(world) == [(Reason.STOPPED, 13, 0)]
    close_all(world)
    assert not sign(world, "here/2/b")


def test_a_second_receiver_that_begins_beside_the_first_misses_nothing(world: World) -> None:
    sign(world, ELSEWHERE)
    close_all(world)
    world.clock.forward(seconds=3)
    assert not sign(world, "here/2/b")
    assert found(world) == []


def test_a_process_with_our_own_number_and_another_name_has_ended() -> None:
    assert heartbeat.is_gone(f"{HOST}/{os.getpid()}/of-before")
    assert not heartbeat.is_gone(heartbeat.new_owner())
    assert not heartbeat.is_gone(f"{HOST}/{os.getppid()}/x")
    assert not heartbeat.is_gone(ELSEWHERE)
    assert not heartbeat.is_gone("")


def test_a_clock_put_back_is_a_gap_and_no_receiver_for_hours(world: World) -> None:
    world.clock.forward(hours=3)
    sign(world, ELSEWHERE)
    close_all(world)
    world.clock.forward(hours=-2)
    assert sign(world, ELSEWHERE)
    assert [reason for reason, *_ in found(world)] == [Reason.STALLED]


def test_gaps_of_one_inbox_grow_together(world: World) -> None:
    sign(world, ELSEWHERE)
    world.clock.forward(minutes=1)
    sign(world, ELSEWHERE)
    assert found(world) == [(Reason.STOPPED, 60, 0)]
    now = world.clock()
    early = now - timedelta(seconds=90)
    assert world.store.call(gaps.refused, {world.shop.id: (early, now), 4711: (early, now)})
    assert found(world) == [(Reason.STOPPED, 60, 0)], "not before it was connected"


def test_an_inbox_connected_later_misses_nothing_of_before(world: World) -> None:
    sign(world, ELSEWHERE)
    close_all(world)
    world.clock.forward(seconds=30)
    late = world.inbox("Returns", Channel.SMS, "+12025550102")
    world.clock.forward(seconds=30)
    sign(world, ELSEWHERE)
    assert found(world, late) == [(Reason.STALLED, 30, 0)]


def test_a_disconnected_inbox_misses_nothing(world: World) -> None:
    sign(world, ELSEWHERE)
    world.store.call(inboxes.put_aside, "Kim", world.shop.id)
    assert found(world) == []
    world.clock.forward(minutes=5)
    sign(world, ELSEWHERE)
    assert found(world) == []
    assert found(world, world.whatsapp) != []


@pytest.mark.parametrize(
    ("channel", "options", "kept"),
    [
        (Channel.MESSENGER, {"app_secret": "env:APP"}, timedelta(days=7)),
        (Channel.TELEGRAM, {"receive": "webhook"}, timedelta(hours=24)),
    ],
)
def test_what_a_provider_keeps_no_longer_is_lost_and_somebody_takes_note(
    world: World, channel: Channel, options: dict[str, str], kept: timedelta
) -> None:
    address = "1234567890" if channel is Channel.MESSENGER else "shop_support_bot"
    inbox = world.inbox("Other", channel, address, options=options)
    sign(world, ELSEWHERE)
    world.store.call(heartbeat._leave, ELSEWHERE)
    world.clock.forward(seconds=kept.total_seconds() - 60)
    sign(world, ELSEWHERE)
    assert found(world, inbox) == []
    world.store.call(heartbeat._leave, ELSEWHERE)
    world.clock.forward(seconds=kept.total_seconds() + 3600)
    sign(world, ELSEWHERE)
    assert found(world, inbox) == [(Reason.EXPIRED, kept.total_seconds() + 3600, kept.total_seconds())]
    (noted,) = world.store.call(gaps.acknowledge, [inbox], "Kim")
    assert found(world, inbox) == []
    kept_row = world.store.call_read(lambda session, _: stored.get(session, noted.id))
    assert kept_row is not None
    assert (kept_row.closed_by, kept_row.is_lost) == ("Kim", True)


def test_a_bot_that_nobody_polled_for_days_has_lost_what_telegram_kept_no_longer(world: World) -> None:
    bot = world.inbox("Bot", Channel.TELEGRAM, "shop_support_bot")
    world.store.call(gaps.provider_answered, bot.id)
    world.clock.forward(hours=23)
    world.store.call(gaps.provider_answered, bot.id)
    assert found(world, bot) == []
    world.clock.forward(hours=30)
    sign(world, ELSEWHERE)
    assert found(world, bot) == [], "a receiver is not who asks"
    world.store.call(gaps.provider_answered, bot.id)
    assert found(world, bot) == [(Reason.EXPIRED, 30 * 3600, 24 * 3600)]
    assert polling.LEASE == LEASE


def test_only_a_provider_that_lists_can_be_caught_up_with_by_hand(world: World) -> None:
    bot = world.inbox("Bot", Channel.TELEGRAM, "shop_support_bot")
    with pytest.raises(BadInput, match="has no list"):
        world.store.call(gaps.asked, bot, None)
    with pytest.raises(BadInput, match="in the past"):
        world.store.call(gaps.asked, world.shop, world.clock())
    world.clock.forward(hours=1)
    world.store.call(gaps.asked, world.shop, world.clock() - timedelta(minutes=30))
    assert found(world) == [(Reason.ASKED, 1800, 0)]


@pytest.mark.parametrize("column", ["channel", "provider"])
def test_what_an_inbox_of_a_newer_version_missed_is_left_to_that_version(world: World, column: str) -> None:
    sign(world, ELSEWHERE)
    close_all(world)
    execute(world.location, f"UPDATE inbox SET {column} = 'hologram' WHERE id = {world.shop.id}")
    world.clock.forward(minutes=5)
    sign(world, ELSEWHERE)
    shop = world.store.call_read(inboxes.get, world.shop.id)
    assert shop is not None and found(world, shop) == []
    with pytest.raises(BadInput, match="has no list"):
        world.store.call(gaps.asked, shop, None)
    assert found(world, world.whatsapp) != []


async def test_what_could_not_be_told_is_told_with_a_later_sign(world: World) -> None:
    stop = asyncio.Event()
    attendance = Attendance(world.store)
    attending = asyncio.ensure_future(attendance.run(stop))
    await asyncio.wait_for(attendance.noted.wait(), 10)
    close_all(world)
    attendance.noted.clear()
    began = world.clock()
    world.clock.forward(seconds=5)
    attendance.refuse(world.shop.id, began, world.clock())
    await until(lambda: bool(found(world)))
    assert found(world) == [(Reason.REFUSED, 5, 0)]
    assert found(world, world.whatsapp) == []
    stop.set()
    await attending
