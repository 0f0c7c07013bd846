"""Asks until when somebody sleeps: a few usual times by a letter each, or any other one typed."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input

from contacts_tui import services
from contacts_tui.commands import Scope, keys_of
from contacts_tui.domain import snooze
from contacts_tui.domain.snooze import Snooze
from contacts_tui.domain.text import begun, one_line
from contacts_tui.screens.base import AgentModal, AgentScreen
from contacts_tui.widgets.choice_list import Choice, ChoiceList
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.plain_text import Plain
from contacts_tui.widgets.search_field import SearchField

_COMMANDS = {
    "1 hour": "snooze.hour",
    "tomorrow 9:00": "snooze.tomorrow",
    "monday 9:00": "snooze.monday",
    "until reply": "snooze.reply",
    "before window": "snooze.window",
}
"""The command of each time that is offered, by the words that stand for it."""

_TICK = 1.0
"""Seconds between two looks at the clock: what is shown is when the person would come back if chosen now."""


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


class SnoozeDialog(AgentModal[Snooze | None]):
    """Returns the snooze, or None. Each choice shows when it wakes, and so does what is typed."""

    CSS_PATH = "queue_dialogs.tcss"
    AUTO_FOCUS = "ChoiceList"
    SCOPES = (Scope.SNOOZE, Scope.PICKER)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.SNOOZE, Scope.PICKER)

    def __init__(self, who: str, window_until: datetime | None, zone: ZoneInfo) -> None:
        """`who` is a name or "12 people"; it need not be cleaned."""
        super().__init__()
        self._who = one_line(who)
        self._window_until = window_until
        self._zone = zone
        self._offered: tuple[tuple[str, str], ...] = ()

    def compose(self) -> ComposeResult:
        """The usual times, a line to type another, when it would wake, and the keys."""
        with Vertical(id="box") as box:
            box.border_title = Content(f"Snooze {self._who}")
            yield ChoiceList()
            with Horizontal(id="other"):
                yield Plain("Or ", id="label")
                yield SearchField("2 hours, next friday 14:00, 2026-03-30 8:00")
            yield Plain(id="line")
            yield CommandFooter()

    def on_mount(self) -> None:
        """Offers the times, and keeps them true while the clock goes on."""
        self._show_choices()
        self.set_interval(_TICK, self._pass_time)

    @property
    def _list(self) -> ChoiceList:
        return self.query_one(ChoiceList)

    @property
    def _field(self) -> SearchField:
        return self.query_one(SearchField)

    def _show_choices(self) -> None:
        self._offered = snooze.choices(self.session.clock(), self._zone, self._window_until)
        here = self._list.highlighted
        choices = [
            Choice(place, (keys_of(_COMMANDS[words]), label, self._told(words)))
            for place, (words, label) in enumerate(self._offered)
        ]
        self._list.set_choices(choices, 0 if here is None else here.key)
        self._show_typed()

    def _pass_time(self) -> None:
        shown = [self._told(words) for words, _ in self._offered]
        if shown != [choice.columns[-1] for choice in self._list.choices]:
            self._show_choices()
        else:
            self._show_typed()

    def _told(self, words: str) -> str:
        """When the person would come back, in words; else what is wrong with the words."""
        now = self.session.clock()
        try:
            return snooze.told(snooze.read(words, now, self._zone, self._window_until), now, self._zone)
        except ValueError as error:
            return str(error)

    def _show_typed(self) -> None:
        typed = self._field.value.strip()
        said = self._told(typed) if typed else f"They come back at once when they write. {self._zone_words}"
        self.query_one("#line", Plain).show(begun(said))

    @property
    def _zone_words(self) -> str:
        return f"Times are those of {self._zone.key}." if self._zone.key else "Times are those of this machine."

    def on_input_changed(self, event: Input.Changed) -> None:
        """Shows what the words mean."""
        self._show_typed()

    def on_key(self, event: events.Key) -> None:
        """What is typed over the list and is no key of a choice begins another time."""
        if self._field.has_focus or not event.is_printable or event.key in self.active_bindings:
            return
        event.stop()
        self._field.focus()
        self._field.insert_text_at_cursor(event.character or "")

    def action_type(self) -> None:
        """To the line for another time, and back."""
        (self._list if self._field.has_focus else self._field).focus()

    def action_take(self, words: str) -> None:
        """Takes one of the times that are offered."""
        if any(words == offered for offered, _ in self._offered):
            self._choose(words)

    def on_choice_list_chosen(self, event: ChoiceList.Chosen) -> None:
        """Takes the one under the cursor."""
        self._choose(self._offered[event.key][0])

    def action_choose(self) -> None:
        """Takes what was typed."""
        self._choose(self._field.value)

    def _choose(self, words: str) -> None:
        try:
            chosen = snooze.read(words, self.session.clock(), self._zone, self._window_until)
        except ValueError as error:
            self.query_one("#line", Plain).show(begun(str(error)))
        else:
            self.dismiss(chosen)

    def action_move(self, by: int) -> None:
        """From the line back to the list."""
        self._list.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what is offered can be taken."""
        if action == "take":
            return any(parameters[0] == words for words, _ in self._offered)
        return True

    def action_back(self) -> None:
        """Chooses nothing."""
        self.dismiss(None)
