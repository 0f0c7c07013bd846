"""What goes wrong between a bot and Telegram: limits, refused tokens, another program, broken connections."""

from datetime import datetime, timedelta

from contacts_tui.channels.transport import ANSWER_LIMIT
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import NewMessage
from contacts_tui.domain.views import MessageView
from contacts_tui.services import messaging, threads
from contacts_tui.store.store import Store
from tests.sandbox.conftest import empty as empty
from tests.sandbox.driver import eventually, until
from tests.services.bots import BOT, BOT_TOKEN, Bots
from tests.services.polling_world import PATIENCE, Start, asked, heard, identity, is_polled, trouble
from tests.services.polling_world import bots as bots
from tests.services.polling_world import open_store as open_store
from tests.services.polling_world import start as start
from tests.services.polling_world import store as store


async def test_a_rate_limit_is_told_while_it_lasts_and_then_the_message_leaves(
    store: Store, bots: Bots, start: Start
) -> None:
    inbox = bots.connect(store)
    start(store, with_outbox=True)
    await bots.says("hello")
    await until(lambda: heard(store) == ["hello"], deadline=PATIENCE)
    await bots.sandbox.control("faults", {"when": "telegram", "kind": "rate_limit", "seconds": 2})
    uid = messaging.new_uid()
    message = store.call(
        messaging.send, identity(store, inbox).id, inbox.id, NewMessage(uid=uid, author="Kim", body="hi")
    )

    def shown() -> MessageView:
        return store.call_read(threads.views, [message.id])[0]

    await until(lambda: shown().failure is not None, deadline=PATIENCE)
    waiting = shown()
    assert waiting.message.status is Delivery.QUEUED
    assert waiting.failure is not None
    assert waiting.failure.sentence == "Telegram asks for a pause; nothing was sent: it will be sent after the pause"
    await until(lambda: shown().message.status is Delivery.SENT, deadline=PATIENCE)
    assert shown().failure is None


async def test_a_wrong_token_is_told_and_forgotten_when_it_is_right(store: Store, bots: Bots, start: Start) -> None:
    await bots.sandbox.control("telegram/bots", {"token": f"{BOT_TOKEN}-new", "username": BOT})
    bots.connect(store)
    start(store)
    await until(lambda: trouble(store) == "401", deadline=PATIENCE)
    await bots.sandbox.control("telegram/bots", {"token": BOT_TOKEN, "username": BOT})
    await bots.says("hello")
    await until(lambda: heard(store) == ["hello"] and trouble(store) == "", deadline=PATIENCE)


async def test_a_program_outside_that_asks_too_is_told(store: Store, bots: Bots, start: Start) -> None:
    bots.connect(store)
    start(store)
    await eventually(lambda: is_polled(bots), deadline=PATIENCE)
    url = f"{bots.sandbox.base_url}/bot{BOT_TOKEN}/getUpdates"
    await bots.sandbox.client.post(url, data={"timeout": "0"})
    await until(lambda: trouble(store) == "conflict", deadline=PATIENCE)
    await bots.says("hello")
    await until(lambda: heard(store) == ["hello"] and trouble(store) == "", deadline=PATIENCE)


async def test_a_line_that_stays_broken_is_told_and_nothing_is_lost(store: Store, bots: Bots, start: Start) -> None:
    await bots.sandbox.control("faults", {"when": "telegram_poll", "kind": "http_500", "count": 3})
    bots.connect(store)
    await bots.says("hello")
    start(store)
    await until(lambda: trouble(store) == "unheard", deadline=PATIENCE)
    await until(lambda: heard(store) == ["hello"] and trouble(store) == "", deadline=PATIENCE)


async def test_a_provider_that_names_a_wait_is_not_asked_before(store: Store, bots: Bots, start: Start) -> None:
    await bots.sandbox.control("faults", {"when": "telegram_poll", "kind": "rate_limit", "seconds": 5})
    bots.connect(store)
    await bots.says("hello")
    start(store)
    await until(lambda: heard(store) == ["hello"], deadline=PATIENCE)
    first, second = [datetime.fromisoformat(entry["at"]) for entry in await asked(bots, "getUpdates")][:2]
    assert second - first >= timedelta(seconds=5)


async def test_a_long_wait_is_told_at_once(store: Store, bots: Bots, start: Start) -> None:
    await bots.sandbox.control("faults", {"when": "telegram_poll", "kind": "rate_limit", "seconds": 60})
    bots.connect(store)
    start(store)
    await until(lambda: trouble(store) == "unheard", deadline=PATIENCE)


async def test_more_than_one_answer_may_hold_comes_in_smaller_ones(store: Store, bots: Bots, start: Start) -> None:
    bots.connect(store)
    said = ["one", "two", "three"]
    for text in said:
        await bots.says(text, extra={"odd": "x" * (ANSWER_LIMIT * 2 // 5)})
    start(store)
    await until(lambda: heard(store) == said, deadline=PATIENCE)
    await eventually(bots.acknowledged, deadline=PATIENCE)
    assert heard(store) == said


async def test_an_answer_that_is_lost_on_its_way_comes_again(store: Store, bots: Bots, start: Start) -> None:
    await bots.sandbox.control("faults", {"when": "telegram_poll", "kind": "drop_after", "count": 2})
    bots.connect(store)
    await bots.says("hello")
    start(store)
    await until(lambda: heard(store) == ["hello"], deadline=PATIENCE)
    await eventually(bots.acknowledged, deadline=PATIENCE)
    assert heard(store) == ["hello"]
