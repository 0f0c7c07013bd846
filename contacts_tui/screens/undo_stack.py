"""What an agent did in this program, newest last, and the calls that undo it one after another."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Hashable
from typing import NamedTuple

from contacts_tui.domain.text import one_line

MOST = 100
"""Steps that are kept; what was done before the oldest of them can't be undone by a key."""


class Step(NamedTuple):
    """Something that was done and can be undone."""

    sentence: str
    """What was done, without an end mark: "Ben Whitfield closed"."""
    call: Callable[[], Awaitable[str]]
    """Undoes the step, and returns in a sentence what that did. Raises what a service raises."""
    of: Hashable
    """What the step was done to, for `forget`; None for a step that can't be undone elsewhere."""


class UndoStack:
    """The last steps of one agent in one program."""

    def __init__(self) -> None:
        self._steps: deque[Step] = deque(maxlen=MOST)
        self._turn = asyncio.Lock()
        """Held while a step is undone: one after the other, however quickly the key is pressed."""

    def __bool__(self) -> bool:
        """Return whether anything can be undone."""
        return bool(self._steps)

    def push(self, sentence: str, call: Callable[[], Awaitable[str]], of: Hashable = None) -> None:
        """Remember that something was done, and the call that undoes it; Step says what each argument is."""
        self._steps.append(Step(one_line(sentence), call, of))

    def forget(self, of: Hashable) -> None:
        """Drop the steps that were done to `of`: they were undone elsewhere."""
        kept = [step for step in self._steps if step.of != of]
        self._steps.clear()
        self._steps.extend(kept)

    async def undo(self, key: str) -> str:
        """Undo the last step. Return in words what was undone, or why it wasn't, and what `key` undoes next.

        A step that is refused is dropped, so that those before it can be undone. Any other failure is raised, and the
        step stays.
        """
        async with self._turn:
            return await self._undo_last(key)

    async def _undo_last(self, key: str) -> str:
        if not self._steps:
            return "There is nothing to undo."
        step = self._steps[-1]
        try:
            told = await step.call()
        except Exception as error:
            # Imported at the first refusal: the first frame has no use for what services import.
            from contacts_tui.services.errors import ServiceError

            if not isinstance(error, ServiceError):
                raise
            told = f"Not undone ({step.sentence}): {error.sentence}"
        self._drop(step)
        if not self._steps:
            return told
        return f"{told.rstrip('.')}. {key} undoes next: {self._steps[-1].sentence}."

    def _drop(self, step: Step) -> None:
        # It may no longer be the last one: something else may have been done meanwhile.
        if step in self._steps:
            self._steps.remove(step)
