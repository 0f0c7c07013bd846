"""Keywords are whole messages."""

import pytest

from contacts_tui.domain.opt_out import OptWord, opt_word


@pytest.mark.parametrize(
    "text",
    ["STOP", "stop", " Stop\n", "UNSUBSCRIBE", "end", "Quit", "stopall", "revoke", "OptOut", "CANCEL"],
)
def test_stop_words(text: str) -> None:
    assert opt_word(text) is OptWord.STOP


@pytest.mark.parametrize("text", ["START", "unstop", "\tYes "])
def test_start_words(text: str) -> None:
    assert opt_word(text) is OptWord.START


@pytest.mark.parametrize(
    "text", ["Stop texting me", "please stop", "", "  ", "STOP STOP", "Yes!", "STOP.", "S T O P", "restart"]
)
def test_other_messages_are_no_keywords(text: str) -> None:
    assert opt_word(text) is None
