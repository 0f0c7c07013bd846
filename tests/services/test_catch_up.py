"""Catching up: a message that Twilio lists and no process received is received once, in order, whatever happens."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session

from contacts_tui.channels.base import Accepted, InboundMessage, StatusUpdate
from contacts_tui.channels.registry import Adapters
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock, utc_now
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.gap import Gap
from contacts_tui.domain.health import State
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.media import NO_TEXT
from contacts_tui.domain.message import Message
from contacts_tui.services import catch_up, delivery, gaps, health, inbound
from contacts_tui.services.catch_up import CatchUp
from contacts_tui.services.workers import heartbeat
from contacts_tui.store import attempts, leases, sql
from contacts_tui.store import gaps as stored
from contacts_tui.store.message_tables import ConversationRow
from tests.channels.wire import http
from tests.sandbox.conftest import empty as empty
from tests.sandbox.driver import ACCOUNT, SERVICE, TOKEN, Driver
from tests.services.world import ANN, World

SHOP, WA_SHOP, TWIN = "+12025550101", "whatsapp:+12025550101", "+12025550103"
_WINDOWS = sql.lookup(ConversationRow, (), "unread", "last_inbound_at", "window_until")
PICTURE = {"content_type": "image/png", "base64": b64encode(b"\x89PNG\r\n").decode(), "filename": "a.png"}


class Desk:
    """A store whose inboxes are at a sandbox that posts no webhook: everything is missed until it is fetched."""

    def __init__(self, world: World, sandbox: Driver) -> None:
        self.world = world
        self.sandbox = sandbox
        self.adapters = Adapters()
        self.began = utc_now()

    async def writes(self, body: str, *, ago: float = 10, sender: str = ANN, to: str = SHOP, **more: Any) -> str:
        """Write as a person, that many seconds ago, and return the message's id."""
        at = (datetime.now(UTC) - timedelta(seconds=ago)).isoformat()
        letter = {"from": sender, "to": to, "body": body, "at": at}
        return str((await self.sandbox.control("inbound", letter | more))["message_sid"])

    async def writes_at(self, at: datetime, body: str) -> str:
        """Write to the shop as Ann, at this time, and return the message's id."""
        letter = {"from": ANN, "to": SHOP, "body": body, "at": at.isoformat()}
        return str((await self.sandbox.control("inbound", letter))["message_sid"])

    def gap(self, inbox: Inbox | None = None, *, ago: float = 60) -> Gap:
        """Open a gap from that many seconds ago until now, at this inbox or the shop's, and return it."""
        inbox = inbox or self.world.shop
        return self.world.store.call(gaps.asked, inbox, utc_now() - timedelta(seconds=ago))

    async def closes(self, gap: Gap, worker: CatchUp | None = None) -> Gap:
        """Let this worker, or a new one, catch up on a gap, and return the gap as it is stored then."""
        await (worker or CatchUp(self.world.store, self.adapters)).work_on(gap.id, gap.inbox_id)
        return self.seen(gap)

    def seen(self, gap: Gap) -> Gap:
        """Return the gap as it is stored now."""
        found = self.world.store.call_read(gaps.get, gap.id)
        assert found is not None
        return found

    def thread(self, sender: str = ANN, inbox: Inbox | None = None) -> list[str]:
        """Return the texts of the messages with a person, in thread order."""
        return [message.body for message in self.whole(sender, inbox)]

    def whole(self, sender: str = ANN, inbox: Inbox | None = None) -> tuple[Message, ...]:
        """Return the messages with a person, in thread order."""
        return self.world.thread(self.world.owner(inbox or self.world.shop, sender))

    async def lists(self) -> list[str]:
        """Return the paths of the requests for lists and single messages, in the order of arrival."""
        asked = (await self.sandbox.look("requests"))["requests"]
        return [entry["path"] for entry in asked if entry["method"] == "GET" and "/Messages" in entry["path"]]


