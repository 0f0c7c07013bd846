"""A dialog for when a message is to be sent."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from textual.binding import BindingType

from contacts_tui import services
from contacts_tui.commands import Scope
from contacts_tui.domain import typed_time
from contacts_tui.domain.text import begun, one_line
from contacts_tui.screens.base import AgentScreen
from contacts_tui.screens.time_dialog import TimeDialog
from contacts_tui.widgets.keys import bindings

Fault = Callable[[datetime], Awaitable[str]]
"""Returns why nothing can be sent at a future time, as far as that is known now; empty when it can."""


async def ask_when(
    screen: AgentScreen[Any], who: str, fault: Fault, chosen: Callable[[datetime | None], Awaitable[None]]
) -> None:
    """Ask when to send the message to `who`, in the agent's time zone; `chosen` gets None when the agent goes back."""
    zone = await screen.session.read(services.agents.zone, screen.session.agent)
    screen.app.push_screen(ScheduleDialog(who, zone, fault), chosen)


class ScheduleDialog(TimeDialog[datetime]):
    """A dialog whose result is a time at which the message can be sent, as far as that is known, or None."""

    CSS_PATH = "../queue/queue_dialogs.tcss"
    SCOPES = (Scope.SCHEDULE, Scope.PICKER)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.SCHEDULE, Scope.PICKER)
    OFFERED: ClassVar = {
        "1 hour": "schedule.hour",
        "tomorrow 9:00": "schedule.tomorrow",
        "monday 9:00": "schedule.monday",
    }

    def __init__(self, who: str, zone: ZoneInfo, fault: Fault) -> None:
        """Ask for the time of a message to `who`, a name that need not be cleaned; `fault` checks the time."""
        super().__init__(f"Send to {one_line(who)} later", zone)
        self._fault = fault
        self._faults: dict[str, str] = {}
        """Why nothing can be sent at a time that was offered or chosen, by its words; empty when it can."""
        self._refused = ""
        """Why the last choice was refused."""

    def on_mount(self) -> None:
        """Check at which of the usual times the message can be sent."""
        self.call_next(self._look)

    async def _look(self) -> None:
        for words, _ in self.offers():
            self._faults[words] = await self._fault(self._read(words))
        self.show_choices()

    def offers(self) -> tuple[tuple[str, str], ...]:
        """Return the usual times."""
        return typed_time.USUAL

    def _read(self, words: str) -> datetime:
        return typed_time.read(words, self.session.clock(), self._zone)

    def told(self, words: str) -> str:
        """Return when the message would be sent, in words, and why it can't; or what is wrong with the typed words."""
        try:
            told = typed_time.told(self._read(words), self.session.clock(), self._zone)
        except ValueError as error:
            return str(error)
        return f"{told}: {fault}" if (fault := self._faults.get(words)) else told

    def column(self, words: str) -> str:
        """Return when the message would be sent, in words, and whether it can't."""
        told = typed_time.told(self._read(words), self.session.clock(), self._zone)
        return f"{told} · can't leave then" if self._faults.get(words) else told

    @property
    def hint(self) -> str:
        """Why the last choice was refused; before that, what is checked again at the time of sending."""
        return self._refused or "Whether they can be reached is asked again when it leaves."

    async def choose(self, words: str) -> None:
        """Close with the time that the words mean, or say why it can't be taken."""
        try:
            due = self._read(words)
        except ValueError as error:
            self.say(begun(str(error)))
            return
        if fault := await self._fault(due):
            self._faults[words.strip()] = fault
            self._refused = f"{begun(fault)}."
            self.show_choices()
        else:
            self.dismiss(due)
