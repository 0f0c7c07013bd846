"""Asks which other contact is the same person: a suggested one, with the reason, or any found by a search."""

from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from contacts_tui import services
from contacts_tui.commands import Scope
from contacts_tui.domain.duplicates import Candidate
from contacts_tui.domain.text import one_line
from contacts_tui.screens.base import sentence_of
from contacts_tui.screens.merging import merge_words as words
from contacts_tui.screens.merging.distinct import DistinctKeys
from contacts_tui.screens.search_dialog import SearchDialog
from contacts_tui.widgets.choice_list import Choice, ChoiceList
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.plain_text import Plain
from contacts_tui.widgets.search_field import FieldLine, SearchField

FOUND = 100
"""People offered at most; a longer search word finds the others."""


class CandidatePicker(SearchDialog[int], DistinctKeys[int | None]):
    """Returns the id of the other contact."""

    CSS_PATH = "merging.tcss"
    SCOPES = (Scope.CANDIDATES, Scope.PICKER)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.CANDIDATES, Scope.PICKER)

    def __init__(self, contact_id: int, title: str, question: str, *, chat_only: bool = False) -> None:
        """Ask `question` about a contact; `chat_only` offers only people known by Telegram or Messenger alone."""
        super().__init__()
        self._contact_id = contact_id
        self._title = title
        self._question = question
        self._chat_only = chat_only
        self._listed: str | None = None
        """The search whose result the list shows; None before the first result."""
        self._entered: str | None = None
        """The search whose result the agent didn't wait for: the first one it finds is chosen, unless more is typed."""
        self._found: tuple[Candidate, ...] = ()

    def compose(self) -> ComposeResult:
        """Yield the question, the search field, the list, a line for what is told, and the keys."""
        with Vertical(id="box") as box:
            box.border_title = Content(one_line(self._title))
            yield Plain(self._question, id="question")
            with FieldLine(id="finder"):
                yield Plain("/", id="slash")
                yield SearchField("name, number, email, or words they said")
            yield ChoiceList()
            yield Plain(id="line", classes="-empty")
            yield CommandFooter()

    def on_mount(self) -> None:
        """Offer the suggested contacts."""
        self._read()

    @work(exclusive=True, exit_on_error=False)
    async def _read(self) -> None:
        """List the contacts that fit what is typed; a later call cancels an earlier one."""
        typed = self._typed
        try:
            self._found = await self.session.read(
                services.duplicates.candidates, self._contact_id, typed, FOUND, chat_only=self._chat_only
            )
        except Exception as error:
            self._entered = None
            self.say(sentence_of(error))
            return
        self._listed = typed
        self._list.set_choices(
            [Choice(one.contact.id, words.candidate(one)) for one in self._found],
            headings=words.CANDIDATE_HEADINGS,
        )
        self.say(self._note())
        entered, self._entered = self._entered, None
        if entered == typed:
            self._list.action_choose()

    def _note(self) -> str:
        if len(self._found) == FOUND:
            return f"The first {FOUND}: type more to find the others."
        if self._found:
            return ""
        if self._listed:
            return f"No one matches “{self._listed}”. Type less, or a number or email."
        if self._chat_only:
            return "No contact is known only by Telegram or Messenger."
        return "No suggestions. Type a name, number or email."

    def on_input_changed(self, event: Input.Changed) -> None:
        """List the contacts that fit, as the agent types."""
        self._read()

    def on_choice_list_chosen(self, event: ChoiceList.Chosen) -> None:
        """Return the contact that was chosen."""
        self.dismiss(event.key)

    def on_choice_list_highlighted(self, event: ChoiceList.Highlighted) -> None:
        """Show the keys that apply to the contact under the cursor."""
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action applies: only a suggested contact can be another person (asked by Textual)."""
        if action == "stranger":
            return self._suggested() is not None
        return super().check_action(action, parameters)

    def _suggested(self) -> Candidate | None:
        here = self._list.highlighted if self.is_mounted else None
        return next((one for one in self._found if here and one.contact.id == here.key and one.reason), None)

    async def action_stranger(self) -> None:
        """Mark the suggested contact under the cursor as not the same person."""
        other = self._suggested()
        if other is None:
            return
        await self.mark(self._contact_id, other.contact.id)

    def read_again(self) -> None:
        """List the contacts that fit what is typed."""
        self._read()

    def action_choose(self) -> None:
        """Choose the contact under the cursor, or the first one found if the search hasn't ended yet."""
        if self._listed == self._typed:
            self._take()
        else:
            self._entered = self._typed
