"""Chooses a file of this machine: a path that completes itself, and the files that fit it."""

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
    """Returns what a file is to the one who asked, or None. One that won't do is told, and another can be chosen."""

    AUTO_FOCUS = "PathField"

    def __init__(self, title: str, begin: str, examine: Callable[[str], ResultT]) -> None:
        """`begin` is the path that stands in the field at first.

        `examine` takes a path and returns what the file is; it may block on the disk, and raises why it won't do.
        """
        super().__init__()
        self._title = title
        self._begin = begin
        self._examine = examine
        self._choices: tuple[services.path_completion.FileChoice, ...] = ()

    def compose(self) -> ComposeResult:
        """The path, what fits it, a line for what is wrong, and the keys."""
        with Vertical(id="box") as box:
            box.border_title = Content(self._title)
            with FieldLine(id="path"):
                yield Plain("File ", id="label")
                yield PathField(f"type or paste a path; {keys_of(f'{self.SCOPES[0]}.complete')} completes it")
            yield ChoiceList()
            yield Plain(id="line")
            yield CommandFooter()

    async def on_mount(self) -> None:
        """Begins where the agent looked last."""
        await self._put(self._begin)

    async def on_input_changed(self, event: Input.Changed) -> None:
        """Lists what fits."""
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
        self.query_one(ChoiceList).set_choices(columns, headings=("Name", "Kind and size"))
        most = services.path_completion.MOST_SHOWN
        if not found:
            self.say("There is nothing to choose here." if text.endswith("/") else "Nothing here starts with this.")
        else:
            self.say(f"The first {most} names; keep typing to see others." if len(found) == most else "")

    def action_move(self, by: int) -> None:
        """Goes to another name of the list while the keys stay in the field."""
        self.query_one(ChoiceList).action_move(by)

    def action_page(self, direction: int) -> None:
        """Goes a screenful of the list."""
        self.query_one(ChoiceList).action_page(direction)

    async def action_complete(self) -> None:
        """Types on as far as there is no choice; then goes into what stands under the cursor."""
        text = self.query_one(PathField).value
        longer = services.path_completion.completed(text, self._choices)
        here = self.query_one(ChoiceList).highlighted
        await self._put(self._choices[here.key].text if longer == text and here is not None else longer)
        self.query_one(PathField).focus()

    async def action_choose(self) -> None:
        """Takes the file under the cursor or typed to its end; goes into a folder."""
        here = self.query_one(ChoiceList).highlighted
        await self._take(self._choices[here.key].text if here is not None else self.query_one(PathField).value)

    async def on_choice_list_chosen(self, event: ChoiceList.Chosen) -> None:
        """Takes a file, or goes into a folder."""
        await self._take(self._choices[event.key].text)

    async def _take(self, text: str) -> None:
        if text.endswith("/"):
            await self._put(text)
            return
        with self.telling():
            self.dismiss(await asyncio.to_thread(self._examine, text))

    def action_back(self) -> None:
        """Chooses nothing."""
        self.dismiss(None)
