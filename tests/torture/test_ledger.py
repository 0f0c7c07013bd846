"""The comparison complains of a record in which something is wrong, and of nothing else."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.torture.books import Asked, Heard, Moved, Noted, Ours, Permission, Sent, Taken, Theirs, Try, Written
from tests.torture.consent import nothing_is_taken_after_a_word
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
    """Return a journal of these statuses, beginning at queued."""
    return tuple(Moved(message_id, old, new) for old, new in zip(("queued", *statuses), statuses, strict=False))


JOURNAL = (*MOVED, *moved_to(3, "sending", "sent", "delivered"), *moved_to(4, "sending", "unknown"))
OURS = Ours((SENT, ANSWER, PING), (HEARD,), JOURNAL)
THEIRS = Theirs((TAKEN, ANSWER_TAKEN, PING_TAKEN), (WRITTEN,))
ASKED = Asked(stored={"u1": "Hello", "u3": "Yes?"}, typed=["Ping"])


def complaints(*, sent: Sent | None = None, taken: Taken | None = None, more: Mapping[str, Any] | None = None) -> str:
    """Return the complaints when one entry differs, or some are replaced altogether."""
    given = dict(more or {})
    outbound = [sent if sent and sent.id == entry.id else entry for entry in given.get("sent", OURS.sent)]
    record = [
        taken if taken and taken.channel == entry.channel else entry for entry in given.get("taken", THEIRS.taken)
    ]
    ours = Ours(
        outbound,
        given.get("heard", OURS.heard),
        given.get("moved", OURS.moved),
        given.get("noted", ()),
        given.get("refusing", frozenset()),
        given.get("tagging", frozenset()),
    )
    theirs = Theirs(record, given.get("written", THEIRS.written), given.get("permissions", ()))
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


def test_a_receipt_that_names_no_message_counts_once_the_message_s_time_is_known() -> None:
    read = replace(ANSWER_TAKEN, statuses=("sent", "delivered", "read"), told=frozenset({"read"}))
    assert complaints(taken=read) == ""
    for known in ("echo", "delivered"):
        told = replace(read, told=frozenset({known, "read"}))
        assert "we said yes to read, and it is delivered" in complaints(taken=told)


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


MINUTE = timedelta(minutes=1)
ON_SMS, ON_WHATSAPP, ON_TELEGRAM = ("sms", ANN), ("whatsapp", ANN), ("telegram", CHAT)
STOPPED = Noted("heard", ON_SMS, NOON, "stop")
STARTED = Noted("heard", ON_SMS, NOON + 2 * MINUTE, "START")
TOLD_STOP = Noted("heard", ON_WHATSAPP, NOON, "alto", "STOP")
TOLD_START = Noted("heard", ON_WHATSAPP, NOON + 2 * MINUTE, "vale", "START")
BLOCKED = Noted("blocked", ON_TELEGRAM, NOON)
UNBLOCKED = Noted("allowed", ON_TELEGRAM, NOON + 2 * MINUTE)


def tried(thread: tuple[str, str], outcome: str, code: str = "", *, refuses: bool = False) -> tuple[Noted, Noted]:
    """Return the events of an attempt's beginning and end."""
    began = Noted("tried", thread, NOON + MINUTE, message_id=9, number=1)
    return began, replace(began, what="ended", outcome=outcome, code=code, refuses=refuses)


def noted(*what: Noted, refusing: tuple[str, str] | None = None) -> str:
    """Return the complaints about a journal of these events."""
    return complaints(more={"noted": what, "refusing": frozenset({refusing} if refusing else ())})


@pytest.mark.parametrize(
    ("no", "yes", "thread"),
    [(STOPPED, STARTED, ON_SMS), (TOLD_STOP, TOLD_START, ON_WHATSAPP), (BLOCKED, UNBLOCKED, ON_TELEGRAM)],
    ids=["word", "Twilio's word", "block"],
)
def test_a_try_while_they_refuse_is_told(no: Noted, yes: Noted, thread: tuple[str, str]) -> None:
    withheld = tried(thread, "withheld", "opted_out")
    assert noted(no, *withheld, refusing=thread) == ""
    assert noted(no, yes, *tried(thread, "accepted")) == ""
    for outcome in ("accepted", "refused", "unknown", "not_sent"):
        assert f"wants no messages, and {outcome}" in noted(no, *tried(thread, outcome), refusing=thread)
    assert "withheld, and" in noted(*withheld)
    assert "withheld, and" in noted(no, yes, *withheld)
    # An attempt that was under way when the word came may have been sent, or withheld in time.
    for began, ended in (tried(thread, "accepted"), withheld):
        assert noted(began, no, ended, refusing=thread) == ""
        assert noted(began, no, yes, ended) == ""


