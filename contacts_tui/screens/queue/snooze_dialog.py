"""Asks until when somebody sleeps."""

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
    """Ask until when `who` sleeps, in the agent's time zone; `chosen` gets None when the agent goes back.

    `window_until` is when the person's first open window closes; None without one, and for several people.
    """
    zone = await screen.session.read(services.agents.zone, screen.session.agent)
    screen.app.push_screen(SnoozeDialog(who, window_until, zone), chosen)


class SnoozeDialog(TimeDialog[Snooze]):
    """Returns the snooze, or None. Each choice shows when it wakes, and so does what is typed."""

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
        """`who` is a name or "12 people"; it need not be cleaned."""
        super().__init__(f"Snooze {one_line(who)}", zone)
        self._window_until = window_until

    def offers(self) -> tuple[tuple[str, str], ...]:
        """The usual times, and what depends on the person."""
        return snooze.choices(self.session.clock(), self._window_until)

    def _read(self, words: str) -> Snooze:
        return snooze.read(words, self.session.clock(), self._zone, self._window_until)

    def told(self, words: str) -> str:
        """When the person would come back, in words; else what is wrong with the words."""
        try:
            return snooze.told(self._read(words), self.session.clock(), self._zone)
        except ValueError as error:
            return str(error)

    def column(self, words: str) -> str:
        """When the person would come back, unless what is offered is called so."""
        return "" if words == "until reply" else self.told(words)

    @property
    def hint(self) -> str:
        """What wakes them besides."""
        return "They come back at once when they write."

    async def choose(self, words: str) -> None:
        """Takes the words, or says why not."""
        try:
            self.dismiss(self._read(words))
        except ValueError as error:
            self.say(begun(str(error)))
