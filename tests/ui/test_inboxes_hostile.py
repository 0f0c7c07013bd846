"""Names of inboxes that were never typed here: they are shown as they are, and run no command."""

from sqlalchemy import text
from sqlmodel import Session

from contacts_tui.domain.clock import Clock
from contacts_tui.screens.inboxes.inboxes_screen import InboxesScreen
from tests.services.world import World
from tests.ui.test_inboxes import opened


async def test_a_name_from_outside_can_not_command_the_app(nobody: World) -> None:
    hostile = "[@click=app.quit]Eve[/] \x1b]0;owned\x07"

    def overwrite(session: Session, _: Clock) -> None:
        """Store a name that our services refuse, as another program may."""
        changed = {"name": hostile, "secret": "file:/[/nope]\x9b2J", "id": nobody.shop.id}
        session.execute(text("UPDATE inbox SET name = :name, secret = :secret WHERE id = :id"), changed)

    nobody.store.call(overwrite)
    async with opened(nobody, (120, 40)) as stage:
        await stage.until_shown("[@click=app.quit]Eve[/]")
        await stage.until_shown("file:/[/nope]")
        for key, words in (("d", "Disconnect [@click=app.quit]Eve[/]"), ("enter", "Change [@click=app.quit]Eve[/]")):
            await stage.press(key)
            await stage.until_shown(words)
            assert "\x1b" not in stage.text and "\x07" not in stage.text and "\x9b" not in stage.text
            await stage.press("escape")
            await stage.until(lambda: isinstance(stage.app.screen, InboxesScreen))