def test_a_refusal_that_leaks_or_is_forgotten_is_told() -> None:
    assert "refuses our messages, and the store has the opposite" in noted(STOPPED)
    assert "allows our messages, and the store has the opposite" in noted(STOPPED, STARTED, refusing=ON_SMS)
    assert "whatsapp: +12025550142 allows" in noted(STOPPED, refusing=ON_WHATSAPP)
    assert "withheld, and" in noted(STOPPED, *tried(ON_WHATSAPP, "withheld", "opted_out"), refusing=ON_SMS)


def test_a_word_where_the_provider_has_none_refuses_nothing() -> None:
    for thread in (ON_TELEGRAM, ON_WHATSAPP):
        stop = Noted("heard", thread, NOON, "stop")
        assert noted(stop, *tried(thread, "accepted")) == ""
        assert "allows our messages" in noted(stop, refusing=thread)


def test_the_last_word_counts_by_its_time_and_one_from_before_the_clock_was_set_back_does_not() -> None:
    later = replace(STARTED, at=NOON - MINUTE, stored_at=NOON + 3 * MINUTE)
    assert noted(STOPPED, later, refusing=ON_SMS) == ""
    assert "refuses our messages" in noted(STOPPED, later)
    back = replace(later, stored_at=NOON - MINUTE)
    assert noted(STOPPED, back) == ""
    assert "allows our messages" in noted(STOPPED, back, refusing=ON_SMS)
    fetched = replace(STOPPED, at=NOON + MINUTE, stored_at=NOON + 3 * MINUTE)
    assert noted(STARTED, fetched) == ""
    assert "allows our messages" in noted(STARTED, fetched, refusing=ON_SMS)


def test_what_the_provider_refuses_teaches_unless_they_allowed_it_meanwhile() -> None:
    began, ended = tried(ON_SMS, "refused", "21610", refuses=True)
    ended = replace(ended, at=NOON + 3 * MINUTE)
    assert noted(began, ended, refusing=ON_SMS) == ""
    assert "refuses our messages" in noted(began, ended)
    # Said after the attempt began, and told before or after its answer.
    for order in ((began, STARTED, ended), (began, ended, STARTED)):
        assert noted(*order) == ""
        assert "allows our messages" in noted(*order, refusing=ON_SMS)
    # Said before the attempt began, or by a clock that was set back since.
    for said in (NOON - MINUTE, NOON + 60 * MINUTE):
        assert noted(began, replace(STARTED, at=said), ended, refusing=ON_SMS) == ""


def test_what_the_provider_took_after_a_word_is_told() -> None:
    stop = replace(WRITTEN, channel="sms", sender=SHOP, from_=ANN, body="STOP", provider_id="SM5", place=1)
    start = replace(stop, body="yes", provider_id="SM6", place=2)
    heard = tuple(
        replace(HEARD, id=50 + entry.place, channel="sms", sender=SHOP, from_=ANN, body=entry.body,
                provider_id=entry.provider_id)
        for entry in (stop, start)
    )  # fmt: skip
    more = {"written": (WRITTEN, stop, start), "heard": (HEARD, *heard)}
    assert complaints(taken=replace(TAKEN, place=3), more=more) == ""
    late = {"written": (WRITTEN, stop, replace(start, place=4)), "heard": (HEARD, *heard)}
    assert "taken after their STOP" in complaints(taken=replace(TAKEN, place=3), more=late)


def test_what_is_taken_after_a_word_of_twilio_s_is_told() -> None:
    stop = replace(WRITTEN, channel="whatsapp", sender=SHOP, from_=ANN, body="alto", opt_out="STOP", place=1)
    taken = replace(TAKEN, channel="whatsapp", place=2)
    assert list(nothing_is_taken_after_a_word(Theirs((taken,), (stop,))))
    allowed = replace(stop, body="vale", opt_out="START", place=1)
    for before in (replace(stop, opt_out=""), replace(stop, place=3)):
        assert not list(nothing_is_taken_after_a_word(Theirs((taken,), (before,))))
    assert not list(nothing_is_taken_after_a_word(Theirs((taken,), (replace(stop, place=0), allowed))))


