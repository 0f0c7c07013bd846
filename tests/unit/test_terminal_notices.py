"""What is sent to a terminal beside the screen: no name or text ends a sequence or begins another one."""

import pytest

from contacts_tui.terminal import notices

HOSTILE = "4;1;50\x1b]0;owned\a\x9c\x9b31m\n\x00\u202e\x1b\\"


@pytest.mark.parametrize("in_tmux", [False, True])
def test_a_hostile_text_stays_one_text(in_tmux: bool) -> None:
    for sequence in (notices.osc9(HOSTILE, in_tmux=in_tmux), notices.osc777(HOSTILE, in_tmux=in_tmux)):
        begin, end = ("\x1bPtmux;\x1b\x1b]", "\a\x1b\\") if in_tmux else ("\x1b]", "\a")
        assert sequence.startswith(begin)
        assert sequence.endswith(end)
        inner = sequence.removeprefix(begin).removesuffix(end)
        assert inner.isprintable()
        assert "owned" in inner
    title = notices.title(HOSTILE)
    assert title[len("\x1b]2;") : -1].isprintable()


def test_a_text_is_no_command_of_a_terminal_and_no_third_part() -> None:
    assert notices.osc9("4;1;50", in_tmux=False) == "\x1b]9;contacts-tui: 4;1;50\a"
    assert notices.osc777("a;b", in_tmux=False) == "\x1b]777;notify;contacts-tui;a,b\a"


def test_a_long_text_is_cut() -> None:
    assert len(notices.osc9("word " * 1000, in_tmux=False)) < 200
