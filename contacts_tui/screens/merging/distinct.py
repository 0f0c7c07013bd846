"""Marking two contacts as not the same person, and undoing that."""

from typing import Any, TypeVar

from contacts_tui import services
from contacts_tui.commands import typing_key_of
from contacts_tui.domain.text import one_line
from contacts_tui.screens.base import AgentScreen

ResultT = TypeVar("ResultT")


async def mark_distinct(screen: AgentScreen[Any], one_id: int, other_id: int, undo_key: str) -> str:
    """Mark two contacts as not the same person, and put that on the undo stack.

    Return what was done and that `undo_key` undoes it, as sentences. Raise what the service raises.
    """
    session = screen.session
    names = await session.run(services.duplicates.dismiss, one_id, other_id, author=session.agent)
    words = f"{one_line(names[0])} and {one_line(names[1])} marked as not the same person"

    async def undo() -> str:
        await session.run(services.duplicates.suggest_again, one_id, other_id)
        return f"Undone: {words}."

    session.undo_stack.push(words, undo)
    screen.refresh_bindings()
    return f"Not the same person: they are no longer suggested. {undo_key} undoes it."


class DistinctKeys(AgentScreen[ResultT]):
    """A list of contacts that may be the same person: some are marked as not the same, and that is undone."""

    def read_again(self) -> None:
        """Read which contacts may be the same person."""
        raise NotImplementedError

    async def mark(self, one_id: int, other_id: int) -> None:
        """Mark two contacts as not the same person, say so, and read the list again."""
        with self.telling():
            self.notify(await mark_distinct(self, one_id, other_id, typing_key_of("candidates.undo")))
        self.read_again()

    async def action_undo(self) -> None:
        """Undo the last step, and say so in a notification: the line is about the contact under the cursor."""
        with self.telling():
            self.notify(await self.session.undo_stack.undo(typing_key_of("candidates.undo")))
        self.read_again()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action applies: there must be a step to undo (asked by Textual)."""
        return bool(self.session.undo_stack) if action == "undo" else True
