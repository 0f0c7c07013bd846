"""Links to files of our messages, over real HTTP: a valid link gives the file, until it expires; no other does."""

import asyncio
import base64
import hashlib
import hmac
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as fuzzing
from hypothesis import strategies as st
from sqlalchemy import text
from sqlmodel import Session

from contacts_tui.channels.base import Accepted, StatusUpdate
from contacts_tui.channels.registry import Adapters
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import SKEW, Clock
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Message, NewMessage
from contacts_tui.receiver import create_app
from contacts_tui.services import delivery, inbound, media, messaging
from contacts_tui.store import attempts, settings
from tests.channels.test_receiver import Desk
from tests.channels.test_receiver import desk as desk
from tests.channels.twilio_world import PUBLIC_URL
from tests.services.world import World

PDF = b"%PDF-1.7 an invoice"
DIGITS = st.text(st.sampled_from("0123456789"), min_size=1, max_size=14)
"""ASCII digits: as many as a link accepts, and more."""


@dataclass
class Sent:
    """A message with a file, and the token of the link to the file."""

    world: World
    message: Message
    token: str
    copy: Path

    @property
    def claim(self) -> list[str]:
        """Expiry, message and number of the file, as the token has them."""
        return self.token.split(".")[:3]

    def signed(self, *claim: str) -> str:
        """Return a token with another claim and a good signature."""
        key = self.world.store.call_read(lambda session, _: settings.get(session, "media_key"))
        digest = hmac.new(bytes.fromhex(key), ".".join(claim).encode(), hashlib.sha256).digest()
        return ".".join((*claim, base64.urlsafe_b64encode(digest[:24]).decode()))


def sent_by(world: World, folder: Path) -> Sent:
    """Send a file, and return it with the link that its provider would get now."""
    (folder / "invoice.pdf").write_bytes(PDF)
    file = media.kept(world.store.files, str(folder / "invoice.pdf"), world.shop)
    ann = world.identity(world.person(), Channel.SMS)
    message = world.store.call(
        messaging.send, ann.id, world.shop.id, NewMessage(uid=messaging.new_uid(), author="Kim", media=(file,))
    )
    (out,) = world.store.call(media.outgoing, message, PUBLIC_URL)
    assert out.url.startswith(PUBLIC_URL + media.LINK_PATH)
    return Sent(world, message, out.url.removeprefix(PUBLIC_URL + media.LINK_PATH), out.path)


@pytest.fixture
async def sent(desk: Desk, tmp_path: Path) -> AsyncIterator[Sent]:
    """Yield a message with a file, and its receiver's link."""
    yield sent_by(desk.world, tmp_path)


async def ask(desk: Desk, token: str, method: str = "GET", **headers: str) -> httpx.Response:
    return await desk.client.request(method, media.LINK_PATH + token, headers=headers)


async def test_a_good_link_gives_the_file_as_it_was_attached(desk: Desk, sent: Sent) -> None:
    answer = await ask(desk, sent.token)
    assert (answer.status_code, answer.content) == (200, PDF)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == 'inline; filename="invoice.pdf"'
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_head_tells_of_it_without_the_file(desk: Desk, sent: Sent) -> None:
    whole, answer = await ask(desk, sent.token), await ask(desk, sent.token, "HEAD")
    assert (answer.status_code, answer.content) == (200, b"")
    assert int(answer.headers["content-length"]) == len(PDF)
    assert answer.headers["content-type"] == whole.headers["content-type"]


async def test_a_part_of_the_file_can_be_asked_for(desk: Desk, sent: Sent) -> None:
    answer = await ask(desk, sent.token, range="bytes=1-3")
    assert (answer.status_code, answer.content) == (206, b"PDF")
    assert (await ask(desk, sent.token, range="bytes=99-")).status_code == 416


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_nothing_else_can_be_done_with_a_link(desk: Desk, sent: Sent, method: str) -> None:
    assert (await ask(desk, sent.token, method)).status_code == 405
    assert sent.copy.read_bytes() == PDF


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_link_ends_after_its_time_and_not_before(desk: Desk, sent: Sent, method: str) -> None:
    until = datetime.fromtimestamp(int(sent.claim[0]), UTC)
    assert until - sent.world.clock() == media.LINK_LIFE
    sent.world.clock.now = until
    assert (await ask(desk, sent.token, method)).status_code == 200
    sent.world.clock.forward(seconds=1)
    assert (await ask(desk, sent.token, method)).status_code == 404
    # The file itself is still there: sending it again gives a fresh link.
    (again,) = sent.world.store.call(media.outgoing, sent.message, PUBLIC_URL)
    assert (await desk.client.request(method, again.url.removeprefix(PUBLIC_URL))).status_code == 200


@pytest.mark.parametrize("outcome", [Delivery.DELIVERED, Delivery.READ, Delivery.FAILED])
async def test_a_link_ends_with_what_its_message_needs_it_for(desk: Desk, sent: Sent, outcome: Delivery) -> None:
    attempt = sent.world.store.call(attempts.begin, sent.message.id)
    sent.world.store.call(delivery.record, sent.message.id, attempt, Accepted("SM1", Delivery.SENT))
    assert (await ask(desk, sent.token)).status_code == 200
    update = StatusUpdate("SM1:x", "SM1", "", outcome, outcome.value, "", "", sent.world.clock(), {})
    sent.world.store.call(inbound.apply, sent.world.shop.id, [update])
    assert sent.world.message(sent.message.id).status is outcome
    assert (await ask(desk, sent.token)).status_code == 404


