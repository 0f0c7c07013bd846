"""A search for a message by its words, or for the first one of a day."""

from datetime import date, datetime
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from contacts_tui import services
from contacts_tui.commands import Scope
from contacts_tui.domain.cells import shorten
from contacts_tui.domain.message import Direction, Message
from contacts_tui.domain.text import around, author_words, begun, one_line
from contacts_tui.domain.typed_day import past_day
from contacts_tui.screens.base import sentence_of
from contacts_tui.screens.search_dialog import SearchDialog
from contacts_tui.widgets.choice_list import Choice, ChoiceList
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.plain_text import Plain
from contacts_tui.widgets.search_field import FieldLine, SearchField

FOUND = 100
"""Messages offered at most, the newest; more letters find the others."""

_BEFORE = 20
"""Characters of an excerpt that stand before the words that were found."""


class ThreadSearch(SearchDialog[int]):
    """Returns the id of a message, or None."""

    CSS_PATH = "../queue/queue_dialogs.tcss"
    SCOPES = (Scope.PICKER,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.PICKER)

    def __init__(self, contact_id: int, name: str, conversation_id: int | None) -> None:
        """Search the conversation `conversation_id`; None searches all of the person's."""
        super().__init__()
        self._contact_id = contact_id
        self._person = one_line(name)
        self._conversation_id = conversation_id
        self._listed = ""
        """What was typed when the list was filled."""
        self._entered = False
        """Whether Enter was pressed while the search was running."""

    def compose(self) -> ComposeResult:
        """Yield the search, what it found, and the keys."""
        with Vertical(id="box") as box:
            where = "this conversation" if self._conversation_id is not None else "all channels"
            box.border_title = Content(f"Search {self._person}, {where}")
            with FieldLine(id="finder"):
                yield Plain("/ ", id="slash")
                yield SearchField("words that were said, or a day: 30 march, last friday")
            yield ChoiceList()
            yield Plain("The newest are found first.", id="line")
            yield CommandFooter()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search for what is typed."""
        self._read()

    @work(exclusive=True, exit_on_error=False)
    async def _read(self) -> None:
        typed = self._typed
        today = self.session.clock().astimezone().date()
        day = past_day(typed, today) if typed else None
        try:
            found = await self.session.read(
                services.threads.find, self._contact_id, self._conversation_id, typed, limit=FOUND
            )
            first = None if day is None else await self._first_of(day)
        except Exception as error:
            self.say(begun(sentence_of(error)))
            return
        self._listed = typed
        choices = [Choice(message.id, _columns(message, typed, self.session.agent, self._person)) for message in found]
        if first is not None and day is not None:
            choices = [
                Choice(first.id, (f"{day:%a} {day.day} {day:%B} {day.year}", "go to that day")),
                *(choice for choice in choices if choice.key != first.id),
            ]
        self._list.set_choices(choices)
        self.say("" if choices or not typed else f"No message here has “{typed}” in it.")
        if self._entered:
            self._entered = False
            self._list.action_choose()

    async def _first_of(self, day: date) -> Message | None:
        begin = datetime(day.year, day.month, day.day).astimezone()
        return await self.session.read(services.threads.first_since, self._contact_id, self._conversation_id, begin)

    def on_choice_list_chosen(self, event: ChoiceList.Chosen) -> None:
        """Return the id of the message that was chosen."""
        self.dismiss(event.key)

    def action_choose(self) -> None:
        """Choose the message under the cursor; the first one found, if the search is still running."""
        if self._listed == self._typed:
            self._take()
        else:
            self._entered = True


def _columns(message: Message, typed: str, agent: str, person: str) -> tuple[str, ...]:
    """Return when a message was written and by whom, and the words around what was found."""
    at = message.at.astimezone()
    words = one_line(message.body)
    excerpt = shorten(around(words, typed, _BEFORE), 60)
    who = person if message.direction is Direction.IN else author_words(message.author, agent)
    return f"{at.day} {at:%b} {at.year} {at:%H:%M}", who, excerpt
