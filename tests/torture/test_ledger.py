"""The comparison complains of a record in which something is wrong, and of nothing else."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.torture import books
from tests.torture.books import Asked, Heard, Moved, Ours, Sent, Taken, Theirs, Try, Written
from tests.torture.ledger import compare

NOON = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)
SHOP, ANN = "+12025550101", "+12025550142"
PAGE, PSID = "900200", "7001"
BOT, CHAT = "shop_bot", "42"

ACCEPTED = Try(1, "accepted", "", "", "SM1", NOON)
DOUBT = Try(1, "unknown", "timeout", "no answer", "", NOON)
UNSENT = Try(1, "not_sent", "no_connection", "refused", "", NOON)
REFUSED = Try(1, "refused", "21610", "opted out", "", NOON)

SENT = Sent(1, "u1", "sms", SHOP, ANN, "Hello", True, "delivered", "", "SM1", (ACCEPTED,))
TAKEN = Taken(
    "sms", "SM1", SHOP, ANN, "Hello", "u1.1", True, NOON, ("queued", "sent", "delivered"), frozenset({"delivered"})
)
MOVED = (Moved(1, "queued", "sending"), Moved(1, "sending", "sent"), Moved(1, "sent", "delivered"))

WRITTEN = Written("messenger", "m1", PAGE, PSID, "Hi", NOON, True)
HEARD = Heard(2, "messenger", PAGE, PSID, "Hi", "m1", NOON)

ANSWER = replace(SENT, id=3, uid="u3", channel="messenger", sender=PAGE, to=PSID, body="Yes?", provider_id="m3")
ANSWER = replace(ANSWER, tries=(replace(ACCEPTED, provider_id="m3", started_at=NOON + timedelta(hours=1)),))
ANSWER_TAKEN = replace(
    TAKEN, channel="messenger", provider_id="m3", sender=PAGE, to=PSID, body="Yes?", reference="u3.1",
    at=NOON + timedelta(hours=1),
)  # fmt: skip

PING = replace(SENT, id=4, uid="u4", channel="telegram", sender=BOT, to=CHAT, body="Ping", status="unknown")
PING = replace(PING, code="timeout", sentence="no answer: ask them", provider_id="", tries=(DOUBT,))
PING_TAKEN = replace(
    TAKEN, channel="telegram", provider_id="42:1", sender=BOT, to=CHAT, body="Ping", reference="", statuses=("sent",),
    told=frozenset(),
)  # fmt: skip


def moved_to(message_id: int, *statuses: str) -> tuple[Moved, ...]:
    """A journal from queued on."""
    return tuple(Moved(message_id, old, new) for old, new in zip(("queued", *statuses), statuses, strict=False))


JOURNAL = (*MOVED, *moved_to(3, "sending", "sent", "delivered"), *moved_to(4, "sending", "unknown"))
OURS = Ours((SENT, ANSWER, PING), (HEARD,), JOURNAL)
THEIRS = Theirs((TAKEN, ANSWER_TAKEN, PING_TAKEN), (WRITTEN,))
ASKED = Asked(stored={"u1": "Hello", "u3": "Yes?"}, typed=["Ping"])


def complaints(*, sent: Sent | None = None, taken: Taken | None = None, more: Mapping[str, Any] | None = None) -> str:
    """What is said when one entry differs, or some are replaced altogether."""
    given = dict(more or {})
    outbound = [sent if sent and sent.id == entry.id else entry for entry in given.get("sent", OURS.sent)]
    record = [
        taken if taken and taken.channel == entry.channel else entry for entry in given.get("taken", THEIRS.taken)
    ]
    ours = Ours(outbound, given.get("heard", OURS.heard), given.get("moved", OURS.moved))
    theirs = Theirs(record, given.get("written", THEIRS.written))
    return "\n".join(compare(ours, theirs, given.get("asked", ASKED)))


def test_two_records_that_agree_give_no_cause() -> None:
    assert complaints() == ""


def test_a_message_that_an_agent_was_told_is_stored_is_missed() -> None:
    assert "lost: 'Not there'" in complaints(more={"asked": Asked(stored={"u9": "Not there"})})
    assert "typed once, and 0 times in the store" in complaints(more={"asked": Asked(typed=["Not there"])})


@pytest.mark.parametrize("status", ["queued", "sending"])
def test_what_is_left_on_its_way_is_told(status: str) -> None:
    assert "left on its way" in complaints(sent=replace(SENT, status=status))
    assert "left on its way" in complaints(sent=replace(SENT, task="send"))


def test_an_end_without_a_reason_is_told() -> None:
    assert "failed without a reason" in complaints(sent=replace(SENT, status="failed", tries=(REFUSED,)))
    assert "unknown and unexplained" in complaints(sent=replace(PING, tries=(replace(DOUBT, code=""),)))
    assert "delivered without an accepted try" in complaints(sent=replace(SENT, tries=(DOUBT,)))


def test_a_message_the_provider_took_twice_is_told() -> None:
    twice = replace(TAKEN, provider_id="SM2")
    assert "doubled: the provider took the try u1.1 2 times" in complaints(more={"taken": (*THEIRS.taken, twice)})
    ping = replace(PING_TAKEN, provider_id="42:2")
    assert "doubled: the provider took 2 of 1 tries" in complaints(more={"taken": (*THEIRS.taken, ping)})


def test_a_second_try_needs_the_agent_or_proof() -> None:
    second = replace(ACCEPTED, number=2)
    assert "tried 2 times, and the agent asked 0 times" in complaints(sent=replace(SENT, tries=(DOUBT, second)))
    again = replace(TAKEN, reference="u1.2")
    once_more = Asked(again={1: 1})
    assert complaints(sent=replace(SENT, tries=(DOUBT, second)), taken=again, more={"asked": once_more}) == ""
    assert complaints(sent=replace(SENT, tries=(UNSENT, second)), taken=again) == ""


def test_what_the_provider_took_counts_neither_as_unsent_nor_as_another_s() -> None:
    second = replace(ACCEPTED, number=2)
    assert "which counts as not_sent" in complaints(sent=replace(SENT, tries=(UNSENT, second)))
    assert "knows nothing of the accepted try" in complaints(taken=replace(TAKEN, provider_id="SM9"))
    assert "took something else" in complaints(taken=replace(TAKEN, to="+12025550199"))
    assert "took what we never sent" in complaints(taken=replace(TAKEN, reference="u9.1"))


def test_doubt_that_evidence_could_settle_is_told() -> None:
    doubtful = replace(SENT, status="unknown", code="timeout", sentence="no answer", provider_id="", tries=(DOUBT,))
    assert "evidence was there (delivered)" in complaints(sent=doubtful)
    silent = replace(TAKEN, told=frozenset())
    assert "its text, in the list" in complaints(sent=doubtful, taken=silent)
    alike = (*THEIRS.taken[1:], silent, replace(silent, provider_id="SM2", reference="u5.1"))
    other = replace(SENT, id=5, uid="u5", provider_id="SM2", tries=(replace(ACCEPTED, provider_id="SM2"),))
    said = complaints(more={"sent": (doubtful, ANSWER, PING, other), "taken": alike})
    assert "evidence was there" not in said


def test_a_status_says_neither_more_nor_less_than_the_provider_did() -> None:
    assert "delivered, which the provider never said" in complaints(taken=replace(TAKEN, statuses=("queued", "sent")))
    failed = replace(SENT, status="failed", code="30003", sentence="off: later")
    assert "failed, which the provider never said" in complaints(sent=failed, taken=replace(TAKEN, told=frozenset()))
    assert "we said yes to delivered, and it is sent" in complaints(sent=replace(SENT, status="sent"))


def test_a_status_that_went_backwards_is_told() -> None:
    back = (*JOURNAL, Moved(1, "delivered", "sent"), Moved(1, "sent", "delivered"))
    assert "backwards: delivered → sent 1 times" in complaints(more={"moved": back})
    assert "backwards: delivered → queued" in complaints(more={"moved": (*JOURNAL, Moved(1, "delivered", "queued"))})
    assert "the journal has a hole" in complaints(more={"moved": JOURNAL[1:]})
    assert "the journal ends at sent" in complaints(more={"moved": [one for one in JOURNAL if one != MOVED[-1]]})


def test_an_inbound_message_is_there_once_or_it_is_told() -> None:
    assert "lost: 'Hi'" in complaints(more={"heard": ()})
    assert "lost" not in complaints(more={"heard": (), "written": (replace(WRITTEN, acknowledged=False),)})
    assert "stored 2 times: 'Hi'" in complaints(more={"heard": (HEARD, replace(HEARD, id=9))})
    assert "nobody wrote this" in complaints(more={"heard": (HEARD, replace(HEARD, provider_id="m9"))})
    assert "changed: 'Hi'" in complaints(more={"heard": (replace(HEARD, body="Ho"),)})


def test_a_thread_out_of_order_is_told() -> None:
    later = replace(WRITTEN, provider_id="m2", at=NOON + timedelta(seconds=5))
    stored = replace(HEARD, id=5, provider_id="m2", at=later.at)
    both = {"written": (WRITTEN, later)}
    assert complaints(more={**both, "heard": (HEARD, stored)}) == ""
    assert "out of order" in complaints(more={**both, "heard": (stored, HEARD)})
    assert "dated" in complaints(more={"heard": (replace(HEARD, at=NOON + timedelta(seconds=1)),)})


def test_free_text_outside_the_window_is_told() -> None:
    day = timedelta(hours=24)
    late = replace(ANSWER_TAKEN, at=NOON + day + timedelta(seconds=1))
    assert "arrived outside the window" in complaints(taken=late)
    assert "arrived outside" not in complaints(taken=replace(late, statuses=("failed",)))
    assert "arrived outside" not in complaints(taken=replace(late, free=False))
    in_the_margin = replace(ANSWER, tries=(replace(ANSWER.tries[0], started_at=NOON + day - timedelta(minutes=1)),))
    assert "tried outside the window" in complaints(sent=in_the_margin)
    withheld = replace(ANSWER.tries[0], outcome="withheld", code="window", provider_id="")
    refused = replace(ANSWER, status="failed", code="window", sentence="closed: a template", tries=(withheld,))
    assert "tried outside" not in complaints(sent=refused)


def test_the_sandbox_s_record_is_read_as_it_is_written() -> None:
    post = {"at": "", "url": "", "answer": 204, "error": None, "fields": {"MessageStatus": "delivered"}}
    lost = post | {"answer": None, "fields": {"MessageStatus": "read"}}
    entry = {
        "provider_id": "SM1", "channel": "whatsapp", "direction": "outbound-api", "from": f"whatsapp:{SHOP}",
        "to": f"whatsapp:{ANN}", "body": "Hello", "reference": None, "created_at": NOON.isoformat(),
        "status_callback": "http://127.0.0.1/webhooks/1/status?message=u1.1", "form": [["To", ANN]],
        "history": [{"status": "queued", "at": ""}, {"status": "delivered", "at": ""}], "posts": [post, lost],
    }  # fmt: skip
    polled = entry | {
        "channel": "telegram", "direction": "inbound", "provider_id": "42:1", "from": CHAT, "to": BOT, "posts": [],
    }  # fmt: skip
    waiting = polled | {"provider_id": "42:2"}
    update = {"update_id": 1, "message": {"message_id": 2, "chat": {"id": 42}}}
    state = {"telegram_bots": [{"username": BOT, "webhook": None, "updates": [update]}]}
    read = books.theirs([entry, polled, waiting], state)
    told = frozenset({"delivered"})
    taken = Taken("whatsapp", "SM1", SHOP, ANN, "Hello", "u1.1", True, NOON, ("queued", "delivered"), told)
    assert read.taken == [taken]
    assert [entry.acknowledged for entry in read.written] == [True, False]
