"""A send that takes long: no other process takes it for one whose outbox died."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from contacts_tui.channels.registry import Adapters
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.inbox import InboxForm
from contacts_tui.domain.limits import MEGABYTE
from contacts_tui.domain.message import AttemptOutcome, NewMessage
from contacts_tui.services import inboxes, media, messaging
from contacts_tui.services.workers import outbox
from contacts_tui.services.workers.heartbeat import is_gone
from contacts_tui.services.workers.outbox import Outbox
from contacts_tui.store import attempts as attempt_log
from contacts_tui.store.process_tables import OutboxRow
from contacts_tui.store.store import Store
from tests.channels.wire import http
from tests.patience import LIMIT
from tests.services.bots import BOT, BOT_TOKEN, SAM
from tests.services.world import World


class Gate:
    """A Telegram that begins to receive a file, and goes on when the test says so."""

    def __init__(self) -> None:
        self.requests = 0
        self.begun, self.opened = asyncio.Event(), asyncio.Event()

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request, once the test has opened the gate."""
        self.requests += 1
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            self.begun.set()
            await self.opened.wait()
            await reader.readexactly(int(head.partition("content-length:")[2].partition("\r\n")[0]))
            writer.write(http(200, json.dumps({"ok": True, "result": {"message_id": 77}})))
            await writer.drain()
        writer.close()


async def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition, with a deadline."""
    async with asyncio.timeout(LIMIT):
        while not condition():
            await asyncio.sleep(0.02)


async def test_a_send_that_outlasts_its_lease_keeps_its_claim(tmp_path: Path) -> None:
    gate, stop = Gate(), asyncio.Event()
    server = await asyncio.start_server(gate.handle, "127.0.0.1", 0)
    world = World(tmp_path)
    other = Store.open(world.location, world.clock)
    bot = world.store.call(
        inboxes.connect,
        "Kim",
        InboxForm(
            name="Bot",
            channel=Channel.TELEGRAM,
            address=BOT,
            account="",
            secret="env:BOT_TOKEN",
            base_url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}",
        ),
    )
    world.hears(bot, "Where is my film?", str(SAM))
    (tmp_path / "film.mp4").write_bytes(bytes(12 * MEGABYTE))
    message = world.store.call(
        messaging.send,
        world.identity(world.owner(bot, str(SAM)), Channel.TELEGRAM).id,
        bot.id,
        NewMessage(
            uid=messaging.new_uid(),
            author="Kim",
            media=(media.kept(world.store.files, str(tmp_path / "film.mp4"), bot),),
        ),
    )

    def held_until() -> datetime | None:
        return other.call_read(lambda session, _: session.get_one(OutboxRow, message.id).lease_until)

    def holder() -> str:
        return other.call_read(lambda session, _: session.get_one(OutboxRow, message.id).lease_owner)

    adapters, others = Adapters(lambda _: BOT_TOKEN), Adapters(lambda _: BOT_TOKEN)
    working = [asyncio.create_task(Outbox(world.store, adapters).run(stop))]
    try:
        await asyncio.wait_for(gate.begun.wait(), LIMIT)
        assert not is_gone(holder())
        begun_at = world.clock()
        working.append(asyncio.create_task(Outbox(other, others).run(stop)))
        while world.clock() < begun_at + outbox.LEASE:
            world.clock.now += outbox.LEASE * 2 / 3
            await until(lambda: held_until() == world.clock() + outbox.LEASE)
            assert other.call(outbox.take, "an outbox that looks for work", 8) == ()
        assert world.message(message.id).status is Delivery.SENDING
        gate.opened.set()
        await until(lambda: world.message(message.id).status is not Delivery.SENDING)
    finally:
        gate.opened.set()
        stop.set()
        await asyncio.gather(*working)
        for each in (adapters, others):
            await each.aclose()
        server.close()
    attempts = world.store.call_read(lambda session, _: attempt_log.of_message(session, message.id))
    assert (world.message(message.id).status, gate.requests) == (Delivery.SENT, 1)
    assert [attempt.outcome for attempt in attempts] == [AttemptOutcome.ACCEPTED]
    other.close()
    world.store.close()
