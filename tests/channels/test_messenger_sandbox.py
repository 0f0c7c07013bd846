"""Messenger over real HTTP: the outbox's real adapter, the sandbox's Graph API, and webhooks to a real receiver."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from contacts_tui.channels.base import Accepted, OutgoingFile, Refused, WebhookKind, webhook_url
from contacts_tui.channels.meta.webhook import verify_token
from contacts_tui.channels.registry import Adapters, explain
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.clock import utc_now
from contacts_tui.domain.contact import ContactChange, Identity
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.inbox import Inbox, InboxForm
from contacts_tui.domain.message import Message, NewMessage
from contacts_tui.services import inboxes, messaging
from contacts_tui.services.errors import Refused as NotAllowed
from contacts_tui.services.workers import profile_names
from contacts_tui.services.workers.outbox import Outbox
from contacts_tui.services.workers.profile_names import Namer, pause_after
from contacts_tui.store import contacts
from contacts_tui.store.store import Store
from tests.channels.messenger_world import (
    APP,
    APP_SECRET,
    PAGE,
    PAGE_TOKEN,
    PSID,
    MessengerWorld,
    messenger_world,
    resolve,
    to_ann,
)
from tests.channels.test_receiver import desk_of
from tests.sandbox.driver import Driver, eventually, until
from tests.services.world import MovableClock, World


@dataclass
class Shop:
    """A store whose page is connected to the sandbox, with Ann as the person."""

    world: World
    sandbox: Driver
    page: Inbox

    async def happens(self, path: str = "graph/inbound", **what: Any) -> dict[str, Any]:
        """Let Ann, or someone at the page, do something; assert that the receiver accepted it."""
        told = await self.sandbox.control(path, {"page": PAGE, "psid": PSID, **what})
        assert told["receiver_status"] == 200
        return told

    def ann(self) -> Identity:
        """Return Ann's identity."""
        found = self.world.store.call_read(
            lambda session, _: contacts.find_identity(session, Channel.MESSENGER, PSID, self.page.id)
        )
        assert found is not None
        return found

    def write(self, text: str, *, human_agent: bool = False) -> Message:
        """Answer as the agent, and return the message."""
        return self.world.store.call(
            messaging.send,
            self.ann().id,
            self.page.id,
            NewMessage(uid=messaging.new_uid(), author="Kim", body=text, human_agent=human_agent),
        )

    def status(self, message: Message) -> Delivery | None:
        """Return the present status of a message of ours."""
        return self.world.message(message.id).status

    async def kinds(self) -> list[tuple[str, str | None]]:
        """Return messaging type and tag of each message of ours that the sandbox accepted."""
        found = (await self.sandbox.look("messages"))["messages"]
        forms = [dict(message["form"]) for message in found if message["direction"].startswith("outbound")]
        return [(form["messaging_type"], form.get("tag")) for form in forms]

    def thread(self) -> list[tuple[str, str]]:
        """Return direction and text of each message with Ann."""
        return [(message.direction.value, message.body) for message in self.world.thread(self.ann().contact_id)]


