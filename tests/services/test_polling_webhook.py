"""A bot that receives by webhook, and the way from one kind of receiving to the other."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.applications import Starlette

from contacts_tui import receiver
from contacts_tui.channels.registry import Adapters
from contacts_tui.domain.clock import utc_now
from contacts_tui.domain.message import NewMessage
from contacts_tui.services import inboxes, messaging
from contacts_tui.store.store import Store
from tests.sandbox.conftest import empty as empty
from tests.sandbox.driver import eventually, until
from tests.services.bots import BOT, BOT_TOKEN, Bots
from tests.services.polling_world import PATIENCE, Start, asked, heard, identity, is_polled, trouble, wrote
from tests.services.polling_world import bots as bots
from tests.services.polling_world import open_store as open_store
from tests.services.polling_world import start as start
from tests.services.polling_world import store as store


async def test_a_webhook_set_by_one_process_stays_though_another_one_polled(
    store: Store, open_store: Callable[[], Store], bots: Bots, start: Start
) -> None:
    inbox = bots.connect(store)
    store.call(inboxes.set_public_url, "https://desk.example")
    start(store)
    start(open_store())
    await eventually(lambda: is_polled(bots), deadline=PATIENCE)
    store.call(inboxes.change, "Kim", inbox.id, replace(inbox.form, options={"receive": "webhook"}))

    async def both_announced() -> bool:
        return len(await asked(bots, "setWebhook")) == 2

    await eventually(both_announced, deadline=PATIENCE)
    assert await posts_to(bots, f"https://desk.example/webhooks/{inbox.id}/inbound")
    assert not await asked(bots, "deleteWebhook")


async def test_an_inbox_that_hears_by_webhook_is_announced_and_heard(store: Store, bots: Bots, start: Start) -> None:
    inbox = bots.connect(store, options={"receive": "webhook"})
    start(store)
    await until(lambda: trouble(store) == "no_public_url", deadline=PATIENCE)
    adapters, stop = Adapters(), asyncio.Event()
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    outer = Starlette()
    serving = asyncio.ensure_future(receiver.serve(outer, "127.0.0.1", 0, ready=ready.set_result, stop=stop))
    url = await ready
    outer.mount("/", receiver.create_app(store, adapters, public_url=url, clock=store.clock))
    store.call(inboxes.set_public_url, url)
    await eventually(lambda: posts_to(bots, f"{url}/webhooks/{inbox.id}/inbound"), deadline=PATIENCE)
    await bots.says("hello")
    await until(lambda: heard(store) == ["hello"], deadline=PATIENCE)
    await eventually(bots.acknowledged, deadline=PATIENCE)
    await until(lambda: trouble(store) == "", deadline=PATIENCE)
    stop.set()
    await serving
    await adapters.aclose()


async def test_a_bot_may_change_its_way_of_hearing_and_back(store: Store, bots: Bots, start: Start) -> None:
    inbox = bots.connect(store, options={"receive": "webhook"})
    store.call(inboxes.set_public_url, "https://desk.example")
    url = f"https://desk.example/webhooks/{inbox.id}/inbound"
    start(store)
    for _ in range(2):
        await eventually(lambda: posts_to(bots, url), deadline=PATIENCE)
        store.call(inboxes.change, "Kim", inbox.id, replace(inbox.form, options={"receive": "polling"}))
        await eventually(lambda: is_polled(bots), deadline=PATIENCE)
        assert not await posts_to(bots, url)
        store.call(inboxes.change, "Kim", inbox.id, inbox.form)
        await bots.says("is anybody there?")  # Ends the open long poll.
    await eventually(lambda: posts_to(bots, url), deadline=PATIENCE)


async def test_another_token_is_announced_since_the_webhooks_secret_is_made_of_it(
    store: Store, bots: Bots, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEW_TOKEN", f"{BOT_TOKEN}-new")
    inbox = bots.connect(store, options={"receive": "webhook"})
    store.call(inboxes.set_public_url, "https://desk.example")
    start(store)
    await eventually(lambda: posts_to(bots, f"https://desk.example/webhooks/{inbox.id}/inbound"), deadline=PATIENCE)
    await bots.sandbox.control("telegram/bots", {"token": f"{BOT_TOKEN}-new", "username": BOT})
    store.call(inboxes.change, "Kim", inbox.id, replace(inbox.form, secret="env:NEW_TOKEN"))

    async def announced() -> bool:
        return len(await asked(bots, "setWebhook")) == 2

    await eventually(announced, deadline=PATIENCE)


async def test_a_token_replaced_where_it_lies_is_announced_by_itself_and_only_then(
    store: Store, bots: Bots, start: Start, tmp_path: Path
) -> None:
    place, new = tmp_path / "token", f"{BOT_TOKEN}-new"
    place.write_text(BOT_TOKEN)
    inbox = bots.connect(store, options={"receive": "webhook"}, secret=f"file:{place}")
    store.call(inboxes.set_public_url, "https://desk.example")
    start(store, token_check=0.1)
    await eventually(lambda: posts_to(bots, f"https://desk.example/webhooks/{inbox.id}/inbound"), deadline=PATIENCE)
    store.call(inboxes.change, "Kim", inbox.id, replace(inbox.form, name="Bot"))
    await asyncio.sleep(1)
    assert len(await asked(bots, "setWebhook")) == 1
    await bots.sandbox.control("telegram/bots", {"token": new, "username": BOT})
    place.write_text(new)

    async def announced() -> bool:
        return len(await asked(bots, "setWebhook")) == 2

    await eventually(announced, deadline=PATIENCE)
    await asyncio.sleep(1)
    assert await announced()
    assert trouble(store) == ""


async def test_a_refused_token_of_a_bot_with_a_webhook_is_told_until_telegram_takes_it(
    store: Store, bots: Bots, start: Start
) -> None:
    inbox = bots.connect(store, options={"receive": "webhook"})
    store.call(inboxes.set_public_url, "https://desk.example")
    start(store, with_outbox=True)
    await eventually(lambda: posts_to(bots, f"https://desk.example/webhooks/{inbox.id}/inbound"), deadline=PATIENCE)
    await bots.sandbox.control("telegram/bots", {"token": f"{BOT_TOKEN}-new", "username": BOT})
    wrote(store, inbox, "hello", utc_now())
    uid = messaging.new_uid()
    store.call(messaging.send, identity(store, inbox).id, inbox.id, NewMessage(uid=uid, author="Kim", body="hi"))

    async def is_asked_again() -> bool:
        return len(await asked(bots, "setWebhook")) >= 3

    await eventually(is_asked_again, deadline=PATIENCE)
    await until(lambda: trouble(store) == "401", deadline=PATIENCE)
    await bots.sandbox.control("telegram/bots", {"token": BOT_TOKEN, "username": BOT})
    await until(lambda: trouble(store) == "", deadline=PATIENCE)


async def posts_to(bots: Bots, url: str) -> bool:
    """Return whether updates are posted to this URL."""
    return bool((await bots.state())["webhook"] == url)
