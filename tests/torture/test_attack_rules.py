"""The judgement of an attack complains of a record in which something is wrong, and of nothing else."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.torture.attack_rules import Attacked, judge, without_what_was_put_aside
from tests.torture.books import Answered, Heard, Ours, Replaced, Theirs, Written
from tests.torture.ledger import everything_heard_is_there_once

NOON = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)
WRITTEN = Written("messenger", "m1", "900200", "7001", "Hi", NOON, acknowledged=True)
LATER = replace(WRITTEN, provider_id="m2", body="Still there?")
HEARD = Heard(1, "messenger", "900200", "7001", "Hi", "m1", NOON)
POSTS = tuple(Answered("messenger m1", answer) for answer in (200, 204, 503, 408, None))
ASIDE = Replaced(Path("aside 1.db"), frozenset({WRITTEN.key}), frozenset({WRITTEN.key}))

OURS = Ours((), (replace(HEARD, provider_id="m2", body="Still there?"),), ())
THEIRS = Theirs((), (WRITTEN, LATER), (), POSTS)
ATTACKED = Attacked(
    tuple(Answered("unsigned", answer) for answer in (400, 403, 404, 503, None)),
    (ASIDE,),
    ((Path("store.db"), 0, "all is well"),),
)


def complaints(ours: Ours = OURS, theirs: Theirs = THEIRS, attacked: Attacked = ATTACKED) -> str:
    """Return the complaints, a line each."""
    return "\n".join(judge(ours, theirs, attacked))


def test_an_attack_that_did_no_harm_gives_no_cause() -> None:
    assert complaints() == ""


@pytest.mark.parametrize("answer", [200, 204, 302])
def test_what_is_taken_from_a_stranger_is_told(answer: int) -> None:
    said = complaints(attacked=replace(ATTACKED, strangers=(Answered("unsigned", answer),)))
    assert said == f"taken from a stranger with {answer}: unsigned"


@pytest.mark.parametrize("answer", [500, 502])
def test_a_stranger_that_makes_a_receiver_fail_is_told(answer: int) -> None:
    said = complaints(attacked=replace(ATTACKED, strangers=(Answered("unsigned", answer),)))
    assert said == f"a stranger made it fail with {answer}: unsigned"


@pytest.mark.parametrize("answer", [400, 403, 404, 413, 500])
def test_a_true_webhook_that_is_refused_for_good_is_told(answer: int) -> None:
    said = complaints(theirs=replace(THEIRS, posts=(*POSTS, Answered("sms SM1", answer))))
    assert said == f"a provider's own webhook was answered with {answer}: sms SM1"


def test_what_is_lost_from_the_file_that_was_in_place_is_told() -> None:
    lost = replace(ASIDE, heard=frozenset())
    both = replace(OURS, heard=(HEARD, *OURS.heard))
    # Also where the file that replaced it has the message by other means.
    said = complaints(ours=both, attacked=replace(ATTACKED, replaced=(lost,)))
    assert said == "lost from aside 1.db, which was in place when we said yes: 'Hi' (messenger)"


def test_what_an_earlier_file_took_with_it_is_not_lost_from_a_later_one() -> None:
    later = replace(ASIDE, path=Path("aside 2.db"), acknowledged=frozenset({WRITTEN.key, LATER.key}))
    kept = replace(later, heard=frozenset({LATER.key}))
    assert complaints(attacked=replace(ATTACKED, replaced=(ASIDE, kept))) == ""
    said = complaints(attacked=replace(ATTACKED, replaced=(ASIDE, replace(later, heard=frozenset()))))
    assert said == "lost from aside 2.db, which was in place when we said yes: 'Still there?' (messenger)"


def test_what_is_in_neither_file_is_told() -> None:
    said = complaints(ours=replace(OURS, heard=()))
    assert said == "lost in every file: 'Still there?' of 7001 (messenger), to which we said yes"
    unacknowledged = replace(THEIRS, written=(WRITTEN, replace(LATER, acknowledged=False)))
    assert complaints(ours=replace(OURS, heard=()), theirs=unacknowledged) == ""


def test_a_store_in_which_the_check_finds_something_is_told() -> None:
    unsound = ((Path("store.db"), 0, ""), (Path("aside 1.db"), 1, "people whose unread count is wrong: 7"))
    said = complaints(attacked=replace(ATTACKED, checks=unsound))
    assert said == "`store check` of aside 1.db ended with 1: people whose unread count is wrong: 7"


def test_only_what_a_file_that_was_put_aside_has_is_not_asked_for_in_the_one_in_place() -> None:
    def lost(replaced: tuple[Replaced, ...], ours: Ours = OURS) -> list[str]:
        return list(everything_heard_is_there_once(ours, without_what_was_put_aside(ours, THEIRS, replaced)))

    assert lost((ASIDE,)) == []
    (said,) = lost((replace(ASIDE, heard=frozenset()),))
    assert said.startswith("lost: 'Hi'")
    assert len(lost((ASIDE,), replace(OURS, heard=()))) == 1