@pytest.fixture
async def shop(tmp_path: Path, sandbox: Driver) -> AsyncIterator[Shop]:
    """Yield receiver and outbox on one store, and a page at the sandbox that posts to the receiver."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    public_url = f"http://127.0.0.1:{port}"
    world, adapters, stop = World(tmp_path, clock=utc_now), Adapters(resolve), asyncio.Event()
    page = world.store.call(
        inboxes.connect,
        "Kim",
        InboxForm(
            name="Page",
            channel=Channel.MESSENGER,
            address=PAGE,
            account=APP,
            secret="env:PAGE_TOKEN",
            base_url=sandbox.base_url,
            options={"app_secret": "env:APP_SECRET"},
            human_agent=True,
        ),
    )
    hook = webhook_url(public_url, page.id, WebhookKind.INBOUND)
    await sandbox.control("graph/apps", {"id": APP, "secret": APP_SECRET, "require_proof": True})
    known = {"id": PAGE, "app_id": APP, "access_token": PAGE_TOKEN, "human_agent": True, "webhook_url": hook}
    await sandbox.control("graph/pages", {**known, "verify_token": verify_token(APP_SECRET, page.id)})
    await sandbox.control("graph/people", {"page": PAGE, "psid": PSID, "first_name": "Ann", "reads": True})
    async with desk_of(world, adapters, public_url=public_url, port=port):
        working = asyncio.create_task(Outbox(world.store, adapters).run(stop))
        yield Shop(world, sandbox, page)
        stop.set()
        await working
    world.store.close()


async def test_the_webhook_is_confirmed(shop: Shop) -> None:
    assert (await shop.sandbox.control("graph/subscribe", {"page": PAGE}))["verified"]


async def test_a_conversation_goes_there_and_back(shop: Shop) -> None:
    await shop.happens(text="¿Está el azul? 🙂")
    answer = shop.write("Sí & no")
    await until(lambda: shop.status(answer) is Delivery.READ)
    assert shop.thread() == [("in", "¿Está el azul? 🙂"), ("out", "Sí & no")]
    await shop.happens(postback={"title": "Buy", "payload": "BUY"})
    await shop.happens("graph/outbound", text="from the page's own inbox")
    assert shop.thread()[2:] == [("in", "Buy"), ("out", "from the page's own inbox")]


@pytest.mark.parametrize("kind", ["hang", "drop_after", "http_500_after"])
async def test_a_lost_answer_is_settled_by_the_echo_and_nothing_goes_twice(shop: Shop, kind: str) -> None:
    await shop.happens(text="hello")
    await shop.sandbox.control("faults", {"when": "graph", "kind": kind})
    answer = shop.write("just once")
    await until(lambda: shop.status(answer) in (Delivery.SENT, Delivery.DELIVERED, Delivery.READ))
    found = (await shop.sandbox.look("messages"))["messages"]
    assert [message["body"] for message in found if message["direction"].startswith("outbound")] == ["just once"]
    assert shop.thread() == [("in", "hello"), ("out", "just once")]


async def test_an_echo_may_come_before_the_answer(shop: Shop) -> None:
    await shop.happens(text="hello")
    await shop.sandbox.control("settings", {"echo_first": True})
    answer = shop.write("hi Ann")
    await until(lambda: shop.status(answer) is Delivery.READ)
    assert shop.thread() == [("in", "hello"), ("out", "hi Ann")]


async def test_the_provider_knows_better_when_the_window_is_closed(shop: Shop) -> None:
    await shop.happens(text="hello")
    await shop.sandbox.control("graph/windows", {"page": PAGE, "psid": PSID, "last_inbound_at": "2026-01-01T00:00:00Z"})
    answer = shop.write("too late")
    await until(lambda: shop.status(answer) is Delivery.FAILED)
    assert shop.world.message(answer.id).error_code == "10/2018278"
    with pytest.raises(NotAllowed):
        shop.write("and again")


def ago(**span: int) -> str:
    """Return a past time, as the sandbox reads it."""
    return (utc_now() - timedelta(**span)).isoformat()


async def test_complaint_10_human_agent_is_for_after_the_24_hours_and_never_the_default(shop: Shop) -> None:
    await shop.happens(text="hello", at=ago(hours=30))
    with pytest.raises(NotAllowed) as refused:
        shop.write("as plain text")
    assert refused.value.state.words == "human agent tag"
    assert "7 days: 5 d 17 h left; a person must write it" in refused.value.state.reason
    tagged = shop.write("written by a person", human_agent=True)
    await until(lambda: shop.status(tagged) is Delivery.READ)
    await shop.happens(text="I am back")
    inside = shop.write("inside the 24 hours", human_agent=True)
    await until(lambda: shop.status(inside) is Delivery.READ)
    assert await shop.kinds() == [("MESSAGE_TAG", "HUMAN_AGENT"), ("RESPONSE", None)]
    assert [shop.world.message(each.id).human_agent for each in (tagged, inside)] == [True, False]


async def test_complaint_10_a_page_without_the_permission_is_refused_the_tag_and_that_is_told(shop: Shop) -> None:
    await shop.happens(text="hello", at=ago(hours=30))
    known = {"id": PAGE, "app_id": APP, "access_token": PAGE_TOKEN, "human_agent": False}
    await shop.sandbox.control("graph/pages", known)
    tagged = shop.write("written by a person", human_agent=True)
    await until(lambda: shop.status(tagged) is Delivery.FAILED)
    code = shop.world.message(tagged.id).error_code
    assert code == "10"
    assert "isn't allowed to send this" in explain(Provider.META, code).happened


async def test_complaint_10_a_retry_inside_the_24_hours_goes_without_the_tag(shop: Shop) -> None:
    await shop.happens(text="hello", at=ago(hours=30))
    await shop.sandbox.control("graph/people", {"page": PAGE, "psid": PSID, "unavailable": True})
    tagged = shop.write("written by a person", human_agent=True)
    await until(lambda: shop.status(tagged) is Delivery.FAILED)
    await shop.sandbox.control("graph/people", {"page": PAGE, "psid": PSID})
    await shop.happens(text="I am back")
    shop.world.store.call(messaging.retry, tagged.id)
    await until(lambda: shop.status(tagged) is Delivery.DELIVERED)
    assert await shop.kinds() == [("RESPONSE", None)]


def name_of(shop: Shop) -> str:
    """Return Ann's name in the list of people."""
    contact = shop.world.store.call_read(lambda session, _: contacts.get(session, shop.ann().contact_id))
    assert contact is not None
    return contact.name


