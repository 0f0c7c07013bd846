"""Requests that arrive together are stored together; where one fails, each is run once more, and nothing shows that."""

import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from sqlmodel import Session

from contacts_tui.channels.base import (
    Echo,
    Event,
    InboundMessage,
    MessageEdited,
    PassedOver,
    PermissionChanged,
    StatusUpdate,
    Watermark,
)
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Media
from contacts_tui.domain.opt_out import OptWord
from contacts_tui.services import inbound
from contacts_tui.store import messages
from contacts_tui.store.store import Store
from tests.services.twins import AMARA_NUMBER, CHAT, PSID, Twins, dump
from tests.services.world import World
from tests.store.test_group_commit import gathered

_UID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_OF_ONE_STORE = {"setting", "change"}
"""Tables with random keys of each store, or with numbers that are never assigned again."""


def events(twins: Twins) -> list[tuple[int, Sequence[Event]]]:
    """Return everything that a provider can tell, each in a request of its own to one of the inboxes."""
    world, bot, page = twins.world, twins.bot.id, twins.page.id
    shop, now = world.shop.id, world.clock()
    photo = Media("https://api.twilio.com/photo", "image/jpeg", "", 0)
    sent = world.send(twins.amara, world.shop, "is it there?")
    world.store.call(lambda session, _: messages.set_provider_id(session, sent.id, "SM9"))

    def heard(key: str, sender: str, body: str, opts: OptWord | None = None) -> InboundMessage:
        return InboundMessage(key, key, sender, body, (photo,), "Ann", now, {"Body": body}, opts=opts)

    return [
        (shop, [heard("SM1", "+12025550177", "hello"), heard("SM2", AMARA_NUMBER, "STOP", OptWord.STOP)]),
        (shop, [heard("SM1", "+12025550177", "hello")]),
        (shop, [heard("SM3", AMARA_NUMBER, "please write to me no more"), heard("SM4", AMARA_NUMBER, "START")]),
        (shop, [StatusUpdate("SM9:sent", "SM9", sent.uid, Delivery.SENT, "sent", "", "", now, {})]),
        (shop, [StatusUpdate("SM9:failed", "SM9", sent.uid, Delivery.FAILED, "failed", "30003", "", now, {})]),
        (shop, [StatusUpdate("SM8:sent", "SM8", "", Delivery.SENT, "sent", "", "", now, {})]),
        (bot, [heard("42:1", CHAT, "first"), MessageEdited("42:1:e", "42:1", "changed", None, now, {})]),
        (bot, [MessageEdited("42:2:e", "42:2", "before it came", (), now, {}, taken_back=True)]),
        (bot, [heard("42:2", CHAT, "second"), PermissionChanged("42:m", CHAT, False, now + timedelta(hours=1), {})]),
        (page, [Echo("echo", "m_1", PSID, "", "from elsewhere", (), now, {}), PassedOver("p", "poll", now, {})]),
        (page, [Watermark("read", PSID, Delivery.READ, now + timedelta(seconds=1), {}), heard("m_2", PSID, "yes")]),
        (page, [Echo("echo 2", "m_3", "777", "", "to a stranger", (photo,), now, {}), PassedOver("", "app", now, {})]),
    ]


async def test_what_is_run_again_leaves_what_it_leaves_when_it_is_run_once(tmp_path: Path) -> None:
    found = []
    for runs in (1, 2):
        (tmp_path / str(runs)).mkdir()
        world = World(tmp_path / str(runs))
        for inbox_id, together in events(Twins(world)):
            assert await stored(world.store, inbox_id, together, is_refused_first=runs == 2) == runs
        found.append({table: _UID.sub("", "\n".join(rows)) for table, rows in dump(world).items()})
        world.store.close()
    once, twice = found
    assert "is it there?" in once["message"]
    assert "to a stranger" in once["message"]
    for table in once.keys() - _OF_ONE_STORE:
        assert twice[table] == once[table], table


async def stored(store: Store, inbox_id: int, together: Sequence[Event], *, is_refused_first: bool) -> int:
    """Store the events of a request as a receiver does, beside another request, and return how often they ran."""
    runs = []

    def apply(session: Session, clock: Clock) -> None:
        runs.append(session)
        inbound.apply(session, clock, inbox_id, together)

    def neighbour(session: Session, clock: Clock) -> None:
        if is_refused_first:
            raise LookupError("on purpose")

    ours, other = await gathered(store, (apply,), (neighbour,))
    assert ours is None
    assert isinstance(other, LookupError) == is_refused_first
    return len(runs)
