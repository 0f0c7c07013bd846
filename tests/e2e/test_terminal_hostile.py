"""Text that attacks, through every screen and command: nothing breaks, and nothing of it works in the terminal."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from contacts_tui.cli.exit import Exit
from tests.e2e.cli.program import commands
from tests.e2e.hostile import ATTACKS, EVERYTHING, HostileWorld, got_through, people_file
from tests.e2e.shop import Shop, chosen, surroundings
from tests.e2e.terminal import Terminal, contacts_tui
from tests.patience import LIMIT

VISIBLE = '[/nope] [a="b] [@click=app.quit]x[/]'
"""The first attacks as a screen shows them: letter by letter, without effect."""


@pytest.fixture
def world(tmp_path: Path) -> Iterator[HostileWorld]:
    """Yield a store with Olga and her messages, and with the people of the file."""
    made = HostileWorld(tmp_path)
    done = command(made, "people", "import", str(people_file(tmp_path)))
    assert f"{len(ATTACKS)} added".encode() in done.stdout
    yield made
    made.store.close()


def command(world: HostileWorld, *arguments: str) -> "subprocess.CompletedProcess[bytes]":
    """Run a command on the world's store to its end."""
    folder = Path(world.location.removeprefix("sqlite:///")).parent
    words = ("--database", world.location, *arguments)
    return commands().run(words, b"", os.environ | surroundings(folder), folder, LIMIT)


@pytest.mark.parametrize(("columns", "rows"), [(80, 24), (120, 40)])
def test_a_walk_through_every_screen(world: HostileWorld, tmp_path: Path, columns: int, rows: int) -> None:
    with Terminal(
        contacts_tui(world.location), columns=columns, rows=rows, environment=surroundings(tmp_path)
    ) as terminal:
        see = terminal.wait_for
        chosen(terminal, "Olga")
        see("Nils action", "Nils eight", f"{len(ATTACKS) + 1} people", "✗ Desk [/nope]")

        terminal.press("/")
        terminal.type("nils")
        see("Matches for", f"{len(ATTACKS)} people")
        terminal.press("escape")
        terminal.wait_gone("Matches for")

        terminal.press("ctrl+p")
        see("Search for commands")
        terminal.type("nils lines")
        see("Nils lines one two three four", "Open this person.")
        terminal.press("escape")
        terminal.wait_gone("Open this person.")

        terminal.press("enter")
        see(f"to Olga {VISIBLE}", "Twilio gave error 99999 [/nope]", "no other channel is available")
        if rows < 40:
            # The sentence about the failure needs more lines than the screen has.
            terminal.press("pageup")
        see(f"Failed {VISIBLE}")
        terminal.press(*["up"] * len(ATTACKS))
        see(f"Draft {VISIBLE}")
        terminal.press("f5")
        see("WhatsApp Desk [/nope]", f"Failed {VISIBLE}")
        terminal.press("f5")
        terminal.wait_gone("WhatsApp Desk [/nope]")
        terminal.press("escape")
        see("⏎ details")
        terminal.press("g")
        see("Photo: [/nope]", "Olga writes closing tag [/nope]", "Olga writes broken tag")

        terminal.press("G")
        see("no other channel is available")
        terminal.press("v")
        see("Message to Olga", "attempt 1  refused  99999 [/nope]", "Detail [/nope]")
        terminal.press("escape")
        terminal.wait_gone("attempt 1")
        terminal.press("k", "v")
        see("Message to Olga", "attempt 1  accepted")
        terminal.press("escape")
        terminal.wait_gone("attempt 1")
        if columns < 100:
            terminal.press("i")
            see("2 WhatsApp  ")
            terminal.press("i")
            terminal.wait_gone("2 WhatsApp  ")

        terminal.press("f6")
        see(
            "Select Template", "tmpl action", "Head [@click=app.quit]x[/]", "Body [@click=app.quit]x[/]", "Push [@click"
        )
        terminal.press(*["down"] * 10)
        see("Body �]0;owned� {{1}}")
        terminal.press("escape")
        terminal.wait_gone("Select Template")

        terminal.press("f9")
        see("Keys and marks")
        terminal.press("escape")
        terminal.wait_gone("Keys and marks")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == Exit.DONE
        assert got_through(terminal.output) == {}


