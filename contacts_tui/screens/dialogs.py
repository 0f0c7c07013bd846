"""Questions to the agent, before something is done that can't be undone by one key."""

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from contacts_tui.commands import Scope
from contacts_tui.domain.text import clean
from contacts_tui.screens.base import AgentModal
from contacts_tui.widgets.choice_list import Choice, ChoiceList
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.plain_text import Plain

ResultT = TypeVar("ResultT")


class Decision(AgentModal[int | None]):
    """A question with its answers; the first one is under the cursor, so it has to be the harmless one.

    The result is the index of the answer, from 0, or None when the agent goes back.
    """

    CSS_PATH = "dialogs.tcss"
    AUTO_FOCUS = "ChoiceList"
    SCOPES = (Scope.PICKER,)
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, title: str, lines: Sequence[str], answers: Sequence[str]) -> None:
        """Ask `title`, over `lines` that say what is known, for one of `answers`. None of the texts need be cleaned."""
        super().__init__()
        self._title = title
        self._lines = lines
        self._answers = answers

    def compose(self) -> ComposeResult:
        """Yield what is known, the answers, and the keys."""
        with Vertical(id="box") as box:
            box.border_title = Content(clean(self._title))
            with VerticalScroll(id="scroll", can_focus=False):
                yield Plain("\n".join(clean(line) for line in self._lines), id="known")
            yield ChoiceList()
            yield CommandFooter()

    def on_mount(self) -> None:
        """Fill the list with the answers."""
        choices = [Choice(place, (clean(answer),)) for place, answer in enumerate(self._answers)]
        self.query_one(ChoiceList).set_choices(choices, 0)

    def on_choice_list_chosen(self, event: ChoiceList.Chosen) -> None:
        """Close with the index of the answer."""
        self.dismiss(event.key)

    def action_back(self) -> None:
        """Close without an answer."""
        self.dismiss(None)


class Question(AgentModal[bool]):
    """A question whose result says whether to go ahead."""

    CSS_PATH = "dialogs.tcss"
    AUTO_FOCUS = ""
    SCOPES = (Scope.QUESTION,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.QUESTION)

    def __init__(self, title: str, text: str) -> None:
        """Ask `title`, in a few cleaned words; `text` says what going ahead would do."""
        super().__init__()
        self._heading = title
        self._text = text

    def compose(self) -> ComposeResult:
        """Yield the text and the two keys."""
        with Vertical(id="box") as box:
            box.border_title = Content(self._heading)
            yield Plain(self._text)
            yield CommandFooter()

    def action_yes(self) -> None:
        """Close with True: go ahead."""
        self.dismiss(True)

    def action_no(self) -> None:
        """Close with False: everything stays as it is."""
        self.dismiss(False)


def leave_unsaved(screen: AgentModal[ResultT], result: ResultT | None = None, *, loses: bool) -> None:
    """Close a dialog with this result and without saving; where that `loses` something typed, ask first."""

    def answered(leaves: bool | None) -> None:
        if leaves:
            screen.dismiss(result)

    if loses:
        screen.app.push_screen(Question("Leave without saving?", "What you changed here is lost."), answered)
    else:
        screen.dismiss(result)
