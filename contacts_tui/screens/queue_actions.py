"""Doing something with people of the queue: written down, counted, to be undone by a key and repeated by another."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from contacts_tui import services
from contacts_tui.commands import Scope, keys_of, typing_key_of
from contacts_tui.domain.text import begun, one_line
from contacts_tui.screens.base import AgentScreen

if TYPE_CHECKING:
    from contacts_tui.services.queue import Action, Done


async def act(screen: AgentScreen[Any], contact_ids: Sequence[int], action: "Action", also: str = "") -> str:
    """Do something with people as one step. Return what was done and which key undoes it, as sentences.

    `also` follows what was done, such as until when. Raise what the service raises.
    """
    session = screen.session
    done = await session.run(services.queue.apply, session.agent, contact_ids, action)
    session.last_action = action
    words = one_line(f"{done.words} {also}")
    if not done.batch:
        return f"{begun(words)}."
    session.tally.did(action.kind, done.contact_ids)

    def undone(ids: Sequence[int]) -> None:
        session.tally.did(action.kind, ids, undone=True)
        session.walk.return_to(ids)

    return _undoable(screen, done, words, undone)


async def add_note(screen: AgentScreen[Any], contact_id: int, text: str) -> str:
    """Keep a note on a person. Return what was done, as `act` does. Raise what the service raises."""
    session = screen.session
    _, done = await session.run(services.notes.add, session.agent, contact_id, text)
    return _undoable(screen, done, "note kept", lambda ids: None)


def _undoable(screen: AgentScreen[Any], done: "Done", words: str, after_undo: Callable[[Sequence[int]], None]) -> str:
    session = screen.session

    async def undo() -> str:
        undone: Done = await session.run(services.queue.undo, session.agent, done.batch)
        after_undo(undone.contact_ids)
        return f"{begun(one_line(undone.words))}."

    session.undo_stack.push(words, undo)
    screen.refresh_bindings()
    # On a contact letters are mostly text.
    key = keys_of("people.undo") if Scope.PEOPLE in screen.SCOPES else typing_key_of("contact.undo")
    return f"{begun(words)}. {key} undoes it."
