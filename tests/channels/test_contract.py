"""The contract of adapters. A further provider adds its world to the fixtures, and has to pass the same."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import timedelta

import pytest

from contacts_tui.channels.base import (
    Accepted,
    BadRequest,
    BadSignature,
    ChannelError,
    Echo,
    InboundMessage,
    NotSent,
    Refused,
    StatusUpdate,
    Unsettled,
)
from contacts_tui.channels.registry import explain
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.failure import Blame
from tests.channels.contract import Mishap, Reporting, World, with_headers
from tests.channels.messenger_world import messenger_world
from tests.channels.telegram_world import telegram_world
from tests.channels.twilio_world import twilio_world
from tests.sandbox.driver import Driver

WORLDS: dict[str, Callable[[Driver], AbstractAsyncContextManager[World]]] = {
    "twilio": twilio_world,
    "telegram": telegram_world,
    "messenger": messenger_world,
}
"""Every provider's world."""

REPORTING: dict[str, Callable[[Driver], AbstractAsyncContextManager[Reporting]]] = {
    "twilio": twilio_world,
    "messenger": messenger_world,
}
"""Those of providers that give our reference back in their reports, and sign what they say."""

FINDING = ["twilio"]
"""Those of providers that can be asked for a message, and for templates."""


@pytest.fixture(params=WORLDS)
async def world(request: pytest.FixtureRequest, sandbox: Driver) -> AsyncIterator[World]:
    """Every provider's world in turn."""
    async with WORLDS[request.param](sandbox) as made:
        yield made


@pytest.fixture(params=REPORTING)
async def reporting(request: pytest.FixtureRequest, sandbox: Driver) -> AsyncIterator[Reporting]:
    """The world of every provider that reports."""
    async with REPORTING[request.param](sandbox) as made:
        yield made


@pytest.fixture(params=FINDING)
async def finding(request: pytest.FixtureRequest, sandbox: Driver) -> AsyncIterator[World]:
    """The world of every provider that can be asked."""
    async with WORLDS[request.param](sandbox) as made:
        yield made


async def test_a_message_is_taken_once_and_named(world: World) -> None:
    result = await world.adapter.send(world.inbox, world.message("hello"))
    assert isinstance(result, Accepted)
    assert result.provider_id
    assert result.status is Delivery.SENT
    assert await world.tries() == await world.taken() == 1


async def test_a_refusal_has_a_code_with_a_sentence(world: World) -> None:
    result = await world.adapter.send(world.inbox, world.to_nobody())
    assert isinstance(result, Refused)
    assert explain(world.adapter.provider, result.code).happened
    assert await world.taken() == 0


@pytest.mark.parametrize("mishap", [m for m in Mishap if m is not Mishap.RATE_LIMIT])
async def test_a_mishap_after_the_request_left_is_unsettled_and_not_repeated(world: World, mishap: Mishap) -> None:
    await world.arrange(mishap)
    assert isinstance(await world.adapter.send(world.inbox, world.message("hello")), Unsettled)
    assert await world.tries() == 1


async def test_a_rate_limit_is_proof_that_nothing_was_sent(world: World) -> None:
    await world.arrange(Mishap.RATE_LIMIT)
    result = await world.adapter.send(world.inbox, world.message("hello"))
    assert isinstance(result, NotSent)
    assert result.retry_after is not None
    assert await world.taken() == 0
    assert await world.tries() == 1


async def test_wrong_credentials_are_refused(world: World) -> None:
    result = await world.adapter.send(world.stranger(), world.message("hello"))
    assert isinstance(result, Refused)
    assert explain(world.adapter.provider, result.code).blame is Blame.SENDER
    assert not (await world.adapter.check(world.stranger())).ok


async def test_wrong_credentials_list_no_templates(finding: World) -> None:
    with pytest.raises(ChannelError):
        await finding.adapter.templates(finding.stranger(), await finding.now())


@pytest.mark.parametrize("mishap", [Mishap.HANG, Mishap.DROPPED_AFTER, Mishap.SERVER_ERROR_AFTER])
async def test_evidence_of_a_doubtful_message_is_found(finding: World, mishap: Mishap) -> None:
    since = await finding.now()
    await finding.adapter.send(finding.inbox, finding.message("another"))
    await finding.arrange(mishap)
    await finding.adapter.send(finding.inbox, finding.message("the doubtful one"))
    found = await finding.adapter.find(finding.inbox, finding.message("the doubtful one"), since)
    assert found is not None
    assert found.provider_id


