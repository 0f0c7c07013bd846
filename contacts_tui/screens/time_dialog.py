"""A dialog for a time: a few usual ones by a letter each, or any other one typed, each with what it means now."""

from collections.abc import Mapping
from typing import ClassVar, TypeVar
from zoneinfo import ZoneInfo

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input

from contacts_tui.commands import keys_of
from contacts_tui.domain.text import begun
from contacts_tui.screens.base import AgentModal
from contacts_tui.widgets.choice_list import Choice, ChoiceList
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.plain_text import Plain
from contacts_tui.widgets.search_field import SearchField

ResultT = TypeVar("ResultT")

_TICK = 1.0
"""Seconds between two looks at the clock: the dialog shows what choosing now would mean."""


class TimeDialog(AgentModal[ResultT | None]):
    """A dialog whose result is what the chosen or typed words stand for, or None."""

    AUTO_FOCUS = "ChoiceList"
    OFFERED: ClassVar[Mapping[str, str]] = {}
    """The command of each time that may be offered, by the words that stand for it."""

    def __init__(self, title: str, zone: ZoneInfo) -> None:
        """Show `title`, which is cleaned; `zone` is the agent's time zone."""
        super().__init__()
        self._title = title
        self._zone = zone
        self._offered: tuple[tuple[str, str], ...] = ()

    def offers(self) -> tuple[tuple[str, str], ...]:
        """Return the choices that are offered now: the words that stand for each, and its label."""
        raise NotImplementedError

    def told(self, words: str) -> str:
        """Return what the words mean, or what is wrong with them."""
        raise NotImplementedError

    def column(self, words: str) -> str:
        """Return what the words of an offered choice mean, in a few words."""
        return self.told(words)

    async def choose(self, words: str) -> None:
        """Take the words, or say why they can't be taken."""
        raise NotImplementedError

    @property
    def hint(self) -> str:
        """The sentence under the field while nothing is typed, before the one on the time zone."""
        return ""

    def compose(self) -> ComposeResult:
        """Yield the usual times, a field for another one, a line for what that would mean, and the keys."""
        with Vertical(id="box") as box:
            box.border_title = Content(self._title)
            yield ChoiceList()
            with Horizontal(id="other"):
                yield Plain("Another time: ", id="label")
                yield SearchField("2 hours, next friday 14:00, 2026-03-30 8:00")
            yield Plain(id="line")
            yield CommandFooter()

    def on_mount(self) -> None:
        """Offer the times, and keep what they mean true as time passes."""
        self.show_choices()
        self.set_interval(_TICK, self._pass_time)

    @property
    def _list(self) -> ChoiceList:
        return self.query_one(ChoiceList)

    @property
    def _field(self) -> SearchField:
        return self.query_one(SearchField)

    def show_choices(self) -> None:
        """Show each time that is offered, with what it means now."""
        self._offered = self.offers()
        here = self._list.highlighted
        choices = [
            Choice(place, (keys_of(self.OFFERED[words]), label, self.column(words)))
            for place, (words, label) in enumerate(self._offered)
        ]
        self._list.set_choices(choices, 0 if here is None else here.key)
        self._show_typed()

    def _pass_time(self) -> None:
        shown = [self.column(words) for words, _ in self._offered]
        if shown != [choice.columns[-1] for choice in self._list.choices]:
            self.show_choices()
        else:
            self._show_typed()

    def _show_typed(self) -> None:
        typed = self._field.value.strip()
        said = self.told(typed) if typed else f"{self.hint} {self._zone_words}".strip()
        self.query_one("#line", Plain).show(begun(said))

    @property
    def _zone_words(self) -> str:
        return f"The time zone is {self._zone.key}." if self._zone.key else "The time zone is this machine's."

    def on_input_changed(self, event: Input.Changed) -> None:
        """Show what the typed words mean."""
        self._show_typed()

    def on_key(self, event: events.Key) -> None:
        """Put a character that is typed over the list, and is no key of a choice, into the field."""
        if self._field.has_focus or not event.is_printable or event.key in self.active_bindings:
            return
        event.stop().prevent_default()
        self._field.focus()
        self._field.insert_text_at_cursor(event.character or "")

    def action_type(self) -> None:
        """Focus the field for another time."""
        self._field.focus()

    async def action_take(self, words: str) -> None:
        """Take one of the times, if it is offered now."""
        if any(words == offered for offered, _ in self._offered):
            await self.choose(words)

    async def on_choice_list_chosen(self, event: ChoiceList.Chosen) -> None:
        """Take the choice under the cursor."""
        await self.choose(self._offered[event.key][0])

    async def action_choose(self) -> None:
        """Take what was typed."""
        await self.choose(self._field.value)

    def action_move(self, by: int) -> None:
        """Move the focus from the field back to the list."""
        self._list.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action applies: `take` for what is offered, `type` outside the field (asked by Textual)."""
        if action == "take":
            return any(parameters[0] == words for words, _ in self._offered)
        return not (action == "type" and self._field.has_focus)

    def action_back(self) -> None:
        """Close without a time."""
        self.dismiss(None)
