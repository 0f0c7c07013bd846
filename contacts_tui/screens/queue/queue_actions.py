"""Actions on people of the queue: stored, counted, undone by one key and repeated by another."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from contacts_tui import services
from contacts_tui.domain.text import begun, counted, one_line
from contacts_tui.screens.base import AgentScreen, progress_told
from contacts_tui.screens.from_thread import from_thread

if TYPE_CHECKING:
    from contacts_tui.screens.session import AgentSession
    from contacts_tui.services.queue import Action, Done


CHUNK = 200
"""People whom one transaction changes: the store's other writers wait no longer than that takes."""

Progress = Callable[[int, int], None]
"""Called with how many people are done, and of how many."""


def _silent(done: int, of: int) -> None:
    """Report nothing, which is enough for a few people."""


async def act(
    screen: AgentScreen[Any],
    contact_ids: Sequence[int],
    action: "Action",
    also: str = "",
    progress: Progress = _silent,
) -> str:
    """Do something with people as one step. Return what was done and which key undoes it, as sentences.

    `also` follows what was done, such as until when. Many people are done in chunks, with `progress` called after each.
    Raise what the service raises: what was done before that can be undone.
    """
    session = screen.session
    batch, changed, words = 0, list[int](), ""
    try:
        for begin in range(0, len(contact_ids), CHUNK):
            chunk = contact_ids[begin : begin + CHUNK]
            done: Done = await session.run(services.queue.apply, session.agent, chunk, action, batch)
            batch, words = done.batch, done.words
            changed += done.contact_ids
            progress(begin + len(chunk), len(contact_ids))
    finally:
        if len(contact_ids) > CHUNK:
            words = f"{counted(len(changed), 'person', 'people')} {action.words}"
        words = one_line(f"{words} {also}")
        # An action that changed nothing counts, too: it is what the agent did last.
        session.last_action = action
        if changed:
            session.tally.did(action.kind, changed)
            told = undoable(screen, batch, words, partial(_taken_back, session, action))
    return told if changed else f"{begun(words)}."


def _taken_back(session: "AgentSession", action: "Action", ids: Sequence[int]) -> None:
    session.tally.did(action.kind, ids, undone=True)
    session.walk.return_to(ids)


async def add_note(screen: AgentScreen[Any], contact_id: int, text: str) -> str:
    """Store a note on a person. Return what was done, as `act` does. Raise what the service raises."""
    session = screen.session
    _, done = await session.run(services.notes.add, session.agent, contact_id, text)
    return undoable(screen, done.batch, "note kept")


def undoable(
    screen: AgentScreen[Any],
    batch: int,
    words: str,
    after_undo: Callable[[Sequence[int]], None] = lambda ids: None,
    key: str = "",
) -> str:
    """Put an action of the journal on the undo stack. Return what was done and which key undoes it, as sentences.

    `after_undo` gets the ids of those whom an undo changed. `key` is the key that undoes it on the screen that says so;
    empty for this screen's.
    """
    session, app = screen.session, screen.app

    async def undo() -> str:
        # In short transactions: undoing an action on very many people takes as long as the action did.
        show = progress_told(app)
        tell = from_thread(lambda people: show(f"Undoing: {people:,} people done"))
        try:
            undone = await asyncio.to_thread(services.queue.undo_whole, session.store, session.agent, batch, tell)
        finally:
            show("")
        after_undo(undone.contact_ids)
        return f"{begun(one_line(undone.words))}."

    session.undo_stack.push(words, undo)
    screen.refresh_bindings()
    return f"{begun(words)}. {key or screen.undo_key} undoes it."