@pytest.mark.parametrize("mishap", [Mishap.DROPPED_BEFORE, Mishap.SERVER_ERROR])
async def test_no_evidence_where_there_is_none(finding: World, mishap: Mishap) -> None:
    since = await finding.now()
    await finding.adapter.send(finding.inbox, finding.message("another"))
    await finding.arrange(mishap)
    await finding.adapter.send(finding.inbox, finding.message("the doubtful one"))
    assert await finding.adapter.find(finding.inbox, finding.message("the doubtful one"), since) is None


async def test_two_that_could_be_it_are_no_evidence(finding: World) -> None:
    since = await finding.now()
    for _ in range(2):
        await finding.adapter.send(finding.inbox, finding.message("twice"))
    assert await finding.adapter.find(finding.inbox, finding.message("twice"), since) is None


async def test_an_older_message_is_no_evidence(finding: World) -> None:
    await finding.adapter.send(finding.inbox, finding.message("hello"))
    later = await finding.now() + timedelta(hours=1)
    assert await finding.adapter.find(finding.inbox, finding.message("hello"), later) is None


async def test_good_credentials_pass_the_check(world: World) -> None:
    check = await world.adapter.check(world.inbox)
    assert check.ok
    assert len(check.lines) == 2


async def test_a_check_of_a_provider_out_of_reach_raises_a_sentence(world: World) -> None:
    away = replace(world.inbox, base_url="http://nobody.invalid")
    with pytest.raises(ChannelError) as caught:
        await world.adapter.check(away)
    assert caught.value.sentence.endswith(".")
    assert caught.value.code == "no_connection"


async def test_questions_to_a_provider_out_of_reach_raise_a_sentence(finding: World) -> None:
    away = replace(finding.inbox, base_url="http://nobody.invalid")
    for question in (
        finding.adapter.templates(away, await finding.now()),
        finding.adapter.find(away, finding.message("x"), await finding.now()),
    ):
        with pytest.raises(ChannelError) as caught:
            await question
        assert caught.value.sentence.endswith(".")
        assert caught.value.code == "no_connection"


def test_a_message_comes_in_whole(world: World) -> None:
    request = world.inbound("¿Está el azul? 🙂\nsí & no")
    (event,) = world.adapter.events(world.inbox, request)
    assert isinstance(event, InboundMessage)
    assert event.body == "¿Está el azul? 🙂\nsí & no"
    assert event.at == request.received_at
    assert world.adapter.events(world.inbox, request)[0].event_key == event.event_key


def test_a_report_names_our_message(reporting: Reporting) -> None:
    (event,) = reporting.adapter.events(reporting.inbox, reporting.report("P1"))
    assert isinstance(event, (StatusUpdate, Echo))
    assert (event.provider_id, event.uid) == ("P1", "ours")
    (same,) = reporting.adapter.events(reporting.inbox, reporting.report("P1"))
    (other,) = reporting.adapter.events(reporting.inbox, reporting.report("P2"))
    assert same.event_key == event.event_key != other.event_key


@pytest.mark.parametrize("signature", ["", "wrong", "ü", "A" * 10_000])
def test_a_request_not_signed_by_the_provider_is_turned_away(world: World, signature: str) -> None:
    request = with_headers(world.inbound("hello"), {world.signature_header: signature})
    with pytest.raises(BadSignature):
        world.adapter.events(world.inbox, request)


def test_a_report_not_signed_by_the_provider_is_turned_away(reporting: Reporting) -> None:
    request = with_headers(reporting.report("P1"), {reporting.signature_header: "wrong"})
    with pytest.raises(BadSignature):
        reporting.adapter.events(reporting.inbox, request)


def test_a_changed_request_is_turned_away(reporting: Reporting) -> None:
    request = reporting.inbound("pay 10")
    with pytest.raises(BadSignature):
        reporting.adapter.events(reporting.inbox, replace(request, body=request.body.replace(b"10", b"90")))


def test_another_kind_of_body_is_turned_away(world: World) -> None:
    request = with_headers(world.inbound("hello"), {"content-type": "text/plain"})
    with pytest.raises(BadRequest):
        world.adapter.events(world.inbox, request)