@pytest.fixture
async def namers(shop: Shop) -> AsyncIterator[None]:
    """Run two processes that ask for names."""
    adapters, stop = Adapters(resolve), asyncio.Event()
    running = [asyncio.create_task(Namer(shop.world.store, adapters).run(stop)) for _ in range(2)]
    await asyncio.sleep(0)
    yield
    stop.set()
    await asyncio.gather(*running)
    await adapters.aclose()


async def asked(shop: Shop) -> list[str]:
    """Return the path of each request for Ann's profile."""
    requests = (await shop.sandbox.look("requests"))["requests"]
    return [request["path"] for request in requests if request["path"].endswith(f"/{PSID}")]


@pytest.mark.usefixtures("namers")
async def test_a_newcomer_gets_the_name_of_their_profile_asked_for_once(shop: Shop) -> None:
    known = {"page": PAGE, "psid": PSID, "first_name": "Ann", "last_name": "Ünal"}
    await shop.sandbox.control("graph/people", known)
    await shop.happens(text="hello")
    await until(lambda: name_of(shop) == "Ann Ünal")
    assert shop.ann().profile_name == "Ann Ünal"
    await shop.happens(text="and again")
    await until(lambda: len(shop.thread()) == 2)
    assert len(await asked(shop)) == 1


@pytest.mark.usefixtures("namers")
async def test_a_profile_that_cannot_be_had_costs_nothing_but_the_name(shop: Shop) -> None:
    await shop.sandbox.control("faults", {"when": "graph_ask", "kind": "http_500"})
    await shop.happens(text="hello")
    before = name_of(shop)
    answer = shop.write("hi")
    await until(lambda: shop.status(answer) is Delivery.READ)
    assert len(await asked(shop)) == 1
    assert name_of(shop) == before
    assert shop.thread() == [("in", "hello"), ("out", "hi")]


@asynccontextmanager
async def later(shop: Shop, clock: MovableClock, look_every: float = 60.0) -> AsyncIterator[Store]:
    """Run a process that asks for names by a clock of its own, and yield its store."""
    store, adapters, stop = Store.open(shop.world.location, clock), Adapters(resolve), asyncio.Event()
    running = asyncio.create_task(Namer(store, adapters, look_every).run(stop))
    yield store
    stop.set()
    await running
    await adapters.aclose()
    store.close()


async def test_after_a_failure_that_can_pass_it_is_asked_again(shop: Shop) -> None:
    await shop.sandbox.control("faults", {"when": "graph_ask", "kind": "rate_limit", "count": 2})
    await shop.happens(text="hello")
    clock = MovableClock(utc_now())
    async with later(shop, clock, look_every=0.02):
        for asks in (1, 2):
            await eventually(partial(has_asked, shop, asks))
            clock.now += pause_after(asks)
        await until(lambda: name_of(shop) == "Ann")
        clock.now += timedelta(days=2)
    assert len(await asked(shop)) == 3


async def has_asked(shop: Shop, times: int) -> bool:
    """Return whether Ann's profile was asked for so often."""
    return len(await asked(shop)) == times


async def test_a_token_that_is_refused_costs_the_name_only_until_it_is_right(shop: Shop) -> None:
    page = {"id": PAGE, "app_id": APP, "name": "The Shop"}
    await shop.happens(text="hello")
    await shop.sandbox.control("graph/pages", {**page, "access_token": "renewed"})
    clock = MovableClock(utc_now())
    async with later(shop, clock):
        await eventually(lambda: has_asked(shop, 1))
    await shop.sandbox.control("graph/pages", {**page, "access_token": PAGE_TOKEN})
    clock.now += pause_after(1)
    async with later(shop, clock):
        await until(lambda: name_of(shop) == "Ann")


