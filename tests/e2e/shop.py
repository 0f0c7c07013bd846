"""A store on a file with people who have just written, for programs in processes of their own: its clock is real."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from contacts_tui.domain.clock import utc_now
from contacts_tui.services import views
from tests.e2e.terminal import Terminal, contacts_tui
from tests.services.world import World

NOWHERE = "http://127.0.0.1:1"
"""An address at which no provider listens: messages stay queued, and nothing leaves this machine."""

_UNDER_CURSOR = "▸"
"""The sign before the person or place under the cursor."""


class Shop(World):
    """A store with people: the first is Amara, who wrote last; the last is Farid, who has no messages."""

    def __init__(self, folder: Path, size: int = 12, location: str = "") -> None:
        """Make a shop of `size` people, with its store at `location`, or in a file in the folder."""
        super().__init__(location or folder, utc_now, NOWHERE)
        self.folder = folder
        self.amara = self.person("Amara Okafor", number(0))
        for place in range(1, size - 1):
            self.person(f"Person {place:03d}", number(place))
        for place in range(size - 1):
            self.hears(self.whatsapp, f"Question {place}", number(place), at=ago(minutes=place))
        self.farid = self.person("Farid Haddad", number(size - 1))

    def unread(self) -> int:
        """Return how many people have unread messages."""
        return self.store.call_read(views.count, "is:unread", "")

    def program(
        self,
        *arguments: str,
        columns: int = 80,
        rows: int = 24,
        environment: Mapping[str, str] | None = None,
    ) -> Terminal:
        """Start `contacts-tui` on this store, in a terminal."""
        return Terminal(
            contacts_tui(self.location, *arguments),
            columns=columns,
            rows=rows,
            environment=surroundings(self.folder) | dict(environment or {}),
        )


def surroundings(folder: Path) -> dict[str, str]:
    """Return the environment of a program that keeps all its files in this folder."""
    return {"CONTACTS_TUI_DATA_FOLDER": str(folder / "data"), "HOME": str(folder), "TWILIO_TOKEN": "0" * 32}


def number(place: int) -> str:
    """Return the phone number of the person at this place, from 0."""
    return f"+1202555{1000 + place:04d}"


def ago(**delta: float) -> datetime:
    """Return the time that lies so long before now, by the keywords of `timedelta`."""
    return utc_now() - timedelta(**delta)


def chosen(terminal: Terminal, name: str) -> float:
    """Wait until the cursor of the people list stands on this person, as `wait_until` does."""
    before = r"[ ●✗?]*(?:[0-9]+(?: new)?)? *(?:\w{1,2} +)?"  # The unread count, and initials in a wide list.
    line = re.compile(f"{_UNDER_CURSOR}{before}{name}")
    return terminal.wait_until(lambda: line.search(terminal.text) is not None, f"the cursor on {name}")
