"""Keys while the store is being written by somebody else: none is lost, none overtakes another."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest

from contacts_tui.cli.exit import Exit
from contacts_tui.store import backends
from tests.e2e.shop import Shop, chosen

HELD = 1.0
"""Seconds for which another program writes, much longer than the interface needs for a key."""


@contextmanager
def writing(shop: Shop) -> Iterator[None]:
    """Hold the store's write lock, as another program does, for the time of the block."""
    with closing(sqlite3.connect(backends.of(shop.location).name, isolation_level=None)) as other:
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


@pytest.mark.parametrize("how", ["any key", "closed"])
def test_a_store_that_another_program_locks_for_good_is_told_and_holds_nobody_up(shop: Shop, how: str) -> None:
    shop.store.close()
    with closing(sqlite3.connect(backends.of(shop.location).name, isolation_level=None)) as other:
        # A store that is only being written to can be read, as its log is shared; this one can't be.
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with shop.program() as terminal:
            terminal.wait_for("The store could not be opened", "another program kept it", "Press any key to quit")
            if how == "closed":
                terminal.hang_up()
            else:
                terminal.press("q")
            assert terminal.wait_exit() == (Exit.TERMINATED if how == "closed" else Exit.FAILED)
