"""A dialog for a file of this machine: a path with completion, and the files that fit it."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input

from contacts_tui import services
from contacts_tui.commands import keys_of
from contacts_tui.domain.text import one_line
from contacts_tui.screens.base import AgentModal
from contacts_tui.widgets.choice_list import Choice, ChoiceList
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.plain_text import Plain
from contacts_tui.widgets.search_field import FieldLine, PathField

ResultT = TypeVar("ResultT")


class FilePicker(AgentModal[ResultT | None]):
    """A dialog for a file; its result is what `examine` returns, or None. After a refusal, the agent chooses again."""

    AUTO_FOCUS = "PathField"

    def __init__(self, title: str, begin: str, examine: Callable[[str], ResultT]) -> None:
        """Ask for a file; `begin` is the path in the field at first.

        `examine` takes a path and returns what the file is; it may block on the disk, and raises why a file is refused.
        """
        super().__init__()
        self._title = title
        self._begin = begin
        self._examine = examine
        self._choices: tuple[services.path_completion.FileChoice, ...] = ()

    def compose(self) -> ComposeResult:
        """Yield the path, the names that fit it, a line for what is wrong, and the keys."""
        with Vertical(id="box") as box:
            box.border_title = Content(self._title)
            with FieldLine(id="path"):
                yield Plain("File ", id="label")
                yield PathField(f"type or paste a path; {keys_of(f'{self.SCOPES[0]}.complete')} completes it")
            yield ChoiceList()
            yield Plain(id="line")
            yield CommandFooter()

    async def on_mount(self) -> None:
        """Put the first path into the field, and list what fits it."""
        await self._put(self._begin)

    async def on_input_changed(self, event: Input.Changed) -> None:
        """List what fits the path."""
        await self._list()

    async def _put(self, text: str) -> None:
        field = self.query_one(PathField)
        field.value = text
        field.cursor_position = len(text)
        await self._list()

    async def _list(self) -> None:
        text = self.query_one(PathField).value
        found = await asyncio.to_thread(services.path_completion.matching, text)
        if text != self.query_one(PathField).value:
            return
        self._choices = found
        columns = [Choice(n, (one_line(choice.name), choice.about)) for n, choice in enumerate(found)]
        whole = next((n for n, choice in enumerate(found) if choice.text == text), 0)
        self.query_one(ChoiceList).set_choices(columns, whole, headings=("Name", "Kind and size"))
        most = services.path_completion.MOST_SHOWN
        if not found:
            self.say("There is nothing to choose here." if text.endswith("/") else "Nothing here starts with this.")
        else:
            self.say(f"The first {most} names; keep typing to see others." if len(found) == most else "")

    def action_move(self, by: int) -> None:
        """Move the cursor of the list by `by` names; the focus stays in the field."""
        self.query_one(ChoiceList).action_move(by)

    def action_page(self, direction: int) -> None:
        """Move the cursor of the list by a screenful."""
        self.query_one(ChoiceList).action_page(direction)

    async def action_complete(self) -> None:
        """Complete the path as far as all choices agree; where that adds nothing, to the choice under the cursor."""
        text = self.query_one(PathField).value
        longer = services.path_completion.completed(text, self._choices)
        here = self.query_one(ChoiceList).highlighted
        await self._put(self._choices[here.key].text if longer == text and here is not None else longer)
        self.query_one(PathField).focus()

    async def action_choose(self) -> None:
        """Take the file under the cursor, or the typed path when nothing is listed; list a folder."""
        here = self.query_one(ChoiceList).highlighted
        await self._take(self._choices[here.key].text if here is not None else self.query_one(PathField).value)

    async def on_choice_list_chosen(self, event: ChoiceList.Chosen) -> None:
        """Take the chosen file, or list the chosen folder."""
        await self._take(self._choices[event.key].text)

    async def _take(self, text: str) -> None:
        if text.endswith("/"):
            await self._put(text)
            return
        with self.telling():
            self.dismiss(await asyncio.to_thread(self._examine, text))

    def action_back(self) -> None:
        """Close without a file."""
        self.dismiss(None)
