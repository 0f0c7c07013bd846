"""Plain text, footer and status line draw what they are given and nothing else."""

from collections.abc import Iterator

import pytest
from textual.app import App, ComposeResult

from contacts_tui.domain.health import Queue, SendersHealth, State
from contacts_tui.widgets.plain_text import Plain
from contacts_tui.widgets.status_line import StatusLine
from tests.ui.stage import screen_text, until

HEALTHY = SendersHealth(4, Queue())


class Shelf(App[None]):
    """Two widgets and nothing around them."""

    def compose(self) -> ComposeResult:
        yield Plain("[red]not red[/nope] \x1b[2J\u202e", id="text")
        yield StatusLine("kim[b]")


def _states() -> Iterator[tuple[SendersHealth, str]]:
    yield HEALTHY, "kim[b] · 4 inboxes live · nothing waiting to be sent"
    yield SendersHealth(1, Queue(waiting=2, sending=1)), "kim[b] · 1 inbox live · 3 waiting to be sent"
    yield (
        SendersHealth(1, Queue(unknown=2)),
        "kim[b] · 1 inbox live · nothing waiting to be sent · ? 2 with unknown outcome",
    )
    yield SendersHealth(0, Queue()), "kim[b] · no inbox connected: i connects one"
    yield (
        SendersHealth(2, Queue(), (("Shop", State.TROUBLE, "the token is wrong"),)),
        "✗ Shop needs attention (i shows it): the token is wrong · kim[b] · 1 inbox live",
    )
    silent = State.NOT_RECEIVING
    yield (
        SendersHealth(2, Queue(), (("[b]Bot", silent, "nobody asks"), ("Shop", silent, "no URL"))),
        "! [b]Bot receives nothing, and 1 more (i shows it): nobody asks · kim[b] · 0 inboxes live",
    )


async def test_markup_and_escape_sequences_are_only_text() -> None:
    app = Shelf()
    async with app.run_test(size=(100, 5)) as pilot:
        await until(pilot, lambda: "[red]not red[/nope]" in screen_text(pilot))
        assert "\x1b" not in screen_text(pilot) and "\u202e" not in screen_text(pilot)
        app.query_one("#text", Plain).show("[/nope]")
        await until(pilot, lambda: screen_text(pilot).startswith("[/nope]"))
        assert app.query_one("#text", Plain).text == "[/nope]"


@pytest.mark.parametrize(("health", "words"), list(_states()))
async def test_the_status_line_says_how_the_senders_are(health: SendersHealth, words: str) -> None:
    app = Shelf()
    async with app.run_test(size=(100, 5)) as pilot:
        app.query_one(StatusLine).set_health(health)
        await until(pilot, lambda: words in screen_text(pilot))


async def test_why_an_inbox_needs_care_is_never_cut_in_the_middle() -> None:
    health = SendersHealth(2, Queue(), (("Shop", State.TROUBLE, "the token is wrong: set it anew"),))
    app = Shelf()
    async with app.run_test(size=(36, 5)) as pilot:
        app.query_one(StatusLine).set_health(health)
        await until(pilot, lambda: "✗ Shop needs attention (i shows" in screen_text(pilot))
        await pilot.resize_terminal(50, 5)
        await until(pilot, lambda: "✗ Shop: the token is wrong (i shows it) · kim" in screen_text(pilot))
        await pilot.resize_terminal(66, 5)
        await until(pilot, lambda: "(i shows it): the token is wrong · kim" in screen_text(pilot))
        await pilot.resize_terminal(85, 5)
        await until(pilot, lambda: "(i shows it): the token is wrong: set it anew · kim[b]" in screen_text(pilot))
        await pilot.resize_terminal(50, 5)
        await until(pilot, lambda: "✗ Shop: the token is wrong (i shows it) · kim" in screen_text(pilot))


async def test_trouble_comes_first_and_goes() -> None:
    app = Shelf()
    async with app.run_test(size=(60, 5)) as pilot:
        status = app.query_one(StatusLine)
        status.set_health(HEALTHY)
        status.set_trouble("the store is busy")
        await until(pilot, lambda: "✗ the store is busy · kim[b] · 4 inboxes live" in screen_text(pilot))
        assert "nothing" not in screen_text(pilot), "what doesn't fit is left out whole"
        status.set_trouble("")
        await until(pilot, lambda: "store" not in screen_text(pilot))