@pytest.fixture
async def desk(tmp_path: Path, empty: Driver, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    """Yield an SMS and a WhatsApp inbox at a sandbox with small pages, so that a list has several."""
    monkeypatch.setenv("TWILIO_TOKEN", TOKEN)
    senders = [{"account_sid": ACCOUNT, "address": address} for address in (SHOP, WA_SHOP)]
    in_service = [{"account_sid": ACCOUNT, "address": TWIN, "messaging_service_sid": SERVICE}]
    seed = {
        "accounts": [{"sid": ACCOUNT, "auth_token": TOKEN}],
        "senders": senders + in_service,
        "settings": {
            "page_size": {"messages": 3},
            "small_talk": False,
            "delays": {"sent": 0.02, "delivered": 0.02, "read": 0.02},
        },
    }
    await empty.control("seed", seed)
    world = World(tmp_path, utc_now, empty.base_url)
    made = Desk(world, empty)
    yield made
    await made.adapters.aclose()
    world.store.close()


async def test_what_was_missed_is_taken_in_in_its_order_and_at_its_time(desk: Desk) -> None:
    for number in range(8):
        await desk.writes(f"text {number}", ago=50 - number)
    gap = await desk.closes(desk.gap())
    assert (gap.taken, gap.closed_at is not None) == (8, True)
    assert desk.thread() == [f"text {number}" for number in range(8)]
    said = desk.whole()
    assert all(
        desk.began - timedelta(seconds=51) <= message.at <= utc_now() - timedelta(seconds=42) for message in said
    )
    assert [message.id for message in said] == sorted(message.id for message in said)
    again = await desk.closes(desk.gap())
    assert (again.taken, len(desk.whole())) == (0, 8)


async def test_what_was_written_within_one_second_keeps_its_order(desk: Desk) -> None:
    """Twilio's times are whole seconds: within one, the order is that of its list."""
    at = datetime.now(UTC) - timedelta(seconds=20)
    said = [f"{number:02d}" for number in range(10)]
    for body in said:
        await desk.writes_at(at, body)
    await desk.closes(desk.gap())
    assert desk.thread() == said


@pytest.mark.parametrize("by_webhook", [(0,), (3,), (9,), (2, 6), (0, 9), (1, 2, 3), (0, 2, 4, 6, 8)])
async def test_what_was_missed_stands_where_it_was_said_among_what_came_by_webhook(
    desk: Desk, by_webhook: tuple[int, ...]
) -> None:
    """All within one second, on pages of three. A webhook's time is exact."""
    second = datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=20)
    for number in range(10):
        sid = await desk.writes_at(second, f"{number}")
        if number in by_webhook:
            at = second + timedelta(milliseconds=100 * number)
            event = InboundMessage(sid, sid, ANN, f"{number}", (), "Ann", at, {})
            desk.world.store.call(inbound.apply, desk.world.shop.id, [event])
    await desk.closes(desk.gap())
    assert desk.thread() == [f"{number}" for number in range(10)]
    assert {message.at.replace(microsecond=0) for message in desk.whole()} == {second}


async def test_files_come_with_their_message(desk: Desk) -> None:
    await desk.writes("two pictures", media=[PICTURE, PICTURE])
    await desk.writes("", ago=9, media=[PICTURE])
    await desk.closes(desk.gap())
    first, second = desk.whole()
    assert [file.content_type for file in first.media] == ["image/png"] * 2
    assert (second.body, len(second.media)) == ("", 1)
    answer = await desk.sandbox.client.get(first.media[0].url, auth=(ACCOUNT, TOKEN))
    assert answer.content == b"\x89PNG\r\n"


async def test_what_has_no_words_is_named(desk: Desk) -> None:
    place = {"latitude": 1.5, "longitude": 2}
    await desk.writes("", sender=f"whatsapp:{ANN}", to=WA_SHOP, location=place)
    await desk.closes(desk.gap(desk.world.whatsapp))
    assert desk.thread(inbox=desk.world.whatsapp) == [NO_TEXT]


async def test_windows_and_unread_count_from_when_they_wrote(desk: Desk) -> None:
    world = desk.world
    await desk.writes("on WhatsApp", ago=7200, sender=f"whatsapp:{ANN}", to=WA_SHOP)
    await desk.closes(desk.gap(world.whatsapp, ago=3 * 3600))
    (message,) = desk.whole(inbox=world.whatsapp)
    ((unread, heard_at, open_until),) = world.store.call_read(lambda session, _: sql.several(session, _WINDOWS))
    assert (unread, heard_at) == (1, message.at.replace(microsecond=0))
    assert timedelta(hours=23) < open_until - heard_at <= timedelta(hours=24)


async def test_what_a_webhook_brought_before_is_left_as_it_is(desk: Desk) -> None:
    sid = await desk.writes("both ways")
    event = InboundMessage(sid, sid, ANN, "both ways", (), "Ann", utc_now(), {})
    desk.world.store.call(inbound.apply, desk.world.shop.id, [event])
    await desk.writes("missed", ago=5)
    gap = await desk.closes(desk.gap())
    assert (gap.taken, sorted(desk.thread())) == (1, ["both ways", "missed"])


async def test_webhook_and_list_at_once_bring_each_message_once(desk: Desk) -> None:
    sids = [await desk.writes(f"text {number}", ago=20) for number in range(12)]
    store, shop = desk.world.store, desk.world.shop

    async def webhook(number: int) -> None:
        event = InboundMessage(sids[number], sids[number], ANN, f"text {number}", (), "Ann", utc_now(), {})
        await store.run_grouped(inbound.apply, shop.id, [event])

    workers = [CatchUp(store, desk.adapters) for _ in range(2)]
    gap = desk.gap()
    await asyncio.gather(*(desk.closes(gap, worker) for worker in workers), *map(webhook, range(12)))
    while desk.seen(gap).closed_at is None:
        await desk.closes(gap)
    assert sorted(desk.thread()) == sorted(f"text {number}" for number in range(12))


