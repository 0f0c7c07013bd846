"""Keys, pastes and clicks in the order in which they were made, each after those before it were handled.

Textual hands a key to the widget that has the focus at the moment of reading. Over a slow line several keys come in one
piece: of "/jonas" the letters would reach the list, as commands, before the slash has brought up the search field. And
a click would overtake the letters typed before it, which then went to the screen that it opens.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import TYPE_CHECKING

from textual import events

if TYPE_CHECKING:
    from textual.app import App

QUIET_TURNS = 12
"""Turns of the event loop without a waiting message after which the last key counts as handled: while it bubbles up
from the focused widget, it is in no queue now and then."""
SPINNING = 200
"""Turns that are taken without a pause: the key before is mostly handled by then."""
NAP = 0.005
"""Seconds between two looks after that: the screen waits for the store, perhaps behind other programs that write."""
PATIENCE = 12.0
"""Seconds after which an event is passed on all the same, so that none is lost. Longer than the store is waited
for: a backspace that waits behind a screen must not be overtaken by the letters typed after it."""


class TypeAhead:
    """The keys, pastes and clicks that are not passed on yet."""

    def __init__(self, app: "App[None]", hand_on: Callable[[events.Event], Awaitable[None]]) -> None:
        """Pass events on with `hand_on`, which gives each to the widget that it is for at that moment."""
        self._app = app
        self._hand_on = hand_on
        self._typed: deque[events.Event] = deque()
        self._turns = self._quiet_turns = 0
        self._waiting_since = 0.0

    def holds(self, event: events.Event) -> bool:
        """Return whether an event has to wait here: keys and pastes always, the mouse behind events that wait."""
        if isinstance(event, events.Key | events.Paste):
            return not event.is_forwarded
        return bool(self._typed) and isinstance(event, events.MouseEvent) and not event.is_forwarded

    async def add(self, event: events.Event) -> None:
        """Pass the event on as soon as those before it were handled."""
        self._typed.append(event)
        if len(self._typed) == 1:
            self._waiting_since = monotonic()
            await self._drain()

    async def _drain(self) -> None:
        below = self._app.focused or self._app.screen
        busy = any(node.message_queue_size for node in below.ancestors_with_self)
        self._quiet_turns = 0 if busy else self._quiet_turns + 1
        self._turns += 1
        if self._quiet_turns >= QUIET_TURNS or monotonic() - self._waiting_since >= PATIENCE:
            self._turns = self._quiet_turns = 0
            self._waiting_since = monotonic()
            await self._hand_on(self._typed.popleft())
        if self._typed:
            # After what already waits in the app's own queue: a key that bubbles up is handled there.
            await asyncio.sleep(0 if self._turns < SPINNING else NAP)
            self._app.call_later(self._drain)