async def test_a_new_key_ends_all_links(desk: Desk, sent: Sent) -> None:
    sent.world.store.call(media.renew_links, "Kim")
    assert (await ask(desk, sent.token)).status_code == 404
    (again,) = sent.world.store.call(media.outgoing, sent.message, PUBLIC_URL)
    assert (await desk.client.get(again.url.removeprefix(PUBLIC_URL))).status_code == 200


async def test_a_link_that_was_changed_anywhere_is_none(desk: Desk, sent: Sent) -> None:
    for place, char in enumerate(sent.token):
        for other in "0A.":
            if other != char:
                changed = sent.token[:place] + other + sent.token[place + 1 :]
                assert (await ask(desk, changed)).status_code == 404, changed


async def test_a_signature_goes_with_its_time_message_and_number_alone(desk: Desk, sent: Sent) -> None:
    until, message, number = sent.claim
    signature = sent.token.rpartition(".")[2]
    longer = str(int(until) + 1)
    for claim in ((longer, message, number), (until, str(int(message) + 1), number), (until, message, "1")):
        assert (await ask(desk, ".".join((*claim, signature)))).status_code == 404
    # Leading zeros make another text, though the number is the same.
    assert (await ask(desk, "0" + sent.token)).status_code == 404


async def test_lengths_and_signs_that_no_link_has(desk: Desk, sent: Sent) -> None:
    until, message, number = sent.claim
    signature = sent.token.rpartition(".")[2]
    odd = ("", "²", "٣", "-1", "+1", " 1", "1e3", "0x1", "9" * 13, "9" * 5000, "NaN", "%00", "%2e", "1%0a")
    tokens = [
        *(".".join((each, message, number, signature)) for each in odd),
        *(".".join((until, each, number, signature)) for each in odd if each != "9" * 13),
        *(".".join((until, message, each, signature)) for each in odd),
        sent.token[:-1],
        sent.token + "A",
        sent.token + "%0a",
        sent.token + ".",
        sent.token + "/",
        "." + sent.token,
        sent.token.rpartition(".")[0],
        f"{until}.{message}.{number}." + "é" * 32,
        ".",
        "...",
        "%2e%2e%2f%2e%2e%2fstore.db",
        sent.copy.name,
    ]
    for token in tokens:
        assert (await ask(desk, token)).status_code == 404, token


async def test_numbers_that_are_no_date_message_or_file_are_a_404_even_when_signed(desk: Desk, sent: Sent) -> None:
    until, message, number = sent.claim
    assert (await ask(desk, sent.signed(until, message, number))).status_code == 200
    for claim in (
        # A year with five digits: Python has no such date, and no link is made for so long.
        ("9" * 12, message, number),
        ("0", message, number),
        (until, "9" * 18, number),
        (until, "9" * 19, number),
        (until, "0", number),
        (until, message, "1"),
        (until, message, "99"),
        (until, message, "100"),
        (until, message, "²"),
        ("9" * 400, message, number),
    ):
        assert (await ask(desk, sent.signed(*claim))).status_code == 404, claim


async def test_a_message_that_is_gone_has_no_file(desk: Desk, sent: Sent) -> None:
    def delete(session: Session, _: Clock) -> None:
        for table, column in (("outbox", "message_id"), ("message", "id")):
            session.execute(text(f"DELETE FROM {table} WHERE {column} = :id"), {"id": sent.message.id})

    sent.world.store.call(delete)
    assert sent.copy.exists()
    assert (await ask(desk, sent.token)).status_code == 404


async def test_a_file_that_is_gone_or_is_none_any_more(desk: Desk, sent: Sent) -> None:
    sent.copy.unlink()
    for method in ("GET", "HEAD"):
        assert (await ask(desk, sent.token, method)).status_code == 404
    sent.copy.mkdir()
    assert (await ask(desk, sent.token)).status_code == 404


async def test_a_file_that_came_in_is_never_served(desk: Desk, sent: Sent) -> None:
    desk.world.hears(desk.world.shop, "hello")
    came = desk.world.thread(sent.message.contact_id)[-1]
    assert came.id != sent.message.id
    assert (await ask(desk, sent.signed(sent.claim[0], str(came.id), "0"))).status_code == 404


async def test_before_the_first_link_no_token_is_good(desk: Desk) -> None:
    assert (await ask(desk, "1.1.0." + "A" * 32)).status_code == 404


@pytest.fixture(name="kept")
def _kept(tmp_path: Path) -> Iterator[Sent]:
    """Yield a message with a file, without a network."""
    world = World(tmp_path)
    yield sent_by(world, tmp_path)
    world.store.close()


def status_of(sent: Sent, token: str) -> int:
    """Return the application's status; an exception that leaves it is raised here."""
    app = create_app(sent.world.store, Adapters(str), public_url=PUBLIC_URL, clock=sent.world.clock)

    async def asked() -> int:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://receiver") as client:
            return (await client.get(media.LINK_PATH + quote(token, safe=""))).status_code

    return asyncio.run(asked())


@fuzzing(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60) | st.from_regex(r"\A\d+(\.\d+){2}\.[\w-]{32}\Z"))
def test_any_token_that_is_not_ours_is_a_404(kept: Sent, token: str) -> None:
    assume(token != kept.token)
    assert status_of(kept, token) == 404


@fuzzing(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(DIGITS, DIGITS | st.just("1"), DIGITS | st.just("0"))
def test_any_signed_numbers_give_the_file_only_where_they_mean_it(
    kept: Sent, until: str, message: str, number: str
) -> None:
    means_it = (
        len(until) <= 12
        and 0 <= int(until) - kept.world.clock().timestamp() <= (media.LINK_LIFE + SKEW).total_seconds()
        and int(message) == kept.message.id
        and len(number) <= 2
        and int(number) == 0
    )
    assert status_of(kept, kept.signed(until, message, number)) == (200 if means_it else 404)
