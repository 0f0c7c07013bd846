"""Keys while the store is being written by somebody else: none is lost, none overtakes another."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from contacts_tui.store.engine import store_path
from tests.e2e.shop import Shop, chosen

HELD = 1.0
"""Seconds that another program writes, much longer than the interface needs for a key."""


@contextmanager
def writing(shop: Shop) -> Iterator[None]:
    """Another program writes to the store, and everybody else waits for it."""
    with closing(sqlite3.connect(store_path(shop.location), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_letters_do_not_overtake_a_backspace_that_waits(shop: Shop) -> None:
    with shop.program() as terminal:
        chosen(terminal, "Amara Okafor")
        terminal.press("enter")
        terminal.wait_for("to Amara Okafor …1000", "0/1600")
        with writing(shop):
            terminal.type("Hello\r")
            terminal.wait_for("│ Hello")
            terminal.type("abcX\x7fd")
            terminal.gather(HELD)
            terminal.show()
        terminal.wait_for("│ abcd", "4/1600")
        assert [message.body for message in shop.thread(shop.amara)] == ["Question 0", "Hello"]
