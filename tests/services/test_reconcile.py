"""A search for evidence that ends when the outcome is known already, or another attempt has begun."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from contacts_tui.channels.base import Accepted, OutcomeUnknown, Refused
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.message import Attempt, AttemptOutcome, Message
from contacts_tui.services import delivery, messaging
from contacts_tui.services.delivery import Found, NothingFound
from contacts_tui.services.errors import BadInput
from contacts_tui.store import attempts, outbox
from tests.services.world import World

FOUND = Accepted("SM" + "f" * 32, Delivery.SENT)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Yield a world."""
    made = World(tmp_path)
    yield made
    made.store.close()


def in_doubt(world: World) -> tuple[Message, Attempt]:
    """Send a message whose answer gets lost; return it and the attempt."""
    message = world.send(world.person(), world.shop, "Is it there?")
    return message, again_in_doubt(world, message)


def again_in_doubt(world: World, message: Message) -> Attempt:
    """Begin another attempt whose answer gets lost, and return it."""
    attempt = world.store.call(attempts.begin, message.id)
    world.store.call(delivery.record, message.id, attempt, OutcomeUnknown("timeout", "no answer"))
    return attempt


def outcomes(world: World, message: Message) -> list[AttemptOutcome]:
    """Return the outcomes of the message's attempts."""
    found = world.store.call_read(lambda session, _: attempts.of_message(session, message.id))
    return [attempt.outcome for attempt in found]


@pytest.mark.parametrize("other", [OutcomeUnknown("timeout", "no answer"), Refused("21610", "opted out")])
def test_what_is_found_settles_a_doubt_unless_it_may_be_another_message(
    world: World, other: OutcomeUnknown | Refused
) -> None:
    message, attempt = in_doubt(world)
    twin = world.send(message.contact_id, world.shop, message.body)
    world.store.call(delivery.record, twin.id, world.store.call(attempts.begin, twin.id), other)
    world.store.call(delivery.record, message.id, attempt, Found(FOUND))
    is_proof = isinstance(other, Refused)
    assert world.message(message.id).status is (Delivery.SENT if is_proof else Delivery.UNKNOWN)
    assert outcomes(world, message) == [AttemptOutcome.ACCEPTED if is_proof else AttemptOutcome.UNKNOWN]


@pytest.mark.parametrize("found", [NothingFound(), Found(FOUND)], ids=["nothing", "found"])
def test_a_report_that_came_meanwhile_stands(world: World, found: Found | NothingFound) -> None:
    message, attempt = in_doubt(world)
    world.reported(world.shop, Delivery.DELIVERED, sid=FOUND.provider_id, reference=f"{message.uid}.1")
    world.store.call(delivery.record, message.id, attempt, found)
    assert world.message(message.id).status is Delivery.DELIVERED
    assert outcomes(world, message) == [AttemptOutcome.ACCEPTED]


@pytest.mark.parametrize("reported", [False, True], ids=["by an agent alone", "by a report too"])
def test_an_agents_word_is_no_proof_in_the_ledger_when_the_answer_is_given_up_late(
    world: World, reported: bool
) -> None:
    message, attempt = in_doubt(world)
    world.store.call(messaging.arrived, message.id, "Kim")
    if reported:
        world.reported(world.shop, Delivery.SENT, sid=FOUND.provider_id, reference=f"{message.uid}.1")
    world.store.call(delivery.record, message.id, attempt, OutcomeUnknown("timeout", "no answer"))
    assert world.message(message.id).status is Delivery.SENT
    assert outcomes(world, message) == [AttemptOutcome.ACCEPTED if reported else AttemptOutcome.UNKNOWN]


def test_a_late_look_does_not_take_another_attempt_out_of_the_outbox(world: World) -> None:
    message, attempt = in_doubt(world)
    world.store.call(messaging.retry, message.id, may_double=True)
    world.store.call(attempts.begin, message.id)
    world.store.call(delivery.record, message.id, attempt, Found(FOUND))
    assert world.store.call_read(lambda session, _: outbox.task_of(session, message.id)) is outbox.Task.SEND
    assert outcomes(world, message) == [AttemptOutcome.ACCEPTED, AttemptOutcome.SENDING]


def test_a_late_look_settles_no_other_attempt(world: World) -> None:
    message, first = in_doubt(world)
    world.store.call(messaging.retry, message.id, may_double=True)
    again_in_doubt(world, message)
    world.store.call(delivery.record, message.id, first, Found(FOUND))
    assert world.message(message.id).status is Delivery.UNKNOWN
    assert outcomes(world, message) == [AttemptOutcome.ACCEPTED, AttemptOutcome.UNKNOWN]


def test_a_late_look_revives_nothing_that_was_refused_since(world: World) -> None:
    message, first = in_doubt(world)
    world.store.call(messaging.retry, message.id, may_double=True)
    second = world.store.call(attempts.begin, message.id)
    world.store.call(delivery.record, message.id, second, Refused("21610", "opted out"))
    world.store.call(delivery.record, message.id, first, NothingFound())
    assert world.message(message.id).status is Delivery.FAILED


def test_an_agents_word_is_taken_back_until_there_is_evidence(world: World) -> None:
    message, _ = in_doubt(world)
    for _ in range(2):
        world.store.call(messaging.arrived, message.id, "Kim")
        assert world.message(message.id).status is Delivery.SENT
        world.store.call(messaging.undo_arrived, message.id, "Kim")
        assert world.message(message.id).status is Delivery.UNKNOWN
        task = world.store.call_read(lambda session, _: outbox.task_of(session, message.id))
        assert task is outbox.Task.RECONCILE, "evidence is looked for again"
    world.store.call(messaging.arrived, message.id, "Kim")
    world.reported(world.shop, Delivery.DELIVERED, sid=FOUND.provider_id, reference=f"{message.uid}.1")
    with pytest.raises(BadInput, match="has confirmed"):
        world.store.call(messaging.undo_arrived, message.id, "Kim")
    assert world.message(message.id).status is Delivery.DELIVERED
