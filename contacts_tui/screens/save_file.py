"""A dialog for where something is to be saved: a path with completion."""

import asyncio
from collections.abc import Sequence
from pathlib import PurePath
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from contacts_tui import services
from contacts_tui.commands import Scope
from contacts_tui.domain.text import clean, one_line
from contacts_tui.screens.base import AgentModal
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.plain_text import Plain
from contacts_tui.widgets.search_field import FieldLine, PathField

_NAMES_TOLD = 20
"""Names that are listed at most of those that a path may become."""


class SaveFile(AgentModal[str | None]):
    """A dialog whose result is a path, or None."""

    CSS_PATH = "file_dialogs.tcss"
    AUTO_FOCUS = "PathField"
    SCOPES = (Scope.SAVE,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.SAVE)

    def __init__(self, question: str, begin: str, endings: Sequence[str] = ()) -> None:
        """Ask where to save; `question` says what, and need not be cleaned. `begin` is the path on offer.

        `endings` are those of a file's name, such as ".csv", of which one can be chosen; none where there is no choice.
        """
        super().__init__()
        self._question = clean(question)
        self._begin = begin
        self._endings = tuple(endings)

    def compose(self) -> ComposeResult:
        """Yield the question, the path, a line for what the path may become, and the keys."""
        with Vertical(id="box") as box:
            box.border_title = Content("Save")
            yield Plain(self._question, id="question")
            with FieldLine(id="path"):
                yield Plain("To ", id="label")
                yield PathField("a folder, or a new file's path")
            yield Plain(id="line")
            yield CommandFooter()

    def on_mount(self) -> None:
        """Put the path on offer into the field."""
        self._put(self._begin)

    def _put(self, text: str) -> None:
        field = self.query_one(PathField)
        field.value = text
        field.cursor_position = len(text)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action applies: `turn_ending` does only where endings are offered (asked by Textual)."""
        return bool(self._endings) if action == "turn_ending" else True

    async def action_complete(self) -> None:
        """Complete the path as far as all choices agree, and say which names it may become."""
        text = self.query_one(PathField).value
        found = await asyncio.to_thread(services.path_completion.matching, text)
        if text != self.query_one(PathField).value:
            return
        self._put(services.path_completion.completed(text, found))
        names = [one_line(choice.name) for choice in found[:_NAMES_TOLD]]
        told = ", ".join(names) + (" …" if len(found) > _NAMES_TOLD else "")
        self.say(told if len(found) > 1 else "" if found else "Nothing here starts with this: it is new.")

    def action_turn_ending(self) -> None:
        """Replace the ending of the path by the one that is offered next; a path without a name stays."""
        path = PurePath(self.query_one(PathField).value)
        here = self._endings.index(path.suffix.lower()) if path.suffix.lower() in self._endings else -1
        if path.name:
            self._put(str(path.with_suffix(self._endings[(here + 1) % len(self._endings)])))

    async def action_save(self) -> None:
        """Close with the path, after making its folder where it is missing; say why where it can't be made."""
        if text := self.query_one(PathField).value.strip():
            with self.telling():
                await asyncio.to_thread(services.path_completion.make_folder_of, text)
                self.dismiss(text)

    def action_back(self) -> None:
        """Close without a path."""
        self.dismiss(None)