def test_cards_of_imported_people(world: HostileWorld, tmp_path: Path) -> None:
    with Terminal(contacts_tui(world.location), columns=210, rows=50, environment=surroundings(tmp_path)) as terminal:
        chosen(terminal, "Olga")
        for attack in reversed(ATTACKS):
            terminal.press("j")
            chosen(terminal, f"Nils {attack}")
            terminal.press("enter")
            terminal.wait_for("Firm ", "Note ", "Owner ", "tag ", "Messenger", "No conversation with Nils yet")
            terminal.press("escape")
            terminal.wait_for("esc back", "end newest")
            terminal.press("escape")
            chosen(terminal, f"Nils {attack}")
        terminal.press("q")
        terminal.wait_for("Quit the program?")
        terminal.press("y")
        assert terminal.wait_exit() == Exit.DONE
        assert got_through(terminal.output) == {}


def test_what_is_pasted_is_cleaned_too(shop: Shop) -> None:
    # Terminals remove escapes from pasted text: they would end the paste.
    hostile = "".join(ATTACKS.values()).replace("\x1b", "")
    with shop.program() as terminal:
        chosen(terminal, "Amara Okafor")
        terminal.press("/")
        terminal.wait_for("esc back")
        terminal.paste(f"seek{hostile}")
        terminal.wait_for("Matches for “seek[/nope]")
        terminal.press("escape")
        terminal.wait_gone("Matches for")
        terminal.press("enter")
        terminal.wait_for("to Amara Okafor")
        terminal.paste(f"write{hostile}")
        terminal.wait_for("owned", "/1600")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == Exit.DONE
        assert got_through(terminal.output) == {}


def test_a_notice_with_hostile_text(tmp_path: Path) -> None:
    """A store that breaks while it is open is told in a notice with its path, and the path's name may attack."""
    folder = tmp_path / "[@click=app.quit]x \x1b]0;owned\x07 \x1b[2J \u202e"
    folder.mkdir()
    shop = Shop(folder)
    shop.store.close()
    file = folder / "store.db"
    with Terminal(contacts_tui(file), columns=200, rows=40, environment=surroundings(tmp_path)) as terminal:
        # The first list is shown before the store is open.
        terminal.wait_for("Amara Okafor", "nothing waiting")
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("DROP TABLE contact_search")
        terminal.press("ctrl+p")
        terminal.wait_for("Search for commands")
        terminal.type("amara")
        terminal.wait_for("the store", "owned")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == Exit.DONE
        assert got_through(terminal.output) == {}


def test_a_path_that_attacks(tmp_path: Path) -> None:
    folder = tmp_path / "[@click=app.quit]x \x1b]0;owned\x07 \x1b[2J \u202e"
    folder.mkdir()
    with Terminal(contacts_tui(folder), columns=200, environment=surroundings(tmp_path)) as terminal:
        terminal.wait_for("is a folder", "[@click=app.quit]x")
        terminal.press("enter")
        assert terminal.wait_exit() == Exit.FAILED
        assert got_through(terminal.output) == {}


@pytest.mark.parametrize(
    "arguments",
    [
        ("people", "list"),
        ("people", "list", "--search", "nils"),
        ("people", "show", "{olga}"),
        ("people", "show", EVERYTHING.replace("\0", "")),
        ("people", "show", "nils"),
        ("channels", "{olga}"),
        ("thread", "{olga}"),
        ("templates", "list"),
        ("inbox", "list"),
        ("send", "{olga}", "--channel", "telegram", "--text", "x"),
    ],
)
def test_commands_print_nothing_that_works(world: HostileWorld, arguments: tuple[str, ...]) -> None:
    filled = [argument.format(olga=world.olga) for argument in arguments]
    done = command(world, *filled)
    assert b"[/nope]" in done.stdout + done.stderr or "send" in filled
    assert got_through(done.stdout) == {}
    assert got_through(done.stderr) == {}
    if done.returncode == Exit.DONE:
        json = command(world, *filled, "--json")
        assert json.returncode == Exit.DONE
        assert json.stdout.isascii()
        assert b"[/nope]" in json.stdout
        assert got_through(json.stdout) == {}


def test_a_name_of_several_lines_stays_on_one(world: HostileWorld) -> None:
    """Else a name could pretend to be a line of the program's own."""
    shown = command(world, "people", "show", str(world.olga)).stdout.decode()
    assert shown.splitlines()[0].endswith(f"(id {world.olga})")
    assert len(command(world, "people", "list").stdout.splitlines()) == 1 + 1 + len(ATTACKS)
