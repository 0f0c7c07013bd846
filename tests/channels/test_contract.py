"""The contract of adapters: sending and receiving. The contract about files is in test_files.py."""

import json
import socket
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
    OutcomeUnknown,
    PassedOver,
    Refused,
    StatusUpdate,
)
from contacts_tui.channels.fence import Fence, Held
from contacts_tui.channels.registry import explain
from contacts_tui.channels.timeouts import Timeouts
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.failure import Blame
from contacts_tui.services import delivery
from tests.channels.contract import Editing, Mishap, Reporting, Signed, World, with_headers
from tests.channels.desk import Desk
from tests.channels.wire import NOW, wire


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
    assert isinstance(await world.adapter.send(world.inbox, world.message("hello")), OutcomeUnknown)
    assert await world.tries() == 1


async def test_a_rate_limit_is_proof_that_nothing_was_sent(world: World) -> None:
    await world.arrange(Mishap.RATE_LIMIT)
    result = await world.adapter.send(world.inbox, world.message("hello"))
    assert isinstance(result, NotSent)
    assert result.retry_after is not None
    assert result.rate_limited
    assert await world.taken() == 0
    assert await world.tries() == 1


async def test_a_rate_limit_holds_every_outbox_on_the_store_as_long_as_it_asks(world: World, desk: Desk) -> None:
    inbox = desk.connect(world.inbox)
    desk.hears(inbox, *await world.hears("hello", "9"))
    message = desk.write(inbox, "too fast")
    (job,) = desk.take("one")
    await world.arrange(Mishap.RATE_LIMIT)
    result = await world.adapter.send(world.inbox, job.outgoing)
    assert isinstance(result, NotSent)
    assert result.retry_after is not None
    desk.answer(message, job.attempt, result)
    assert desk.status(message) is Delivery.QUEUED
    desk.clock.now += result.retry_after - timedelta(microseconds=1)
    assert desk.take("another") == ()
    desk.clock.now += timedelta(microseconds=1)
    (again,) = desk.take("another")
    desk.answer(message, again.attempt, await world.adapter.send(world.inbox, again.outgoing))
    assert desk.status(message) is Delivery.SENT
    assert (await world.tries(), await world.taken()) == (2, 1)


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


async def test_a_message_comes_in_whole(world: World) -> None:
    (event,) = await world.hears("¿Está el azul? 🙂\nsí & no")
    assert isinstance(event, InboundMessage)
    assert event.body == "¿Está el azul? 🙂\nsí & no"
    assert event.at == NOW
    assert event.sender == world.message("").to
    assert event.provider_id
    assert json.dumps(dict(event.raw))


async def test_a_message_that_comes_again_is_the_same_and_another_is_not(world: World, desk: Desk) -> None:
    first, again, other = [(await world.hears("hello", name))[0] for name in ("1", "1", "2")]
    assert first.event_key == again.event_key != other.event_key
    inbox = desk.connect(world.inbox)
    for found in ([first], [again], [other, first], [other]):
        desk.hears(inbox, *found)
    assert [message.body for message in desk.thread()] == ["hello", "hello"]


async def test_messages_that_come_out_of_order_are_all_there(world: World, desk: Desk) -> None:
    """They are ordered by the provider's time; where it tells none, by their arrival."""
    inbox = desk.connect(world.inbox)
    desk.hears(inbox, *await world.hears("second", "2"))
    desk.hears(inbox, *await world.hears("first", "1", at=NOW - timedelta(minutes=1)))
    expected = ["first", "second"] if world.tells_time else ["second", "first"]
    assert [message.body for message in desk.thread()] == expected


async def test_an_edit_that_comes_before_its_message_is_not_lost(editing: Editing, desk: Desk) -> None:
    inbox = desk.connect(editing.inbox)
    desk.hears(inbox, *await editing.edits("the blue one"))
    desk.hears(inbox, *await editing.hears("the red one"))
    assert [message.body for message in desk.thread()] == ["the blue one"]


async def test_fields_that_nobody_told_us_of_are_kept_and_hide_nothing(world: World) -> None:
    (plain,) = await world.hears("hello")
    # Fields that were never announced may be counted as passed over, beside the message.
    (odd,) = (each for each in await world.hears("hello", unknown=True) if not isinstance(each, PassedOver))
    assert isinstance(plain, InboundMessage)
    assert isinstance(odd, InboundMessage)
    assert (odd.body, odd.sender, odd.event_key, odd.at) == (plain.body, plain.sender, plain.event_key, plain.at)
    assert len(json.dumps(dict(odd.raw))) > len(json.dumps(dict(plain.raw)))


async def test_what_is_malformed_is_turned_away(world: World) -> None:
    await world.hears_malformed()


async def test_every_documented_code_is_told_for_what_it_is(world: World) -> None:
    assert len(world.documented) >= 10
    for code, answer in world.documented.items():
        async with wire(answer) as server:
            result = await world.adapter.send(world.at(server.base_url), world.message("hello"))
        assert not isinstance(result, Accepted), code
        assert result.code == code
        failure = explain(world.adapter.provider, code)
        assert "isn't known" not in failure.happened
        assert failure.remedy
        # The kind of the result has to agree with what an agent reads about it.
        assert isinstance(result, OutcomeUnknown) == ("may have been sent" in failure.happened), code
        assert isinstance(result, NotSent) == ("nothing was sent" in failure.happened), code
        assert len(server.seen) == 1


