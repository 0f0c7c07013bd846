"""One store, several programs, one after the other or at once: what one writes, the other shows."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from contacts_tui.cli.exit import Exit
from contacts_tui.services import messaging
from tests.e2e.shop import Shop, ago, chosen, number


def test_two_programs_see_each_others_messages_without_a_key(shop: Shop) -> None:
    with shop.program() as kim, shop.program() as lee, shop.program(columns=120) as list_only:
        chosen(list_only, "Amara Okafor")
        for terminal in (kim, lee):
            chosen(terminal, "Amara Okafor")
            terminal.press("enter")
            terminal.wait_for("to Amara Okafor …1000")
        kim.type("It is on its way, says Kim")
        kim.press("enter")
        kim.wait_for("queued", "0/1600")
        lee.wait_for("It is on its way, says Kim", "queued")
        lee.type("It has arrived, says Lee")
        lee.press("enter")
        kim.wait_for("It has arrived, says Lee")
        list_only.wait_for("you, elsewhere  · queued: It")


@pytest.fixture
def team(tmp_path: Path, location: str) -> Iterator[Shop]:
    """Yield a shop on a team's store, in a file or on a server."""
    made = Shop(tmp_path, location=location)
    yield made
    made.store.close()


def test_complaint_11062_who_else_is_looking_writing_and_answering_is_seen(team: Shop) -> None:
    kim, noor = ({"CONTACTS_TUI_AGENT": name} for name in ("Kim", "Noor"))
    with team.program(environment=kim) as here, team.program(environment=noor) as there:
        chosen(here, "Amara Okafor")
        chosen(there, "Amara Okafor")
        there.press("enter")
        here.wait_for("Noor")
        here.press("enter")
        here.wait_for("to Amara Okafor …1000", "Noor is looking at Amara Okafor.")
        here.type("Hello")
        there.wait_for("Kim is writing to Amara Okafor.")
        there.type("It is on its way")
        here.wait_for("Noor is writing to Amara Okafor.")
        there.press("enter")
        there.wait_for("queued")
        here.press("enter")
        here.wait_for("Noor answered since you began to write.", "Noor, just now, by WhatsApp:", "It is on its way")
        here.press("escape")
        here.wait_for("Not sent: your text is kept.")
        there.press("escape", "escape")
        chosen(there, "Amara Okafor")
        there.press("enter")
        there.wait_for("to Amara Okafor …1000", "│ Hello")
        there.signal(signal.SIGKILL)
        there.wait_exit()
        here.wait_gone("Noor is looking")


def test_a_message_that_comes_in_is_seen_without_a_key(shop: Shop) -> None:
    with shop.program() as thread, shop.program(columns=120) as people:
        chosen(people, "Amara Okafor")
        chosen(thread, "Amara Okafor")
        thread.press("enter")
        thread.wait_for("to Amara Okafor …1000", "Question 0", "0/1600")
        # A message that one program has read isn't unread in the other.
        people.wait_for("10 unread")
        shop.hears(shop.whatsapp, "Hello? Anybody?", number(0), at=ago(seconds=0))
        thread.wait_for("Hello? Anybody?")
        people.wait_for("Hello? Anybody?")


@pytest.mark.parametrize("end", ["a kill", "a hang-up", "quitting"])
def test_a_draft_is_there_at_the_next_start(shop: Shop, end: str) -> None:
    with shop.program() as before:
        chosen(before, "Amara Okafor")
        before.press("enter")
        before.wait_for("to Amara Okafor …1000")
        before.type("Dear Amara, about your question")
        before.wait_for("about your question")
        if end == "a kill":
            before.wait_until(lambda: draft(shop) == "Dear Amara, about your question", "the draft in the store")
            before.signal(signal.SIGKILL)
        elif end == "a hang-up":
            before.signal(signal.SIGHUP)
        else:
            before.press("ctrl+q")
        before.wait_exit()
    assert draft(shop) == "Dear Amara, about your question"
    with shop.program() as after:
        chosen(after, "Amara Okafor")
        after.press("enter")
        after.wait_for("Dear Amara, about your question")
        after.press("ctrl+q")
        assert after.wait_exit() == Exit.DONE


def test_a_pasted_text_keeps_its_lines_and_is_not_sent(shop: Shop) -> None:
    with shop.program() as terminal:
        chosen(terminal, "Amara Okafor")
        terminal.press("enter")
        terminal.wait_for("to Amara Okafor …1000")
        terminal.paste("first line\rsecond line\r")
        terminal.wait_for("│ first line", "│ second line")
        assert len(shop.thread(shop.amara)) == 1


def draft(shop: Shop) -> str:
    """Return the stored draft to Amara."""
    identity = shop.identity(shop.amara, shop.whatsapp.channel)
    return shop.store.call_read(messaging.draft, identity.id, shop.whatsapp.id)
