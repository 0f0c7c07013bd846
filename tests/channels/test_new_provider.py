"""A second provider for WhatsApp, added by one descriptor: sending, receiving, commands and words follow it."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import httpx
import pytest

from contacts_tui.channels import connectors, local_errors
from contacts_tui.channels.base import InboundMessage, OutcomeUnknown, Refused, WebhookKind, webhook_url
from contacts_tui.channels.registry import Adapters, explain
from contacts_tui.cli.main import main
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.clock import utc_now
from contacts_tui.domain.contact import Identity
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.health import Source
from contacts_tui.domain.inbox import Inbox, InboxForm
from contacts_tui.domain.message import NewMessage
from contacts_tui.domain.reachability import Reach
from contacts_tui.receiver import create_app, serve
from contacts_tui.services import (
    health,
    inbound,
    inbox_problems,
    inbox_validation,
    inboxes,
    media,
    messaging,
    reachability,
    threads,
)
from contacts_tui.services.errors import BadInput
from contacts_tui.services.workers import outbox
from contacts_tui.services.workers.dispatch import Outcome
from contacts_tui.services.workers.outbox import Outbox
from contacts_tui.store import contacts, messages
from contacts_tui.store.store import Store
from tests.channels.carrier import CARRIER, CONNECTOR
from tests.channels.wire import http, wire
from tests.sandbox.driver import ANN, SHOP, until

DOCS = Path(__file__).parents[2] / "docs" / "adding-a-channel.md"
PUBLIC_URL, SECRET = "https://desk.example", "carrier's secret"


@pytest.fixture(autouse=True)
def added() -> Iterator[ExitStack]:
    """Add the carrier to the connectors, until the yielded stack is closed."""
    with ExitStack() as stack:
        stack.enter_context(connectors.added(CONNECTOR))
        yield stack


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with closing(Store.open(f"sqlite:///{tmp_path / 'store.db'}", utc_now)) as opened:
        yield opened


def form(**changes: object) -> InboxForm:
    """Return an administrator's input for a carrier's inbox."""
    given = {"name": "Shop", "address": SHOP, "secret": "env:CARRIER", "options": {"region": "north"}} | changes
    return InboxForm(Channel.WHATSAPP, provider=CARRIER, **given)  # type: ignore[arg-type]


def connected(store: Store, **changes: object) -> Inbox:
    return store.call(inboxes.connect, "Kim", form(**changes))


def hears(store: Store, inbox: Inbox) -> Identity:
    """Receive a message from Ann, so that she may be answered, and return her identity."""
    store.call(inbound.apply, inbox.id, [InboundMessage("e", "e", ANN, "Is it back?", (), "", utc_now(), {})])
    (identity,) = store.call_read(lambda session, _: contacts.identities(session, 1))
    return identity


def handed_on(store: Store, identity: Identity, inbox: Inbox, result: Refused | OutcomeUnknown) -> int:
    """Dispatch a message with this result, and return its id."""
    new = NewMessage(messaging.new_uid(), "It is", author="Kim")
    message = store.call(messaging.send, identity.id, inbox.id, new)
    (job,) = store.call(outbox.take, "tests", 8)
    store.call(outbox.record, [Outcome(message.id, job.attempt, result)])
    return message.id


async def test_messages_go_out_and_come_in_by_it(store: Store) -> None:
    adapters, stop = Adapters({"env:CARRIER": SECRET}.__getitem__), asyncio.Event()
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    app = create_app(store, adapters, public_url=PUBLIC_URL, clock=utc_now)
    serving = asyncio.create_task(serve(app, "127.0.0.1", 0, ready=ready.set_result, stop=stop))
    handing_on = asyncio.create_task(Outbox(store, adapters).run(stop))
    async with (
        wire(http(201, '{"id": "C-1"}')) as carrier,
        httpx.AsyncClient(base_url=await ready, trust_env=False) as web,
    ):
        inbox = connected(store, base_url=carrier.base_url)

        async def webhook(**said: str) -> None:
            body = json.dumps({"at": utc_now().isoformat(), **said}).encode()
            signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
            path = webhook_url("", inbox.id, WebhookKind.INBOUND)
            assert (await web.post(path, content=body, headers={"x-carrier-signature": "0"})).status_code == 403
            answer = await web.post(path, content=body, headers={"x-carrier-signature": signature})
            assert (answer.status_code, answer.text) == (200, "noted")

        await webhook(id="C-0", **{"from": ANN}, text="Is it back?")
        (identity,) = store.call_read(lambda session, _: contacts.identities(session, 1))
        # Longer than its channel's first provider accepts, but not longer than this one does.
        uid, text = messaging.new_uid(), "It is. " * 400
        sent = store.call(messaging.send, identity.id, inbox.id, NewMessage(uid=uid, author="Kim", body=text))

        def status() -> Delivery | None:
            (found,) = store.call_read(lambda session, _: messages.by_ids(session, [sent.id]))
            return found.status

        await until(lambda: status() is Delivery.SENT)
        (request,) = carrier.seen
        assert json.loads(request.body) == {"to": ANN, "text": text, "reference": f"{uid}.1"}
        assert request.headers["authorization"] == f"Bearer {SECRET}"
        await webhook(id="C-1", status="delivered", reference=f"{uid}.1")
        assert status() is Delivery.DELIVERED
        thread = store.call_read(lambda session, _: messages.page(session, contact_id=1, limit=9))
        assert [message.body for message in thread] == ["Is it back?", text]
        assert {message.provider for message in thread} == {CARRIER}
    assert explain(CARRIER, "no_number").happened == "the carrier knows no such number"
    stop.set()
    await asyncio.gather(serving, handing_on)
    await adapters.aclose()


def test_its_own_limits_hold_and_not_those_of_the_channels_first_provider(store: Store, tmp_path: Path) -> None:
    theirs = connected(store)
    ours = store.call(
        inboxes.connect, "Kim", InboxForm(Channel.WHATSAPP, "Other", "+12025550177", "AC" + "1" * 32, "env:TOKEN")
    )
    assert (ours.provider, theirs.provider) == (Provider.TWILIO, CARRIER)
    identity = hears(store, theirs)
    limits = {
        inbox.provider: store.call_read(reachability.state, identity.id, inbox.id).limits.text
        for inbox in (ours, theirs)
    }
    assert limits == {Provider.TWILIO: 1600, CARRIER: 3000}
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    media.examine(str(tmp_path / "a.pdf"), ours)
    with pytest.raises(BadInput, match="it accepts pictures"):
        media.examine(str(tmp_path / "a.pdf"), theirs)


def test_what_is_asked_for_is_its_own() -> None:
    assert [field.id for field in inbox_validation.fields_of(form())] == ["provider", "address", "secret", "region"]
    usual = [field.id for field in inbox_validation.fields_of(InboxForm(Channel.WHATSAPP))]
    assert usual == ["provider", "address", "account", "secret"]
    assert inbox_validation.problems(form(address="1", options={"region": "west"})) == {
        "address": "'1' is no number of the carrier: it begins with +",
        "region": "the carrier needs a region: north or south",
    }
    assert inbox_validation.problems(form(options={"region": "north", "graph_version": "v1.0"})).keys() == {
        "graph_version"
    }


def test_the_commands_serve_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CARRIER", SECRET)
    monkeypatch.setenv("CONTACTS_TUI_DATABASE_URL", f"sqlite:///{tmp_path / 'store.db'}")
    add = ["inbox", "add", "Shop", "--channel", "whatsapp", "--address", SHOP, "--secret", "env:CARRIER"]
    assert main([*add, "--provider", "nobody"]) == 2
    assert "choose twilio or carrier" in capsys.readouterr().err
    assert main([*add, "--provider", "carrier"]) == 2
    assert "the carrier needs a region" in capsys.readouterr().err
    assert main([*add, "--provider", "carrier", "--option", "region=south"]) == 0
    said = capsys.readouterr().out
    assert "At the carrier, enter: URL" in said
    assert "asks The carrier whether the credentials are good" in said
    assert main(["inbox", "set", "Shop", "region=north"]) == 0
    capsys.readouterr()
    assert main(["inbox", "check", "Shop"]) == 0
    assert "The carrier says nothing of its numbers." in capsys.readouterr().out
    assert main(["inbox", "list", "--json"]) == 0
    (entry,) = json.loads(capsys.readouterr().out)["inboxes"]
    assert entry["inbox"]["provider"] == "carrier"
    assert entry["inbox"]["options"] == {"region": "north"}


def test_connected_anew_through_another_provider_the_old_errors_keep_their_words(store: Store) -> None:
    inbox = connected(store)
    identity = hears(store, inbox)
    refused = handed_on(store, identity, inbox, Refused("no_number", "no such number"))
    lost = handed_on(store, identity, inbox, OutcomeUnknown(local_errors.TIMEOUT, "no answer"))
    store.call(inbox_problems.failed, inbox.id, Source.SENDING, "no_number")
    store.call(inboxes.put_aside, "Kim", inbox.id)
    again = store.call(inboxes.connect, "Kim", InboxForm(Channel.WHATSAPP, "Shop", SHOP, "AC" + "1" * 32, "env:TOKEN"))
    assert (again.id, again.provider) == (inbox.id, Provider.TWILIO)
    views = {view.message.id: view for view in store.call_read(threads.views, [refused, lost])}
    failure = views[refused].failure
    assert failure is not None
    assert failure.happened == "the carrier knows no such number"
    unknown = views[lost].unknown_outcome
    assert unknown is not None
    assert unknown.evidence.startswith("the carrier")
    (found,) = store.call_read(health.listed)
    assert found.last_error is not None
    assert found.last_error.happened == "the carrier knows no such number"
    assert found.carrier == "Twilio"
    # Sent again, the message goes by the present provider.
    store.call(messaging.retry, lost, may_double=True)
    (job,) = store.call(outbox.take, "tests", 8)
    assert job.attempt.provider is Provider.TWILIO
    (message,) = store.call_read(lambda session, _: messages.by_ids(session, [lost]))
    assert message.provider is Provider.TWILIO


def test_an_inbox_whose_connector_is_gone_is_shown_and_left_alone(store: Store, added: ExitStack) -> None:
    inbox = connected(store)
    identity = hears(store, inbox)
    store.call(messaging.send, identity.id, inbox.id, NewMessage(messaging.new_uid(), "It is", author="Kim"))
    added.close()
    assert not connectors.understands(inbox)
    assert store.call(outbox.take, "tests", 8) == ()
    state = store.call_read(reachability.state, identity.id, inbox.id)
    assert (state.reach, state.words) == (Reach.CLOSED, "not known here")
    (found,) = store.call_read(health.listed)
    assert found.inbox.provider == "carrier"


def test_the_guide_names_every_part_of_a_connector() -> None:
    guide = DOCS.read_text(encoding="utf-8")
    missing = [part for part in CONNECTOR.__dataclass_fields__ if f"`{part}`" not in guide]
    assert missing == []
