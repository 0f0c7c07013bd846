"""Messenger from webhook to store: the receiver over real HTTP, with a page's inbox in a real store."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from contacts_tui.channels.base import Accepted, OutcomeUnknown, SecretError, SendResult
from contacts_tui.channels.meta.webhook import verify_token
from contacts_tui.channels.registry import Adapters
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.contact import Identity
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.inbox import Inbox, InboxForm
from contacts_tui.domain.message import Attempt, Direction, Message, NewMessage
from contacts_tui.services import delivery, inboxes, messaging
from contacts_tui.services.errors import Refused
from contacts_tui.services.workers import outbox
from contacts_tui.store import contacts
from tests.channels.messenger_world import (
    APP_SECRET,
    PAGE,
    PSID,
    SENT_AT,
    echoed,
    entry,
    item,
    posted,
    resolve,
    said,
    taken_at,
)
from tests.channels.test_receiver import Desk, desk_of
from tests.channels.wire import NOW
from tests.services.world import World

OTHER_PAGE = "555666777"


def connect(world: World, name: str, page_id: str, secret: str = "env:APP_SECRET") -> Inbox:
    """Connect a page."""
    return world.store.call(
        inboxes.connect,
        "Kim",
        InboxForm(
            name=name,
            channel=Channel.MESSENGER,
            address=page_id,
            account="",
            secret="env:PAGE_TOKEN",
            options={"app_secret": secret},
            human_agent=True,
        ),
    )


@dataclass
class Counter:
    """A receiver with a page, at the time of NOW."""

    desk: Desk
    page: Inbox

    @property
    def world(self) -> World:
        """The world with the store of the receiver."""
        return self.desk.world

    async def hears(self, *items: object, channel: str = "messaging") -> None:
        """Post an entry of these items, as Meta does."""
        answer = await self.desk.post(posted(entry(*items, channel=channel), inbox_id=self.page.id))
        assert (answer.status_code, answer.text) == (200, "")

    def ann(self) -> int:
        """Return the id of the contact that Ann's messages made."""
        return self.identity().contact_id

    def identity(self) -> Identity:
        """Return Ann's identity at the page."""
        found = self.world.store.call_read(
            lambda session, _: contacts.find_identity(session, Channel.MESSENGER, PSID, self.page.id)
        )
        assert found is not None
        return found

    def thread(self) -> list[tuple[str, str]]:
        """Return direction and text of each message with Ann."""
        return [(message.direction.value, message.body) for message in self.world.thread(self.ann())]

    def begin(self, text: str) -> tuple[Message, Attempt]:
        """Write as the agent, and begin to send; return the message and its attempt."""
        message = self.world.store.call(
            messaging.send,
            self.identity().id,
            self.page.id,
            NewMessage(uid=messaging.new_uid(), author="Kim", body=text),
        )
        (job,) = self.world.store.call(outbox.take, "tests", 8)
        assert job.message_id == message.id
        return message, job.attempt

    def answer(self, message: Message, attempt: Attempt, result: SendResult) -> None:
        """Record the adapter's result of an attempt."""
        self.world.store.call(delivery.record, message.id, attempt, result)


@pytest.fixture
async def counter(tmp_path: Path) -> AsyncIterator[Counter]:
    """Yield a receiver with a page's inbox."""
    world = World(tmp_path)
    world.clock.now = NOW
    page = connect(world, "Page", PAGE)
    async with desk_of(world, Adapters(resolve)) as desk:
        yield Counter(desk, page)
    world.store.close()


async def test_a_message_opens_the_conversation_and_its_window(counter: Counter) -> None:
    await counter.hears(said("Is it back?"))
    await counter.hears(said("Is it back?"))
    assert counter.thread() == [("in", "Is it back?")]
    message, _ = counter.begin("It is")
    assert message.status is Delivery.QUEUED


