"""A long text is written in the agent's own editor, which has the terminal meanwhile."""

import stat
from pathlib import Path

from tests.e2e.shop import Shop, chosen, number

EDITOR = """#!/bin/sh
printf 'EDITING %s\\n' "$(cat "$2")"
ls -l "$2" | cut -c1-10 > "$1.mode"
read line
printf '%s\\nSecond line\\n' "$line" > "$2"
"""
FAILING = """#!/bin/sh
exit 3
"""


def editor(shop: Shop, script: str) -> dict[str, str]:
    path = shop.folder / "editor"
    path.write_text(script, encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return {"EDITOR": f"{path} {shop.folder / 'seen'}", "TMPDIR": str(shop.folder)}


def test_the_editor_has_the_terminal_and_its_text_comes_back(shop: Shop) -> None:
    with shop.program(environment=editor(shop, EDITOR)) as terminal:
        chosen(terminal, "Amara Okafor")
        terminal.press("enter")
        terminal.wait_for("to Amara Okafor", "ctrl+s send, next")
        terminal.type("Draft")
        terminal.wait_for("Draft")
        terminal.press("alt+o")
        terminal.wait_for("EDITING Draft")
        shop.hears(shop.whatsapp, "While you edit", number(0))
        terminal.type("From the editor\r")
        terminal.wait_for("From the editor", "Second line", "to Amara Okafor", "While you edit")
        assert Path(f"{shop.folder / 'seen'}.mode").read_text().strip() == "-rw-------"
        assert not list(shop.folder.glob("contacts-tui-*.txt"))
        terminal.type(" and more")
        terminal.wait_for("Second line and more")
        terminal.press("enter")
        terminal.wait_for("queued")


def test_an_editor_that_fails_leaves_the_text_and_says_so(shop: Shop) -> None:
    with shop.program(environment=editor(shop, FAILING)) as terminal:
        chosen(terminal, "Amara Okafor")
        terminal.press("enter")
        terminal.wait_for("to Amara Okafor")
        terminal.type("Draft")
        terminal.press("alt+o")
        terminal.wait_for("with 3: your text is as it was", "Draft")
