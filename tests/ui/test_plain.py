"""Plain text, footer and status line draw what they are given and nothing else."""

from collections.abc import Iterator

import pytest
from textual.app import App, ComposeResult

from contacts_tui.domain.views import InboxHealth
from contacts_tui.widgets.plain import Plain
from contacts_tui.widgets.status_line import StatusLine
from tests.ui.stage import screen_text, until

HEALTHY = InboxHealth(inboxes=4, waiting=0, unknown=0, last_error="")


class Shelf(App[None]):
    """Two widgets and nothing around them."""

    def compose(self) -> ComposeResult:
        yield Plain("[red]not red[/nope] \x1b[2J\u202e", id="text")
        yield StatusLine("kim[b]")


def _states() -> Iterator[tuple[InboxHealth, str]]:
    yield HEALTHY, "kim[b] · 4 inboxes live · nothing waiting to leave"
    yield InboxHealth(1, 3, 0, ""), "kim[b] · 1 inbox live · 3 waiting to leave"
    yield InboxHealth(1, 0, 2, ""), "kim[b] · 1 inbox live · nothing waiting to leave · ? 2 with unknown outcome"
    yield InboxHealth(0, 0, 0, ""), "kim[b] · no inbox connected: contacts-tui inbox add"
    yield (
        InboxHealth(1, 0, 0, "Shop: the token is wrong"),
        "✗ sender trouble: Shop: the token is wrong · kim[b] · 1 inbox live",
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
async def test_the_status_line_says_how_the_senders_are(health: InboxHealth, words: str) -> None:
    app = Shelf()
    async with app.run_test(size=(100, 5)) as pilot:
        app.query_one(StatusLine).set_health(health)
        await until(pilot, lambda: words in screen_text(pilot))


async def test_trouble_comes_first_and_goes() -> None:
    app = Shelf()
    async with app.run_test(size=(60, 5)) as pilot:
        status = app.query_one(StatusLine)
        status.set_health(HEALTHY)
        status.set_trouble("the store is busy")
        await until(pilot, lambda: "✗ the store is busy · kim[b] · 4 inboxes live" in screen_text(pilot))
        status.set_trouble("")
        await until(pilot, lambda: "store" not in screen_text(pilot))