async def test_the_same_webhook_many_times_at_once_makes_one_message(counter: Counter) -> None:
    request = posted(entry(said("once")), inbox_id=counter.page.id)
    answers = await asyncio.gather(*(counter.desk.post(request) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert counter.thread() == [("in", "once")]


async def test_a_batch_of_many_counts_whole(counter: Counter) -> None:
    many = [said(f"{number}", f"m_{number}") for number in range(500)]
    await counter.hears(*many)
    await counter.hears(*many, channel="standby")
    assert len(counter.thread()) == 500


async def test_a_batch_of_long_texts_that_are_written_in_escapes_is_taken(counter: Counter) -> None:
    many = [said("ж" * 2000, f"m_{number}") for number in range(150)]
    assert len(posted(entry(*many)).body) > 1024 * 1024
    await counter.hears(*many)
    assert len(counter.thread()) == 150


async def test_an_echo_before_the_answer_is_no_second_message(counter: Counter) -> None:
    await counter.hears(said("hello"))
    message, attempt = counter.begin("hi Ann")
    await counter.hears(echoed("hi Ann", "m_9", metadata=f"{message.uid}.1"))
    assert counter.world.message(message.id).status is Delivery.SENT
    counter.answer(message, attempt, Accepted("m_9", Delivery.SENT))
    assert counter.thread() == [("in", "hello"), ("out", "hi Ann")]
    await counter.hears(item(delivery={"mids": ["m_9"], "watermark": SENT_AT}))
    assert counter.world.message(message.id).status is Delivery.DELIVERED


async def test_an_echo_settles_what_nobody_knew(counter: Counter) -> None:
    await counter.hears(said("hello"))
    message, attempt = counter.begin("hi Ann")
    counter.answer(message, attempt, OutcomeUnknown("timeout", "ReadTimeout"))
    assert counter.world.message(message.id).status is Delivery.UNKNOWN
    await counter.hears(echoed("hi Ann", "m_9", metadata=f"{message.uid}.1"))
    stored = counter.world.message(message.id)
    assert (stored.status, stored.provider_id) == (Delivery.SENT, "m_9")
    assert len(counter.thread()) == 2


async def test_what_others_send_from_the_page_stands_in_the_thread(counter: Counter) -> None:
    await counter.hears(said("hello"), echoed("answered at the page", "m_5"), echoed("by a bot", "m_6", metadata="x.1"))
    assert counter.thread() == [("in", "hello"), ("out", "answered at the page"), ("out", "by a bot")]


async def test_a_reaction_is_kept_in_the_ledger_and_moves_nothing(counter: Counter) -> None:
    await counter.hears(said("hello"))
    message, attempt = counter.begin("hi")
    counter.answer(message, attempt, Accepted("m_2", Delivery.SENT))
    await counter.hears(item(reaction={"mid": "m_2", "action": "react", "emoji": "❤"}))
    ledger = counter.world.store.call_read(messaging.ledger, message.id)
    assert ledger is not None
    assert [event.status for event in ledger.events] == ["reaction"]
    assert counter.world.message(message.id).status is Delivery.SENT


async def test_an_edit_changes_what_was_said(counter: Counter) -> None:
    await counter.hears(said("the red one"))
    await counter.hears(item(message_edit={"mid": "m_1", "text": "the blue one", "num_edit": 1}))
    assert counter.thread() == [("in", "the blue one")]


async def test_an_edit_that_comes_before_its_message_is_not_lost(counter: Counter) -> None:
    later = {"timestamp": SENT_AT + 2_000}
    await counter.hears(item(message_edit={"mid": "m_1", "text": "the blue one", "num_edit": 2}) | later)
    await counter.hears(item(message_edit={"mid": "m_1", "text": "the green one", "num_edit": 1}))
    await counter.hears(said("the red one"))
    assert counter.thread() == [("in", "the blue one")]
    (message,) = counter.world.thread(counter.ann())
    assert message.edited_at is not None


async def test_an_app_tells_of_all_its_pages_at_one_address(counter: Counter) -> None:
    other = connect(counter.world, "Other page", OTHER_PAGE)
    stranger = connect(counter.world, "Another app's", "1234", secret="env:OTHER_SECRET")
    request = posted(
        entry(said("to the first")),
        entry(said("to the second", "m_2"), page_id=OTHER_PAGE),
        entry(said("to nobody", "m_3"), page_id=stranger.address),
        inbox_id=counter.page.id,
    )
    assert (await counter.desk.post(request)).status_code == 200
    heard = counter.world.store.call_read(inboxes.listed)
    assert {inbox.name for inbox in heard if inbox.last_inbound_at is not None} == {"Page", "Other page"}
    assert other.id != counter.page.id
    assert counter.thread() == [("in", "to the first")]


async def test_only_pages_of_which_a_webhook_tells_are_heard(counter: Counter) -> None:
    other = connect(counter.world, "Other page", OTHER_PAGE)
    request = posted(entry(said("hi"), page_id=OTHER_PAGE), inbox_id=counter.page.id)
    assert (await counter.desk.post(request)).status_code == 200
    heard = counter.world.store.call_read(inboxes.listed)
    assert [inbox.id for inbox in heard if inbox.last_received_at is not None] == [other.id]


async def test_a_page_that_is_disconnected_takes_nothing_from_the_others(counter: Counter) -> None:
    world, path = counter.world, f"/webhooks/{counter.page.id}/inbound"
    other = connect(world, "Other page", OTHER_PAGE)
    await counter.hears(said("before"))
    world.store.call(inboxes.put_aside, "Kim", counter.page.id)
    both = posted(
        entry(said("too late", "m_2"), echoed("by somebody else", "m_3")),
        entry(said("to the second", "m_4"), page_id=OTHER_PAGE),
        inbox_id=counter.page.id,
    )
    assert (await counter.desk.post(both)).status_code == 200
    assert [message.body for message in world.thread(world.owner(other, PSID))] == ["to the second"]
    assert counter.thread() == [("in", "before")]
    token = verify_token(APP_SECRET, counter.page.id)
    query = {"hub.mode": "subscribe", "hub.challenge": "1158", "hub.verify_token": token}
    assert (await counter.desk.client.get(path, params=query)).text == "1158"
    world.store.call(inboxes.put_aside, "Kim", other.id)
    assert (await counter.desk.client.get(path, params=query)).status_code == 404


@pytest.mark.parametrize("by_other", [False, True])
async def test_a_disconnected_page_hears_what_became_of_its_messages(counter: Counter, *, by_other: bool) -> None:
    world = counter.world
    host = connect(world, "Other page", OTHER_PAGE) if by_other else counter.page
    await counter.hears(said("hello"))
    named, attempt = counter.begin("hi Ann")
    counter.answer(named, attempt, Accepted("m_3", Delivery.SENT))
    lost, attempt = counter.begin("anything else?")
    counter.answer(lost, attempt, OutcomeUnknown("timeout", "ReadTimeout"))
    world.store.call(inboxes.put_aside, "Kim", counter.page.id)
    told = entry(
        taken_at("m_2", "anything else?", f"{lost.uid}.1", SENT_AT),
        echoed("by somebody else", "m_9"),
        item(delivery={"mids": ["m_3"], "watermark": SENT_AT + 1_000}),
        said("are you there?", "m_4"),
        item(read={"watermark": SENT_AT}),
    )
    assert (await counter.desk.post(posted(told, inbox_id=host.id))).status_code == 200
    assert world.message(lost.id).status is Delivery.READ
    assert world.message(named.id).status is Delivery.DELIVERED
    assert [body for _, body in counter.thread()] == ["hello", "hi Ann", "anything else?"]


async def test_the_address_is_confirmed_by_its_token(counter: Counter) -> None:
    path = f"/webhooks/{counter.page.id}/inbound"
    query = {"hub.mode": "subscribe", "hub.challenge": "<b>1158201444"}
    good = {**query, "hub.verify_token": verify_token(APP_SECRET, counter.page.id)}
    answer = await counter.desk.client.get(path, params=good)
    assert (answer.status_code, answer.text) == (200, "<b>1158201444")
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["x-content-type-options"] == "nosniff"
    wrong = await counter.desk.client.get(path, params={**query, "hub.verify_token": "0" * 32})
    assert wrong.status_code == 403
    assert "1158201444" not in wrong.text
    assert (await counter.desk.client.get(path)).status_code == 400
    assert (await counter.desk.client.get("/webhooks/99/inbound", params=good)).status_code == 404
    assert (await counter.desk.client.get("/webhooks/1/inbound", params=good)).status_code == 405


@pytest.mark.parametrize(
    ("headers", "body", "code"),
    [
        ({"content-type": "application/x-www-form-urlencoded"}, b"a=1", 415),
        ({"content-type": "application/json"}, b"{}", 403),
        ({"content-type": "application/json", "x-hub-signature-256": "sha256=0"}, b"{}", 403),
    ],
)
async def test_what_is_no_webhook_of_meta(counter: Counter, headers: dict[str, str], body: bytes, code: int) -> None:
    path = f"/webhooks/{counter.page.id}/inbound"
    answer = await counter.desk.client.post(path, content=body, headers=headers)
    assert answer.status_code == code


async def test_a_secret_out_of_reach_is_our_fault_and_not_metas(tmp_path: Path) -> None:
    def nothing(reference: str) -> str:
        raise SecretError("The environment variable APP_SECRET is not set.", "credentials")

    world = World(tmp_path)
    page = connect(world, "Page", PAGE)
    async with desk_of(world, Adapters(nothing)) as desk:
        assert (await desk.post(posted(entry(said("hi")), inbox_id=page.id))).status_code == 503
        query = {"hub.mode": "subscribe", "hub.challenge": "1", "hub.verify_token": "x"}
        assert (await desk.client.get(f"/webhooks/{page.id}/inbound", params=query)).status_code == 503
    world.store.close()


async def test_complaint_10_an_answer_after_the_window_needs_the_agents_word_and_ends_after_7_days(
    counter: Counter,
) -> None:
    await counter.hears(said("hello"))
    counter.world.clock.forward(days=2)

    def write(text: str, *, human_agent: bool) -> Message:
        return counter.world.store.call(
            messaging.send,
            counter.identity().id,
            counter.page.id,
            NewMessage(uid=messaging.new_uid(), author="Kim", body=text, human_agent=human_agent),
        )

    with pytest.raises(Refused):
        write("not so", human_agent=False)
    tagged = write("so", human_agent=True)
    assert tagged.human_agent
    (job,) = counter.world.store.call(outbox.take, "tests", 8)
    assert job.outgoing.human_agent
    counter.answer(tagged, job.attempt, OutcomeUnknown("timeout", "ReadTimeout"))
    counter.world.store.call(messaging.retry, tagged.id, may_double=True)
    counter.world.clock.forward(days=5)
    assert counter.world.store.call(outbox.take, "tests", 8) == ()
    assert counter.world.message(tagged.id).error_code == "window"
    with pytest.raises(Refused):
        write("too late for that as well", human_agent=True)
    assert [message.body for message in counter.world.thread(counter.ann())] == ["hello", "so"]


async def test_what_was_queued_under_the_tag_goes_without_it_when_they_wrote_meanwhile(counter: Counter) -> None:
    await counter.hears(said("hello"))
    counter.world.clock.forward(days=2)
    tagged = counter.world.store.call(
        messaging.send,
        counter.identity().id,
        counter.page.id,
        NewMessage(uid=messaging.new_uid(), author="Kim", body="so", human_agent=True),
    )
    assert tagged.human_agent
    counter.world.hears(counter.page, "and?", PSID)
    (job,) = counter.world.store.call(outbox.take, "tests", 8)
    assert not job.outgoing.human_agent
    assert not counter.world.message(tagged.id).human_agent


async def test_inside_the_window_nothing_is_tagged(counter: Counter) -> None:
    await counter.hears(said("hello"))
    message = counter.world.store.call(
        messaging.send,
        counter.identity().id,
        counter.page.id,
        NewMessage(uid=messaging.new_uid(), author="Kim", body="hi", human_agent=True),
    )
    assert (message.human_agent, message.direction) == (False, Direction.OUT)
