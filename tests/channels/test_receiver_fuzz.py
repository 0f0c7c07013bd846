"""Any request line, headers and body: the receiver answers with a 4xx, and stores nothing."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.types import ASGIApp

from contacts_tui.channels.registry import Adapters
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.inbox import InboxForm
from contacts_tui.receiver import create_app
from contacts_tui.services import inboxes
from tests.channels.twilio_world import PUBLIC_URL
from tests.services.world import World

# What a header line may contain: h11 and every proxy refuse the rest before the receiver sees it.
VALUES = st.binary(max_size=60).map(lambda value: bytes(byte for byte in value if 0x20 < byte < 0x7F or byte > 0x9F))
NAMES = st.sampled_from(
    [
        b"content-type",
        b"content-length",
        b"x-twilio-signature",
        b"x-twilio-webhooks-signature-settings",
        b"x-hub-signature-256",
        b"x-telegram-bot-api-secret-token",
        b"host",
        b"transfer-encoding",
    ]
)
TYPES = st.sampled_from([b"application/x-www-form-urlencoded", b"application/json", b"multipart/form-data; boundary=x"])
HEADERS = st.tuples(TYPES, st.dictionaries(NAMES, VALUES, max_size=5)).map(
    lambda drawn: [(b"content-type", drawn[0])] + [(n, v) for n, v in drawn[1].items() if n != b"content-length"]
)
PATHS = st.sampled_from([f"/webhooks/{inbox}/{kind}" for inbox in (1, 2, 3, 4, 9) for kind in ("inbound", "status")])
QUERIES = st.text(st.characters(codec="ascii", exclude_characters="#"), max_size=40)
BODIES = st.binary(max_size=200) | st.sampled_from(
    [b"{}", b"[]", b'{"object": "page", "entry": []}', b'{"update_id": 1}', b"MessageSid=SM1&From=x&To=y"]
)


def resolve(reference: str) -> str:
    """Return the credential of an inbox here."""
    return f"12345:{'a' * 35}" if reference == "env:BOT_TOKEN" else "a-secret-of-ours"


@pytest.fixture
def app(tmp_path: Path) -> Iterator[ASGIApp]:
    """Yield a receiver with an inbox of each channel: 1 SMS, 2 WhatsApp, 3 Telegram, 4 Messenger."""
    world = World(tmp_path)
    for channel, address in ((Channel.TELEGRAM, "shop_bot"), (Channel.MESSENGER, "102030405060708")):
        world.store.call(
            inboxes.connect,
            "Kim",
            InboxForm(
                name=channel.value,
                channel=channel,
                address=address,
                account="",
                secret="env:BOT_TOKEN",
                options={"app_secret": "env:APP_SECRET"} if channel is Channel.MESSENGER else {"receive": "webhook"},
            ),
        )
    yield create_app(world.store, Adapters(resolve), public_url=PUBLIC_URL, clock=world.clock)
    world.store.close()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(["POST", "GET", "PUT"]), PATHS, QUERIES, HEADERS, BODIES)
def test_any_request_that_nobody_signed_is_a_4xx(
    app: ASGIApp, method: str, path: str, query: str, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    async def ask() -> httpx.Response:
        # The transport raises any exception that leaves the application.
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://receiver") as client:
            return await client.request(method, path, params=query, headers=headers, content=body)

    answer = asyncio.run(ask())
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.text)
    assert "Traceback" not in answer.text
