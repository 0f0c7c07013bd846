"""Two inboxes whose providers give the same ids: chats of two bots, two pages, two accounts. Each keeps its own."""

from dataclasses import replace
from pathlib import Path

import pytest

from contacts_tui.channels.base import Accepted, Echo, MessageEdited, OutcomeUnknown
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.message import AttemptOutcome, Message
from contacts_tui.services import delivery, inbound, inboxes
from contacts_tui.services.workers import outbox
from contacts_tui.store import attempts as attempt_log
from tests.services.world import World

SAM, SAME = "42", "42:7"


class Bots:
    """Two bots to which Sam has written."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.one = world.inbox("One", Channel.TELEGRAM, "one_bot")
        self.two = world.inbox("Two", Channel.TELEGRAM, "two_bot")
        for number, bot in enumerate((self.one, self.two)):
            world.hears(bot, f"hello {bot.name}", SAM, sid=f"{SAM}:{number + 1}")

    def tried(self, bot: Inbox, result: Accepted | OutcomeUnknown) -> Message:
        """Send a message to Sam, record this result of its attempt, and return the message."""
        message = self.world.send(self.world.owner(bot, SAM), bot, f"from {bot.name}")
        (job,) = [job for job in self.world.store.call(outbox.take, "tests", 8) if job.message_id == message.id]
        self.world.store.call(delivery.record, message.id, job.attempt, result)
        return message

    def status(self, message: Message) -> Delivery | None:
        """Return the present status of the message."""
        return self.world.message(message.id).status


@pytest.fixture
def bots(tmp_path: Path) -> Bots:
    return Bots(World(tmp_path))


def test_a_report_is_about_the_message_of_its_own_inbox(bots: Bots) -> None:
    one, two = (bots.tried(bot, Accepted(SAME, Delivery.SENT)) for bot in (bots.one, bots.two))
    bots.world.reported(bots.two, Delivery.DELIVERED, sid=SAME)
    assert (bots.status(one), bots.status(two)) == (Delivery.SENT, Delivery.DELIVERED)
    bots.world.reported(bots.one, Delivery.READ, sid=SAME)
    assert (bots.status(one), bots.status(two)) == (Delivery.READ, Delivery.DELIVERED)


def test_a_report_that_comes_before_its_answer_waits_for_its_own_inbox(bots: Bots) -> None:
    bots.world.reported(bots.two, Delivery.DELIVERED, sid=SAME)
    one = bots.tried(bots.one, Accepted(SAME, Delivery.SENT))
    assert bots.status(one) is Delivery.SENT
    two = bots.tried(bots.two, Accepted(SAME, Delivery.SENT))
    assert bots.status(two) is Delivery.DELIVERED


def test_an_echo_is_of_its_own_inbox(bots: Bots) -> None:
    one = bots.tried(bots.one, Accepted(SAME, Delivery.SENT))
    echo = Echo("echo", SAME, SAM, "", "from elsewhere", (), bots.world.clock(), {})
    bots.world.store.call(inbound.apply, bots.two.id, [echo])
    bodies = [message.body for message in bots.world.thread(bots.world.owner(bots.two, SAM))]
    assert bodies == ["hello Two", "from elsewhere"]
    assert bots.world.message(one.id).provider_id == SAME


def test_an_edit_changes_the_message_of_its_own_inbox(bots: Bots) -> None:
    for bot in (bots.one, bots.two):
        bots.world.hears(bot, "same id", SAM, sid=SAME)
    edit = MessageEdited("edit", SAME, "changed", None, bots.world.clock(), {})
    bots.world.store.call(inbound.apply, bots.two.id, [edit])
    texts = [bots.world.thread(bots.world.owner(bot, SAM))[-1].body for bot in (bots.one, bots.two)]
    assert texts == ["same id", "changed"]


def test_a_reference_of_another_message_settles_nothing(bots: Bots) -> None:
    one = bots.tried(bots.one, OutcomeUnknown("timeout", ""))
    two = bots.tried(bots.two, OutcomeUnknown("timeout", ""))
    bots.world.reported(bots.two, Delivery.DELIVERED, sid=SAME, reference=f"{one.uid}.1")
    assert (bots.status(one), bots.status(two)) == (Delivery.UNKNOWN, Delivery.UNKNOWN)


@pytest.mark.parametrize(("account", "is_proof"), [("AC" + "b" * 32, True), ("AC" + "a" * 32, False)])
def test_evidence_is_no_other_message_of_the_same_account(tmp_path: Path, account: str, is_proof: bool) -> None:
    world = World(tmp_path)
    other = world.inbox("Other", Channel.SMS, "+12025550199")
    world.store.call(inboxes.change, "Kim", other.id, replace(other.form, account=account))
    ann = world.person()
    taken = Accepted("SM" + "1" * 32, Delivery.SENT)
    for inbox, result in ((other, taken), (world.shop, OutcomeUnknown("timeout", ""))):
        message = world.send(ann, inbox, "the same words")
        (job,) = world.store.call(outbox.take, "tests", 1)
        world.store.call(delivery.record, message.id, job.attempt, result)
    world.store.call(delivery.record, message.id, job.attempt, delivery.Found(taken))
    assert world.message(message.id).status is (Delivery.SENT if is_proof else Delivery.UNKNOWN)
    (attempt,) = world.store.call_read(lambda session, _: attempt_log.of_message(session, message.id))
    assert attempt.outcome is (AttemptOutcome.ACCEPTED if is_proof else AttemptOutcome.UNKNOWN)