async def test_a_time_out_before_anything_left_is_proof(world: World) -> None:
    adapter = world.hurried(Timeouts(connect=0.3, read=5.0, write=5.0, pool=5.0, total=20.0, listing=20.0))
    async with wire(b"", hangs=True) as server:
        # A handshake that never ends: the request can't have left.
        away = world.at(server.base_url.replace("http://", "https://"))
        result = await adapter.send(away, world.message("hello"))
    await adapter.aclose()
    assert isinstance(result, NotSent)
    assert result.code == "no_connection"


async def test_nobody_there_is_proof(world: World) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    result = await world.adapter.send(world.at(f"http://127.0.0.1:{port}"), world.message("hello"))
    assert isinstance(result, NotSent)
    assert await world.tries() == 0


async def test_reports_in_any_order_never_go_backwards(reporting: Reporting, desk: Desk) -> None:
    """The provider reports on a message before it has answered, and again after that."""
    inbox = desk.connect(reporting.inbox)
    desk.hears(inbox, *await reporting.hears("hello"))
    message, attempt = desk.begin(inbox, "hi")
    reference = delivery.reference(message, attempt)
    (early,) = reporting.adapter.events(reporting.inbox, reporting.report("P1"))
    assert isinstance(early, (StatusUpdate, Echo))
    early = replace(early, uid=reference)
    desk.hears(inbox, early)
    far = desk.status(message)
    assert far in (Delivery.SENT, Delivery.DELIVERED)
    desk.answer(message, attempt, Accepted("P1", Delivery.SENT))
    late = replace(early, event_key="late")
    if isinstance(late, StatusUpdate):
        late = replace(late, status=Delivery.SENT)
    desk.hears(inbox, late, early)
    assert desk.status(message) is far
    assert len(desk.thread()) == 2


def test_a_report_names_our_message(reporting: Reporting) -> None:
    (event,) = reporting.adapter.events(reporting.inbox, reporting.report("P1"))
    assert isinstance(event, (StatusUpdate, Echo))
    assert (event.provider_id, event.uid) == ("P1", "ours")
    (same,) = reporting.adapter.events(reporting.inbox, reporting.report("P1"))
    (other,) = reporting.adapter.events(reporting.inbox, reporting.report("P2"))
    assert same.event_key == event.event_key != other.event_key


@pytest.mark.parametrize("signature", ["", "wrong", "ü", "A" * 10_000])
def test_a_request_not_signed_by_the_provider_is_turned_away(signing: Signed, signature: str) -> None:
    request = with_headers(signing.inbound("hello"), {signing.signature_header: signature})
    with pytest.raises(BadSignature):
        signing.adapter.events(signing.inbox, request)


def test_a_report_not_signed_by_the_provider_is_turned_away(reporting: Reporting) -> None:
    request = with_headers(reporting.report("P1"), {reporting.signature_header: "wrong"})
    with pytest.raises(BadSignature):
        reporting.adapter.events(reporting.inbox, request)


def test_a_changed_request_is_turned_away(reporting: Reporting) -> None:
    request = reporting.inbound("pay 10")
    with pytest.raises(BadSignature):
        reporting.adapter.events(reporting.inbox, replace(request, body=request.body.replace(b"10", b"90")))


def test_another_kind_of_body_is_turned_away(signing: Signed) -> None:
    request = with_headers(signing.inbound("hello"), {"content-type": "text/plain"})
    with pytest.raises(BadRequest):
        signing.adapter.events(signing.inbox, request)


async def test_a_request_passes_its_fence_once_and_right_before_it_leaves(world: World) -> None:
    tries: list[int] = []

    async def ask() -> None:
        tries.append(await world.tries())

    fence = Fence(ask)
    assert isinstance(await world.adapter.send(world.inbox, world.message("hello"), fence), Accepted)
    assert fence.is_passed
    assert tries == [0]


async def test_a_fence_that_holds_lets_nothing_leave(world: World) -> None:
    async def ask() -> None:
        raise Held("others took over")

    fence = Fence(ask)
    assert isinstance(await world.adapter.send(world.inbox, world.message("hello"), fence), NotSent)
    assert not fence.is_passed
    assert (await world.tries(), await world.taken()) == (0, 0)


@pytest.mark.parametrize("mishap", [m for m in Mishap if m is not Mishap.RATE_LIMIT])
async def test_a_mishap_after_the_request_left_is_behind_the_fence(world: World, mishap: Mishap) -> None:
    async def ask() -> None:
        pass

    fence = Fence(ask)
    await world.arrange(mishap)
    await world.adapter.send(world.inbox, world.message("hello"), fence)
    assert fence.is_passed


async def test_what_takes_too_long_before_anything_left_is_before_the_fence(world: World) -> None:
    async def ask() -> None:
        pass

    fence = Fence(ask)
    adapter = world.hurried(Timeouts(connect=30.0, read=5.0, write=5.0, pool=5.0, total=0.3, listing=20.0))
    async with wire(b"", hangs=True) as server:
        away = world.at(server.base_url.replace("http://", "https://"))
        await adapter.send(away, world.message("hello"), fence)
    await adapter.aclose()
    assert not fence.is_passed
