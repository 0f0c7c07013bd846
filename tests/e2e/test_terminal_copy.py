"""The mouse and the clipboard of a real terminal: what is marked arrives as OSC 52, and links as OSC 8."""

import base64
import re

import pytest

from contacts_tui.cli.exit import Exit
from contacts_tui.domain.clock import utc_now
from tests.e2e.shop import Shop, chosen, number
from tests.e2e.terminal import Terminal

TEXT = (
    "日本語の注文 4711 is on its way, the green one; see https://shop.example/track/4711?by=mail&x=1 for where it is."
)


def place(terminal: Terminal, words: str) -> tuple[int, int]:
    """Return the column and line where words begin, both from 1, as the mouse counts them."""
    for y, line in enumerate(terminal.screen.display, 1):
        if words in line:
            cells = [terminal.screen.buffer[y - 1][x].data for x in range(terminal.screen.columns)]
            at = next(x for x in range(len(cells)) if "".join(cells[x:]).startswith(words))
            return at + 1, y
    raise AssertionError(f"{words!r} is not on the screen:\n{terminal.text}")


def drag(terminal: Terminal, begin: tuple[int, int], end: tuple[int, int]) -> None:
    terminal.type(f"\x1b[<0;{begin[0]};{begin[1]}M")
    for x, y in ((begin[0] + 1, begin[1]), end):
        terminal.type(f"\x1b[<32;{x};{y}M")
    terminal.type(f"\x1b[<0;{end[0]};{end[1]}m")


def clipboard(output: bytes) -> list[str]:
    """Return everything that was put on the clipboard, decoded."""
    return [base64.b64decode(piece).decode() for piece in re.findall(rb"(?<!\x1b)\x1b\]52;c;([^\a]*)\a", output)]


def opened(terminal: Terminal) -> None:
    chosen(terminal, "Amara")
    terminal.press("enter")
    terminal.wait_for("the green one", "to Amara Okafor", "⏎ send")
    # The thread doesn't move any more once the composer has its place.
    terminal.gather(0.3)
    terminal.show()


def test_what_is_marked_over_lines_and_bubbles_arrives_whole(shop: Shop) -> None:
    shop.hears(shop.whatsapp, TEXT, number(0), at=utc_now())
    shop.hears(shop.whatsapp, "Thank you!", number(0), at=utc_now())
    with shop.program() as terminal:
        opened(terminal)
        begin, (x, y) = place(terminal, "4711 is"), place(terminal, "Thank")
        drag(terminal, begin, (x + 4, y))
        terminal.wait_for("⏎ details")
        terminal.press("ctrl+c")
        terminal.wait_for("Copied: ")
        assert clipboard(terminal.output) == [f"{TEXT[TEXT.index('4711') :]}\nThank"]
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == Exit.DONE


@pytest.mark.parametrize(
    ("environment", "count"),
    [({}, 1), ({"TERM": "linux"}, 0), ({"TERM": "screen-256color"}, 0), ({"TERM": "screen-256color", "TMUX": "x"}, 1)],
)
def test_a_link_is_one_of_the_terminal_where_it_has_links(shop: Shop, environment: dict[str, str], count: int) -> None:
    shop.hears(shop.whatsapp, TEXT, number(0), at=utc_now())
    with shop.program(environment=environment) as terminal:
        opened(terminal)
        found = {target for _, target in re.findall(rb"\x1b\]8;id=([^;]*);([^\x1b]+)\x1b\\", terminal.output)}
        assert found == {b"https://shop.example/track/4711?by=mail&x=1"} if count else not found
        terminal.press("ctrl+q")
        terminal.wait_exit()


def test_tmux_is_told_to_hand_the_clipboard_on(shop: Shop) -> None:
    shop.hears(shop.whatsapp, TEXT, number(0), at=utc_now())
    with shop.program(environment={"TMUX": "/tmp/tmux-0/default,1,0"}) as terminal:
        opened(terminal)
        terminal.press("escape")
        terminal.wait_for("⏎ details")
        terminal.press("c")
        terminal.wait_for("Copied: ")
        (wrapped,) = re.findall(rb"\x1bPtmux;\x1b\x1b\]52;c;([^\a]*)\a\x1b\\", terminal.output)
        assert base64.b64decode(wrapped).decode() == TEXT
        assert clipboard(terminal.output) == [TEXT]
        terminal.press("ctrl+q")
        terminal.wait_exit()
