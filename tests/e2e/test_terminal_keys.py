"""Keys that people rebind, in a real terminal: they work, the usual ones don't, and the screen names the live ones."""

from pathlib import Path

from contacts_tui.cli.exit import Exit
from tests.e2e.shop import Shop, chosen

KEYS = """
[keys]
"move.down" = ["J", "down"]
"people.merges" = "f4"
"people.failed" = []
"people.open" = ["h", "enter"]
"people.find" = ["ctrl+f", "/"]
"people.quit" = "Z"
"question.yes" = "ctrl+y"
"composer.send" = "ctrl+y"
"composer.line" = "enter"
"inboxes.acknowledge" = "N"
"merge.stranger" = "N"
"""


def configured(shop: Shop, text: str) -> dict[str, str]:
    """Write a configuration file, and return an environment that names it."""
    file = Path(shop.folder) / "config.toml"
    file.write_text(text, encoding="utf-8")
    return {"CONTACTS_TUI_CONFIG": str(file)}


def test_rebound_keys_work_and_are_named(shop: Shop) -> None:
    with shop.program(environment=configured(shop, KEYS)) as terminal:
        chosen(terminal, "Amara Okafor")
        terminal.wait_for("h open", "ctrl+f find")
        terminal.press("j", "f", "J")
        chosen(terminal, "Person 001")
        terminal.press("h")
        terminal.wait_for("Question 1", "ctrl+y send")
        terminal.type("Hello")
        terminal.press("enter")
        terminal.type("there")
        terminal.wait_until(lambda: "Hello" in terminal.text and "there" in terminal.text, "two lines in the composer")
        assert "queued" not in terminal.text
        terminal.press("ctrl+y")
        terminal.wait_for("queued")
        terminal.press("escape")
        terminal.wait_for("⏎ details")
        terminal.press("escape")
        terminal.wait_for("h open")
        terminal.press("ctrl+f")
        terminal.type("Farid")
        chosen(terminal, "Farid Haddad")
        terminal.press("escape")
        terminal.wait_for("12 people")
        terminal.press("Z")
        terminal.wait_for("Quit the program?", "ctrl+y yes")
        terminal.press("y", "ctrl+y")
        assert terminal.wait_exit() == Exit.DONE


def test_a_command_without_a_key_runs_from_the_palette(shop: Shop) -> None:
    with shop.program(environment=configured(shop, '[keys]\npeople.unread = ""')) as terminal:
        chosen(terminal, "Amara Okafor")
        terminal.wait_for("11 unread", "12 people")
        terminal.press("r", "ctrl+p")
        terminal.type("unread")
        terminal.wait_for("List people with unread messages.")
        terminal.press("enter")
        terminal.wait_until(lambda: "Farid Haddad" not in terminal.text, "the unread alone")


def test_a_clash_is_told_at_the_start_with_both_names_and_changes_nothing(shop: Shop) -> None:
    text = '[keys]\npeople.merge = "/"\npeople.open = "h"'
    with shop.program(columns=120, rows=40, environment=configured(shop, text)) as terminal:
        terminal.wait_for("people.find", "people.merge", "not in force")
        chosen(terminal, "Amara Okafor")
        terminal.press("h", "j")
        chosen(terminal, "Person 001")
        terminal.wait_for("⏎ open", "/ find")


def test_the_theme_chosen_lasts(shop: Shop) -> None:
    kept = Path(shop.folder) / "data" / "themes.json"
    with shop.program("--agent", "Noor") as terminal:
        chosen(terminal, "Amara Okafor")
        terminal.press("ctrl+p")
        terminal.type("theme")
        terminal.wait_for("Change the colours")
        terminal.press("enter")
        terminal.wait_for("contacts-contrast")
        terminal.type("contrast")
        terminal.wait_until(lambda: "contacts-light" not in terminal.text, "one theme to be left")
        terminal.press("enter")
        terminal.wait_until(kept.exists, "the theme to be kept")
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == Exit.DONE
    assert '"Noor": "contacts-contrast"' in kept.read_text(encoding="utf-8")


def test_a_click_does_not_overtake_what_was_typed_before_it(shop: Shop) -> None:
    with shop.program() as terminal:
        chosen(terminal, "Amara Okafor")
        terminal.press("j", "enter")
        terminal.wait_for("Question 1", "⏎ Send]")
        terminal.gather(0.3)
        terminal.show()
        row = next(row for row, line in enumerate(terminal.lines) if "⏎ Send]" in line)
        column = terminal.lines[row].index("⏎ Send]")
        press = f"\x1b[<0;{column + 1};{row + 1}"
        terminal.send(b"All of this in one message" + f"{press}M{press}m".encode())
        terminal.wait_for("queued")
        assert any("All of this in one message" in line and "│" not in line for line in terminal.lines)
