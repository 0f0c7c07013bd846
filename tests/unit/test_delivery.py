"""The delivery lattice."""

from functools import reduce
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.domain.cells import text_width
from contacts_tui.domain.delivery import FINAL, MARKS, Delivery, advance, word

D = Delivery
statuses = st.sampled_from(Delivery)


def test_complaint_2_statuses_out_of_order_never_go_backwards() -> None:
    for reports in permutations([D.SENDING, D.SENT, D.DELIVERED, D.READ]):
        assert reduce(advance, reports, D.QUEUED) is D.READ


@pytest.mark.parametrize("late", [D.QUEUED, D.SENDING, D.UNKNOWN, D.SENT, D.DELIVERED, D.READ])
def test_nothing_revives_a_failed_message(late: Delivery) -> None:
    assert advance(D.FAILED, late) is D.FAILED


@pytest.mark.parametrize("proven", [D.DELIVERED, D.READ])
def test_a_late_failure_does_not_undo_a_proven_delivery(proven: Delivery) -> None:
    assert advance(proven, D.FAILED) is proven


@pytest.mark.parametrize("current", [D.QUEUED, D.SENDING, D.UNKNOWN, D.SENT])
def test_a_failure_settles_what_is_open(current: Delivery) -> None:
    assert advance(current, D.FAILED) is D.FAILED


@pytest.mark.parametrize("evidence", [D.SENT, D.DELIVERED, D.READ, D.FAILED])
def test_evidence_settles_unknown(evidence: Delivery) -> None:
    assert advance(D.UNKNOWN, evidence) is evidence


@pytest.mark.parametrize("guess", [D.QUEUED, D.SENDING, D.UNKNOWN])
def test_only_evidence_settles_unknown(guess: Delivery) -> None:
    assert advance(D.UNKNOWN, guess) is D.UNKNOWN


@pytest.mark.parametrize("known", [D.SENT, D.DELIVERED, D.READ, D.FAILED])
def test_a_doubt_does_not_hide_what_is_known(known: Delivery) -> None:
    assert advance(known, D.UNKNOWN) is known


@given(statuses, statuses)
def test_a_report_twice_is_a_report_once(current: Delivery, reported: Delivery) -> None:
    once = advance(current, reported)
    assert advance(once, reported) is once


@given(statuses, st.lists(statuses))
def test_a_status_once_left_never_comes_back(current: Delivery, reports: list[Delivery]) -> None:
    seen = [current]
    for report in reports:
        current = advance(current, report)
        if current is not seen[-1]:
            assert current not in seen
            seen.append(current)


@given(statuses, st.permutations([s for s in Delivery if s is not D.FAILED]))
def test_without_a_failure_the_order_of_reports_is_of_no_matter(start: Delivery, reports: list[Delivery]) -> None:
    assert reduce(advance, reports, start) is reduce(advance, sorted(reports), start)


@given(statuses, statuses)
def test_a_final_status_only_ever_becomes_read(final: Delivery, reported: Delivery) -> None:
    if final in FINAL:
        assert advance(final, reported) in {final, D.READ}


def test_every_status_has_a_mark_of_single_cells_and_a_word_of_its_own() -> None:
    for status in Delivery:
        assert all(text_width(char) == 1 for char in MARKS[status])
    assert len({word(status) for status in Delivery}) == len(Delivery)