@pytest.mark.parametrize("kind", ["rate_limit", "http_500", "drop_before", "drop_after"])
async def test_a_provider_in_trouble_is_asked_again_from_where_it_was(desk: Desk, kind: str) -> None:
    for number in range(9):
        await desk.writes(f"text {number}", ago=50 - number)
    await desk.sandbox.control("faults", {"when": "list", "kind": kind, "seconds": 7, "skip": 1})
    failed = await desk.closes(desk.gap())
    assert (failed.closed_at, failed.tries, bool(failed.cursor)) == (None, 1, True)
    assert failed.code == "unheard", "not the provider's own code, whose sentence speaks of sending"
    assert failed.not_before is not None
    pause = (failed.not_before - utc_now()).total_seconds()
    assert 5 < pause <= 7 if kind == "rate_limit" else 0 < pause <= 2
    found = next(each for each in desk.world.store.call_read(health.listed) if each.inbox.id == desk.world.shop.id)
    assert (found.state, found.troubles) == (State.MISSING, ())
    assert found.care.startswith("may be missing messages since ")
    assert found.care.endswith(": can't catch up yet")
    before = len(await desk.lists())
    gap = await desk.closes(failed)
    assert (gap.taken, gap.code) == (9, "")
    assert desk.thread() == [f"text {number}" for number in range(9)]
    assert len(await desk.lists()) - before == 2, "the page that failed, and the one that was left"


async def test_a_file_that_can_not_be_asked_for_holds_up_only_what_came_after_it(desk: Desk) -> None:
    await desk.writes("first", ago=50)
    await desk.sandbox.control("faults", {"when": "list", "kind": "http_500", "skip": 1})
    await desk.writes("picture", ago=40, media=[PICTURE])
    gap = await desk.closes(desk.gap())
    assert gap.closed_at is None
    gap = await desk.closes(gap)
    assert (gap.taken, desk.thread()) == (2, ["first", "picture"])


async def test_a_credential_that_is_refused_needs_care_and_then_it_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.writes("missed")
    monkeypatch.setenv("TWILIO_TOKEN", "another")
    gap = await desk.closes(desk.gap())
    found = next(each for each in desk.world.store.call_read(health.listed) if each.inbox.id == desk.world.shop.id)
    assert (gap.code, found.state, len(found.gaps)) == ("20003", State.TROUBLE, 1)
    monkeypatch.setenv("TWILIO_TOKEN", TOKEN)
    await desk.closes(gap)
    found = next(each for each in desk.world.store.call_read(health.listed) if each.inbox.id == desk.world.shop.id)
    assert (found.state, found.gaps, desk.thread()) == (State.LIVE, (), ["missed"])


async def test_words_count_in_the_order_in_which_they_were_said(desk: Desk) -> None:
    """A STOP that was missed doesn't undo a START that came in before it, nor the other way round."""
    world = desk.world
    await desk.writes("STOP", ago=50)
    await desk.writes("START", ago=40, sender="+12025550143")
    world.hears(world.shop, "START", at=utc_now() - timedelta(seconds=30))
    world.hears(world.shop, "STOP", "+12025550143", at=utc_now() - timedelta(seconds=20))
    await desk.closes(desk.gap())
    assert world.identity(world.owner(world.shop), Channel.SMS).opted_out_at is None
    assert world.identity(world.owner(world.shop, "+12025550143"), Channel.SMS).opted_out_at is not None


async def test_a_stop_that_was_missed_is_heeded_and_so_is_the_start_after_it(desk: Desk) -> None:
    world = desk.world
    sid = await desk.writes("STOP", ago=50)
    await desk.closes(desk.gap())
    (said,) = desk.whole()
    assert said.provider_id == sid
    assert world.identity(said.contact_id, Channel.SMS).opted_out_at == said.at
    await desk.writes("STOP", ago=45)
    await desk.writes("START", ago=44)
    await desk.closes(desk.gap())
    assert world.identity(said.contact_id, Channel.SMS).opted_out_at is None


async def test_a_messaging_service_receives_at_its_own_numbers_only(desk: Desk) -> None:
    world = desk.world
    service = world.inbox("Service", Channel.SMS, SERVICE)
    await desk.writes("to the twin", to=TWIN)
    await desk.writes("to the shop", sender="+12025550143")
    gap = await desk.closes(desk.gap(service))
    assert (gap.taken, desk.thread(inbox=service)) == (1, ["to the twin"])
    await desk.closes(desk.gap())
    assert desk.thread("+12025550143") == ["to the shop"]