def test_a_block_of_which_the_store_knows_nothing_is_told() -> None:
    last = Permission(BOT, CHAT, blocked=True, at=NOON, acknowledged=True)
    assert "42 blocks shop_bot" in complaints(more={"permissions": (last,)})
    assert complaints(more={"permissions": (replace(last, acknowledged=False),)}) == ""
    known = {"noted": (BLOCKED,), "refusing": frozenset({ON_TELEGRAM})}
    assert complaints(more={**known, "permissions": (last,)}) == ""
    assert "42 doesn't block" in complaints(more={**known, "permissions": (replace(last, blocked=False),)})
    # The provider's clock was moved back: the block is the last by the times that it tells.
    before = replace(last, blocked=False, at=NOON - timedelta(seconds=5))
    assert complaints(more={**known, "permissions": (before,)}) == ""


def test_a_block_that_is_told_after_its_end_counts_for_nothing() -> None:
    unblocked = replace(BLOCKED, what="allowed", at=NOON + timedelta(seconds=5))
    assert noted(unblocked, BLOCKED) == ""
    assert "allows our messages" in noted(unblocked, BLOCKED, refusing=ON_TELEGRAM)


def test_a_change_that_is_not_shown_is_told() -> None:
    changed = replace(WRITTEN, body="Ho", edited=True)
    assert "changed: 'Ho'" in complaints(more={"written": (changed,)})
    assert "shown as never edited: 'Ho'" in complaints(
        more={"written": (changed,), "heard": (replace(HEARD, body="Ho"),)}
    )
    shown = replace(HEARD, body="Ho", edited=True)
    assert complaints(more={"written": (changed,), "heard": (shown,)}) == ""
    assert "shown as edited: 'Hi'" in complaints(more={"heard": (replace(HEARD, edited=True),)})
    unanswered = replace(WRITTEN, perhaps=frozenset({"Ho"}))
    assert complaints(more={"written": (unanswered,), "heard": (shown,)}) == ""
    assert complaints(more={"written": (unanswered,)}) == ""


def test_a_tag_out_of_place_is_told() -> None:
    day = timedelta(hours=24)
    heard = Noted("heard", ("messenger", PSID), NOON, "Hi")

    def under_the_tag(after: timedelta, *before: Noted, tagging: str = PAGE, taken: bool = True) -> str:
        at = NOON + after
        made = replace(ANSWER, tries=(replace(ANSWER.tries[0], started_at=at, tagged=True),))
        began = Noted("tried", ("messenger", PSID), at, message_id=3, number=1)
        ended = replace(began, what="ended", outcome="accepted")
        more = {"noted": (heard, *before, began, ended), "tagging": frozenset({tagging})}
        return complaints(sent=made, taken=replace(ANSWER_TAKEN, at=at, tagged=taken), more=more)

    assert under_the_tag(day + MINUTE) == ""
    assert under_the_tag(6 * day) == ""
    assert "arrived outside the window" in under_the_tag(7 * day)
    assert "tried outside the window" in under_the_tag(7 * day - MINUTE)
    assert "inside the 24 hours" in under_the_tag(timedelta(hours=23))
    assert "the page may not" in under_the_tag(day + MINUTE, tagging="900201")
    assert "taken otherwise" in under_the_tag(day + MINUTE, taken=False)
    # Plain text stays where it is allowed, also on a page that has the tag.
    late = replace(ANSWER_TAKEN, at=NOON + day + MINUTE)
    assert "arrived outside the window" in complaints(taken=late, more={"tagging": frozenset({PAGE})})


def test_what_an_agent_settles_is_told_apart_from_what_settles_itself() -> None:
    settled = replace(PING, status="sent", code="", sentence="")
    moved = (*JOURNAL, Moved(4, "unknown", "sent"))
    assert complaints(sent=settled, more={"moved": moved, "asked": replace(ASKED, arrived={4})}) == ""
    said = complaints(sent=settled, more={"moved": moved})
    assert "settled 1 times, by 0 answers and 0 words" in said
    assert "sent without an accepted try" in said
    answered = replace(settled, tries=(replace(ACCEPTED, provider_id="42:1"),), provider_id="42:1")
    assert complaints(sent=answered, more={"moved": moved}) == ""
    twice = (*moved, Moved(4, "sent", "unknown"), Moved(4, "unknown", "sent"))
    assert "settled 2 times" in complaints(sent=settled, more={"moved": twice, "asked": replace(ASKED, arrived={4})})
