"""Going through a view from one person to the next: who was passed, who comes next, and the way back."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from contacts_tui import services
from contacts_tui.domain.view import BUILT_IN, View

if TYPE_CHECKING:
    from contacts_tui.screens.session import AgentSession


class QueueWalk:
    """An agent's place in a view. No person comes twice, except those who wrote after they were passed."""

    def __init__(self) -> None:
        self.view: View = BUILT_IN[0]
        """The view that the agent goes through."""
        self._passed: dict[int, datetime] = {}
        """When each person was left, by id."""
        self._trail: list[int] = []
        """The people from whom the agent came, the last one at the end."""

    def begin(self, view: View) -> None:
        """Go through a view from its beginning. The trail stays: the agent may want to go back beyond it."""
        self.view = view
        self._passed.clear()

    def leave(self, contact_id: int, now: datetime) -> None:
        """Remember that a person was left for another one."""
        self._passed[contact_id] = now
        self._trail.append(contact_id)

    def return_to(self, contact_ids: Iterable[int]) -> None:
        """Let these people come again: what took them out of the view was undone."""
        for contact_id in contact_ids:
            self._passed.pop(contact_id, None)

    def back(self) -> int | None:
        """Return the person from whom the agent came, and forget that step; None at the beginning."""
        return self._trail.pop() if self._trail else None

    async def following(self, session: "AgentSession") -> int | None:
        """Return the person who comes next, or None at the end of the view. Raise what a service raises."""
        return await session.read(services.views.next_person, self.view.filter, session.agent, dict(self._passed))

    async def left_over(self, session: "AgentSession") -> int:
        """Return how many people are still in the view."""
        return await session.read(services.views.count, self.view.filter, session.agent)
