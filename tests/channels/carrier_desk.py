"""Hears and sends through the invented provider: receiver, store and outbox are the real ones.

A program of its own, run by test_new_provider.py on a copy of the package that knows the provider.
"""

import asyncio
import hashlib
import hmac
import json
import sys
from pathlib import Path

import httpx

from contacts_tui.channels.base import WebhookKind, webhook_url
from contacts_tui.channels.registry import Adapters, explain
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.clock import utc_now
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.inbox import InboxForm
from contacts_tui.domain.message import NewMessage
from contacts_tui.receiver import create_app, serve
from contacts_tui.services import messaging
from contacts_tui.services.workers.outbox import Outbox
from contacts_tui.store import contacts, inboxes, messages
from contacts_tui.store.store import Store
from tests.channels.wire import http, wire
from tests.sandbox.driver import ANN, SHOP, until

PUBLIC_URL, SECRET = "https://desk.example", "carrier's secret"


def resolve(reference: str) -> str:
    """The inbox's credential."""
    return {"env:CARRIER": SECRET}[reference]


async def main(folder: Path) -> None:
    """Ann writes, Kim answers, the carrier reports."""
    provider = Provider("carrier")
    store, adapters, stop = Store.open(f"sqlite:///{folder / 'store.db'}", utc_now), Adapters(resolve), asyncio.Event()
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    app = create_app(store, adapters, public_url=PUBLIC_URL, clock=utc_now)
    serving = asyncio.create_task(serve(app, "127.0.0.1", 0, ready=ready.set_result, stop=stop))
    handing_on = asyncio.create_task(Outbox(store, adapters).run(stop))
    async with (
        wire(http(201, '{"id": "C-1"}')) as carrier,
        httpx.AsyncClient(base_url=await ready, trust_env=False) as web,
    ):
        form = InboxForm(Channel.SMS, "Shop", SHOP, secret="env:CARRIER", base_url=carrier.base_url)
        inbox = store.call(inboxes.add, form, provider)

        async def webhook(**said: str) -> None:
            body = json.dumps({"at": utc_now().isoformat(), **said}).encode()
            signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
            path = webhook_url("", inbox.id, WebhookKind.INBOUND)
            assert (await web.post(path, content=body, headers={"x-carrier-signature": "0"})).status_code == 403
            assert (await web.post(path, content=body, headers={"x-carrier-signature": signature})).status_code == 200

        await webhook(id="C-0", **{"from": ANN}, text="Is it back?")
        (identity,) = store.call_read(lambda session, _: contacts.identities(session, 1))
        uid = messaging.new_uid()
        sent = store.call(messaging.send, identity.id, inbox.id, NewMessage(uid=uid, author="Kim", body="It is"))

        def status() -> Delivery | None:
            (found,) = store.call_read(lambda session, _: messages.by_ids(session, [sent.id]))
            return found.status

        await until(lambda: status() is Delivery.SENT)
        (request,) = carrier.seen
        assert json.loads(request.body) == {"to": ANN, "text": "It is", "reference": f"{uid}.1"}
        assert request.headers["authorization"] == f"Bearer {SECRET}"
        await webhook(id="C-1", status="delivered", reference=f"{uid}.1")
        assert status() is Delivery.DELIVERED
        thread = store.call_read(lambda session, _: messages.page(session, contact_id=1, limit=9))
        assert [message.body for message in thread] == ["Is it back?", "It is"]
    assert explain(provider, "no_number").happened == "the carrier knows no such number"
    stop.set()
    await asyncio.gather(serving, handing_on)
    await adapters.aclose()
    store.close()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
