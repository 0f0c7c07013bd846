"""A session of twenty people in a real terminal, with every key counted that isn't text."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from contacts_tui.domain.message import Direction
from contacts_tui.domain.urgency import QueueEntry, State
from contacts_tui.services import agents, queue
from contacts_tui.services.agents import AgentForm
from tests.e2e.shop import Shop
from tests.e2e.terminal import Terminal

PEOPLE = 20
BY_TEXT, BY_TEMPLATE, BY_SNOOZE, BY_AGENT = range(4)
MOST = {BY_TEXT: 2, BY_TEMPLATE: 4, BY_SNOOZE: 3, BY_AGENT: 3}
"""Keys, without those of the text, from one person's open thread to the next one's."""


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path, PEOPLE + 1)
    made.template("Hi {{1}}, thank you for waiting.")
    made.store.call(agents.add, "Kim", AgentForm("Noor"))
    yield made
    made.store.close()


class Counted:
    """A terminal that counts the keys pressed through it."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self.keys = 0

    def press(self, *keys: str) -> None:
        self.keys += len(keys)
        self._terminal.press(*keys)


def most_urgent_first(shop: Shop) -> list[str]:
    """Return the names of the people, the one who waits longest first."""
    return [*(f"Person {place:03d}" for place in range(PEOPLE - 1, 0, -1)), "Amara Okafor"]


def entries(shop: Shop) -> dict[str, QueueEntry]:
    found = shop.store.call_read(queue.entries, range(1, PEOPLE + 2))
    return {f"Person {key - 1:03d}" if key > 1 else "Amara Okafor": entry for key, entry in found.items()}


def sent(shop: Shop, name: str) -> list[str]:
    contact_id = entries(shop)[name].contact_id
    return [message.body for message in shop.thread(contact_id) if message.direction is Direction.OUT]


def stands(terminal: Terminal, name: str) -> None:
    """Wait until the person's thread is shown, with the composer ready."""
    terminal.wait_until(
        lambda: name in terminal.lines[0] and f"to {name}" in terminal.text and "ctrl+s" in terminal.lines[-1],
        f"the contact {name}",
    )


def test_twenty_people_in_few_keys(shop: Shop) -> None:
    people = most_urgent_first(shop)
    with shop.program(columns=100) as terminal:
        terminal.wait_for(f"{PEOPLE + 1} people")
        terminal.press("!")
        for place, name in enumerate(people):
            stands(terminal, name)
            counted, way = Counted(terminal), place % 4
            if way == BY_TEXT:
                terminal.type("It is on its way.")
                counted.press("ctrl+s")
            elif way == BY_TEMPLATE:
                counted.press("f6")
                terminal.wait_for("Ready:")
                counted.press("ctrl+s")
                stands(terminal, name)
                counted.press("alt+n")
            elif way == BY_SNOOZE:
                counted.press("alt+z")
                terminal.wait_for(f"Snooze {name}")
                counted.press("t")
            else:
                counted.press("alt+A")
                terminal.wait_for(f"Assign {name}")
                counted.press("n", "enter")
            if place + 1 < len(people):
                stands(terminal, people[place + 1])
            assert counted.keys <= MOST[way], f"{counted.keys} keys with {name}"
        terminal.wait_for("Waiting: that was the last one", "10 answered, 0 closed, 5 snoozed; median wait")
    now = entries(shop)
    for place, name in enumerate(people):
        wanted = (
            ["It is on its way."],
            [f"Hi {name.split()[0]}, thank you for waiting."],
            [],
            [],
        )[place % 4]
        assert sent(shop, name) == wanted, name
        assert (now[name].state is State.SNOOZED) is (place % 4 == BY_SNOOZE)
        assert (now[name].assignee == "Noor") is (place % 4 == BY_AGENT)
        assert (now[name].waiting_since is None) is (place % 4 in (BY_TEXT, BY_TEMPLATE))
