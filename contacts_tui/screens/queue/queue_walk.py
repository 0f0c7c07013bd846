"""From one person of a view to the next: who was passed, who comes next, and the way back."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from contacts_tui import services
from contacts_tui.domain.view import BUILT_IN, View

if TYPE_CHECKING:
    from contacts_tui.screens.session import AgentSession


class QueueWalk:
    """Where an agent is in a view. Nobody comes twice, except who wrote since they were passed."""

    def __init__(self) -> None:
        self.view: View = BUILT_IN[0]
        """The view that is gone through."""
        self._passed: dict[int, datetime] = {}
        """When each person was left."""
        self._trail: list[int] = []
        """Whom the agent came from, the last one at the end."""

    def begin(self, view: View) -> None:
        """Go through a view from its begin. The trail stays: one may want back to whom one came from."""
        self.view = view
        self._passed.clear()

    def leave(self, contact_id: int, now: datetime) -> None:
        """A person was left for another one."""
        self._passed[contact_id] = now
        self._trail.append(contact_id)

    def return_to(self, contact_ids: Iterable[int]) -> None:
        """What took these people out of the view was undone: they come again."""
        for contact_id in contact_ids:
            self._passed.pop(contact_id, None)

    def back(self) -> int | None:
        """Return whom the agent came from, and forget that step; None at the begin."""
        return self._trail.pop() if self._trail else None

    async def following(self, session: "AgentSession") -> int | None:
        """Return who comes next, or None at the end of the view. Raise what a service raises."""
        return await session.read(services.views.next_person, self.view.filter, session.agent, dict(self._passed))

    async def left_over(self, session: "AgentSession") -> int:
        """Return how many people are still in the view."""
        return await session.read(services.views.count, self.view.filter, session.agent)
