"""The interface with a key, ctrl+x, behind which there is a mistake: how does it leave the terminal?

python -m tests.e2e.crashing LOCATION
"""

import asyncio
import sys
from pathlib import Path

from textual.binding import Binding

import contacts_tui
from contacts_tui.app import ContactsApp
from contacts_tui.screens.desk import Desk


class CrashingApp(ContactsApp):
    """As always, until the key is pressed."""

    # Textual looks for it beside the subclass.
    CSS_PATH = str(Path(contacts_tui.__file__).with_name("screens") / "people.tcss")
    BINDINGS = [Binding("ctrl+x", "crash", priority=True)]  # noqa: RUF012 (Textual declares it as an instance's)

    def action_crash(self) -> None:
        """A mistake that nobody foresaw."""
        raise ZeroDivisionError("a mistake")


if __name__ == "__main__":
    app = CrashingApp(Desk(sys.argv[1], "Kim"))
    asyncio.run(app.run_async())
    sys.exit(app.return_code)