async def test_who_has_no_profile_is_never_asked_about_again(shop: Shop) -> None:
    await shop.sandbox.control("graph/people", {"page": PAGE, "psid": "778899", "first_name": "Bo"})
    shop.world.hears(shop.page, "hello", "778899")
    clock = MovableClock(utc_now())

    def is_given_up() -> bool:
        ever = clock() + timedelta(days=999)
        return not shop.world.store.call_read(
            lambda s, _: contacts.nameless(s, ever, profile_names.nameless(), profile_names.PAUSES)
        )

    async with later(shop, clock):
        await until(is_given_up)
    requests = (await shop.sandbox.look("requests"))["requests"]
    assert sum(request["path"].endswith("/778899") for request in requests) == 1


def test_pauses_grow_to_a_day() -> None:
    assert [pause_after(asks) / timedelta(minutes=1) for asks in (1, 2, 3)] == [1, 2, 4]
    assert pause_after(12) == pause_after(1000) == timedelta(days=1)


async def test_who_is_taken_is_given_to_no_other_before_the_pause_is_over(shop: Shop) -> None:
    await shop.happens(text="hello")
    clock = MovableClock(utc_now())
    with closing(Store.open(shop.world.location, clock)) as store:
        taken = store.call(profile_names.take, None)
        assert taken is not None
        assert taken[0] == shop.ann()
        assert store.call(profile_names.take, None) is None
        clock.now += pause_after(1)
        assert store.call(profile_names.take, [shop.ann().contact_id]) == taken
        clock.now += pause_after(1)
        assert not store.call_read(profile_names.is_anybody, None)
        clock.now += pause_after(1)
        store.call(inboxes.put_aside, "Kim", shop.page.id)
        assert store.call(profile_names.take, None) is None


async def test_who_came_while_nobody_asked_is_asked_about_at_the_next_start(shop: Shop) -> None:
    await shop.happens(text="hello")
    adapters, stop = Adapters(resolve), asyncio.Event()
    running = asyncio.create_task(Namer(shop.world.store, adapters).run(stop))
    await until(lambda: name_of(shop) == "Ann")
    stop.set()
    await running
    await adapters.aclose()


async def test_a_name_that_an_agent_gave_stays(shop: Shop) -> None:
    await shop.happens(text="hello")
    shop.world.store.call(contacts.update, shop.ann().contact_id, ContactChange(name="Ann from the market"))
    shop.world.store.call(profile_names.store_name, shop.ann().id, "Ann Lee")
    assert name_of(shop) == "Ann from the market"
    assert shop.ann().profile_name == "Ann Lee"


@pytest.fixture
async def page(sandbox: Driver) -> AsyncIterator[MessengerWorld]:
    """Yield the world of the page, without a store."""
    async with messenger_world(sandbox) as made:
        yield made


async def test_a_file_arrives(page: MessengerWorld, tmp_path: Path) -> None:
    path = tmp_path / "slip.png"
    path.write_bytes(b"\x89PNG")
    file = OutgoingFile(path, "", "image/png", path.name, 4)
    result = await page.adapter.send(page.inbox, to_ann("", files=(file,)))
    assert isinstance(result, Accepted)
    assert await page.taken() == 1


async def test_a_picture_of_theirs_can_be_loaded(shop: Shop, tmp_path: Path) -> None:
    picture = {"type": "image", "content_type": "image/png", "filename": "receipt.png", "text": "not really"}
    await shop.happens(attachments=[picture])
    (media,) = shop.world.thread(shop.ann().contact_id)[0].media
    assert (media.name, media.content_type) == ("receipt.png", "image/png")
    target, adapters = tmp_path / "loaded", Adapters(resolve)
    await adapters.get(shop.page.provider).fetch(shop.page, media, target, 100)
    await adapters.aclose()
    assert target.read_bytes() == b"not really"


async def test_a_proof_that_does_not_fit_is_said(page: MessengerWorld, sandbox: Driver) -> None:
    await sandbox.control("graph/apps", {"id": APP, "secret": "another", "require_proof": True})
    result = await page.adapter.send(page.inbox, to_ann())
    assert isinstance(result, Refused)
    assert result.code == "proof"
