"""The store is replaced under a running interface: it is said at once, and no typed text is lost."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from contacts_tui.domain.channel import Channel
from contacts_tui.screens.dialogs import Decision
from tests.services.world import World
from tests.ui.stage import opened


@pytest.mark.parametrize("opens_again", [True, False])
async def test_the_interface_says_so_and_keeps_what_is_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opens_again: bool
) -> None:
    world = World(tmp_path)
    monkeypatch.setenv("CONTACTS_TUI_DATA_FOLDER", str(tmp_path / "data"))
    contact = world.person()
    world.hears(world.shop, "is it ready?")
    path = Path(world.location.removeprefix("sqlite:///"))
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(other)) as target:
        source.backup(target)
    async with opened(world, contact) as stage:
        await stage.until_focused(stage.composer)
        await stage.type("almost ready")
        other.replace(path)
        await stage.until(lambda: isinstance(stage.app.screen, Decision))
        await stage.until_shown("was replaced by another file")
        (kept,) = (tmp_path / "data").glob("typed-*.txt")
        assert "almost ready" in kept.read_text()
        assert Channel.SMS.label in kept.read_text()
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert kept.name in stage.text.replace("\n", "").replace(" ", "").replace("│", "")
        # Escape does nothing: there is no screen to go back to.
        await stage.pilot.press("escape")
        await stage.until(lambda: isinstance(stage.app.screen, Decision))
        await stage.until_shown("Opening the store that is there now")
        await stage.pilot.press(*(() if opens_again else ("down",)), "enter")
        await stage.until(lambda: stage.app.return_code is not None)
        assert stage.app.session.is_to_reopen == opens_again
        assert stage.app.return_code == (0 if opens_again else 1)