async def test_a_number_in_a_service_that_has_an_inbox_of_its_own_brings_each_message_once(desk: Desk) -> None:
    world = desk.world
    service, twin = world.inbox("Service", Channel.SMS, SERVICE), world.inbox("Twin", Channel.SMS, TWIN)
    await desk.writes("once", to=TWIN)
    await asyncio.gather(desk.closes(desk.gap(service)), desk.closes(desk.gap(twin)))
    assert desk.thread(inbox=twin) == ["once"]


async def test_reports_that_were_missed_are_asked_for(desk: Desk) -> None:
    world = desk.world
    contact = world.person()
    sid = (await desk.sandbox.sent(To=ANN, From=SHOP, Body="hello"))["sid"]
    await desk.sandbox.ends(sid, "delivered")
    message = world.send(contact, world.shop, "hello")
    world.store.call(_sent, message.id, sid)
    gap = await desk.closes(desk.gap())
    assert gap.closed_at is not None
    assert world.message(message.id).status is Delivery.DELIVERED
    late = StatusUpdate(f"{sid}:delivered:", sid, "", Delivery.DELIVERED, "delivered", "", "", utc_now(), {})
    world.store.call(inbound.apply, world.shop.id, [late])
    assert world.message(message.id).status is Delivery.DELIVERED


async def test_a_gap_that_grows_while_it_is_worked_on_is_looked_through_again(desk: Desk) -> None:
    await desk.writes("early", ago=400)
    await desk.writes("late", ago=10)
    gap = desk.gap(ago=20)
    wide = desk.gap(ago=3600)
    assert wide.id == gap.id
    assert not desk.world.store.call(lambda session, clock: stored.close(session, clock, gap))
    done = await desk.closes(gap)
    assert done.closed_at is not None


async def test_what_lies_outside_of_the_gap_stays_where_it_is(desk: Desk) -> None:
    await desk.writes("of last week", ago=7 * 86_400)
    await desk.writes("long before", ago=3600)
    await desk.writes("missed")
    gap = await desk.closes(desk.gap())
    assert (gap.taken, desk.thread()) == (1, ["missed"])


async def test_a_place_in_the_list_that_is_not_known_any_more_is_no_dead_end(desk: Desk) -> None:
    await desk.writes("missed")
    gap = desk.gap()
    missing = f"{desk.sandbox.base_url}/2010-04-01/Accounts/{ACCOUNT}/Nothing.json"
    assert desk.world.store.call(lambda session, _: stored.keep_found(session, gap, [], [], missing))
    done = await desk.closes(gap)
    assert (done.taken, done.closed_at is not None) == (1, True)


async def test_a_worker_that_was_killed_leaves_its_gap_to_the_next_at_once(desk: Desk) -> None:
    await desk.writes("missed")
    gap, inbox_id = desk.gap(), desk.world.shop.id
    dead = f"{heartbeat.new_owner().split('/')[0]}/{2**22 + 1}/dead"
    desk.world.store.call(_take_lease, inbox_id, dead)
    assert (await desk.closes(gap)).closed_at is not None
    gap = desk.gap()
    desk.world.store.call(_take_lease, inbox_id, "another-machine/1/abc")
    assert (await desk.closes(gap)).closed_at is None


async def test_a_worker_that_lost_its_lease_while_it_asked_stores_nothing(desk: Desk) -> None:
    store = desk.world.store

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer with an empty list, and let another process take the gap before."""
        await reader.readuntil(b"\r\n\r\n")
        await store.run(leases.take_away, catch_up.lease_of(inbox.id))
        await store.run(_take_lease, inbox.id, "another-machine/1/abc")
        writer.write(http(200, b'{"messages": [], "next_page_uri": null}'))
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        inbox = desk.world.inbox("Other shop", Channel.SMS, TWIN, f"http://127.0.0.1:{port}")
        gap = await desk.closes(desk.gap(inbox))
    assert (gap.is_listed, gap.tries, gap.closed_at) == (False, 0, None)
    lease = store.call_read(lambda session, _: leases.named(session, catch_up.lease_of(inbox.id)))
    assert lease is not None
    assert lease.owner == "another-machine/1/abc"


def _take_lease(session: Session, clock: Clock, inbox_id: int, owner: str) -> None:
    assert leases.take(session, clock, catch_up.lease_of(inbox_id), owner, catch_up.LEASE) is not None


def _sent(session: Session, clock: Clock, message_id: int, sid: str) -> None:
    attempt = attempts.begin(session, clock, message_id)
    delivery.record(session, clock, message_id, attempt, Accepted(sid, Delivery.SENT))
