"""A dialog for how long a person is snoozed."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from textual.binding import BindingType

from contacts_tui import services
from contacts_tui.commands import Scope
from contacts_tui.domain import snooze
from contacts_tui.domain.snooze import Snooze
from contacts_tui.domain.text import begun, one_line
from contacts_tui.screens.base import AgentScreen
from contacts_tui.screens.time_dialog import TimeDialog
from contacts_tui.widgets.keys import bindings


async def ask_until_when(
    screen: AgentScreen[None],
    who: str,
    window_until: datetime | None,
    chosen: Callable[[Snooze | None], Awaitable[None]],
) -> None:
    """Ask until when `who` is snoozed, in the agent's time zone; `chosen` gets None when the agent goes back.

    `window_until` is when the person's first open window closes; None without one, and for several people.
    """
    zone = await screen.session.read(services.agents.zone, screen.session.agent)
    screen.app.push_screen(SnoozeDialog(who, window_until, zone), chosen)


class SnoozeDialog(TimeDialog[Snooze]):
    """A dialog whose result is the snooze, or None. Each choice shows when it ends, and so does what is typed."""

    CSS_PATH = "queue_dialogs.tcss"
    SCOPES = (Scope.SNOOZE, Scope.PICKER)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.SNOOZE, Scope.PICKER)
    OFFERED: ClassVar = {
        "1 hour": "snooze.hour",
        "tomorrow 9:00": "snooze.tomorrow",
        "monday 9:00": "snooze.monday",
        "until reply": "snooze.reply",
        "before window": "snooze.window",
    }

    def __init__(self, who: str, window_until: datetime | None, zone: ZoneInfo) -> None:
        """Ask for the snooze of `who`, a name or "12 people", which need not be cleaned."""
        super().__init__(f"Snooze {one_line(who)}", zone)
        self._window_until = window_until

    def offers(self) -> tuple[tuple[str, str], ...]:
        """Return the usual times, and what depends on the person."""
        return snooze.choices(self.session.clock(), self._window_until)

    def _read(self, words: str) -> Snooze:
        return snooze.read(words, self.session.clock(), self._zone, self._window_until)

    def told(self, words: str) -> str:
        """Return when the person would come back, in words, or what is wrong with the typed words."""
        try:
            return snooze.told(self._read(words), self.session.clock(), self._zone)
        except ValueError as error:
            return str(error)

    def column(self, words: str) -> str:
        """Return when the person would come back; empty where the label says it already."""
        return "" if words == "until reply" else self.told(words)

    @property
    def hint(self) -> str:
        """What else ends the snooze."""
        return "They come back at once when they write."

    async def choose(self, words: str) -> None:
        """Close with the snooze that the words mean, or say what is wrong with them."""
        try:
            self.dismiss(self._read(words))
        except ValueError as error:
            self.say(begun(str(error)))
