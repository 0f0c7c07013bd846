"""Runs a command of the agent's own, and shows what it wrote, before the agent decides what to do with that."""

from enum import Enum, auto
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from contacts_tui import services
from contacts_tui.commands import Scope, keys_of
from contacts_tui.domain.text import clean, one_line, sentence
from contacts_tui.screens.base import AgentModal, sentence_of
from contacts_tui.screens.scrolled import ScrolledScreen
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.plain_text import Plain


class Use(Enum):
    """What the agent wants to do with the output."""

    DRAFT = auto()
    NOTE = auto()
    OTHER_COMMAND = auto()
    """Nothing: the agent wants another command."""


class PipeOutput(AgentModal[tuple[Use, str] | None], ScrolledScreen[tuple[Use, str] | None]):
    """Returns what to do with the output, and the output, cleaned; or None. Going back stops the command."""

    CSS_PATH = "pipes.tcss"
    AUTO_FOCUS = ""
    SCOPES = (Scope.PIPED,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.PIPED)

    def __init__(self, command: str, text: str, *, takes_draft: bool) -> None:
        """Give `text` to `command` in the agent's shell; `takes_draft` says whether its output can become a draft."""
        super().__init__()
        self._command = command
        self._text = text
        self._takes_draft = takes_draft
        self._output = ""
        """Cleaned; empty until the command has ended."""

    def compose(self) -> ComposeResult:
        """Yield the output, a line on its state, and the keys."""
        with Vertical(id="box") as box:
            box.border_title = Content(one_line(self._command))
            with VerticalScroll(id="scroll", can_focus=False):
                yield Plain(id="output")
            yield Plain(id="line")
            yield CommandFooter()

    def on_mount(self) -> None:
        """Run the command."""
        self._worker = self._run_command()

    @work(exit_on_error=False)
    async def _run_command(self) -> None:
        self.say(f"Running … {keys_of('piped.back')} stops it.")
        try:
            output = await services.pipes.run(self._command, self._text)
        except Exception as error:
            self.say(f"{sentence(sentence_of(error))} {keys_of('piped.change')} chooses another command.")
            return
        self._output = clean(output)
        self.query_one("#output", Plain).show(self._output)
        self.say("" if self._takes_draft else "You can't write on this channel now: only a note can be kept.")
        self.refresh_bindings()

    @property
    def sheet(self) -> VerticalScroll:
        """The output."""
        return self.query_one(VerticalScroll)

    def action_draft(self) -> None:
        """Return the output, to become a draft."""
        self.dismiss((Use.DRAFT, self._output))

    def action_note(self) -> None:
        """Return the output, to become a note; say why not if it is too long for one."""
        if wrong := services.notes.fault(self._output):
            self.say(sentence(wrong))
        else:
            self.dismiss((Use.NOTE, self._output))

    def action_change(self) -> None:
        """Stop the command, and ask for another one."""
        self._end((Use.OTHER_COMMAND, ""))

    def action_back(self) -> None:
        """Stop the command, and use nothing of what it wrote."""
        self._end(None)

    def _end(self, result: tuple[Use, str] | None) -> None:
        self._worker.cancel()
        self.dismiss(result)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action applies: only an output can become a draft or a note (asked by Textual)."""
        match action:
            case "draft":
                return bool(self._output) and self._takes_draft
            case "note":
                return bool(self._output)
        return super().check_action(action, parameters)
