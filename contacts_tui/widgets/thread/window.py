"""The stretch of a thread that is held: at most some two hundred messages, whatever the thread's length."""

from bisect import insort
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from contacts_tui.domain.views import MessageView

KEPT = 200
"""Messages held at most; more are paged in at either end."""


class ThreadWindow:
    """Neighbouring messages in thread order, and whether there are others before and after them."""

    def __init__(
        self,
        views: Sequence[MessageView] = (),
        *,
        has_older: bool = False,
        has_newer: bool = False,
        former: "ThreadWindow | None" = None,
    ) -> None:
        """Hold neighbouring messages; where `former`, the window before, passed the first one, keep all it passed."""
        self._views = list(views)
        self._passed = {view.message.id for view in views}
        """Every message that was held, without a gap up to those that are held now."""
        if former is not None and views and former.has_passed(views[0].message.id):
            self._passed |= former._passed
        self.has_older = has_older
        """Whether the store has messages before the first one held."""
        self.has_newer = has_newer
        """Whether the store has messages after the last one held."""

    def __iter__(self) -> Iterator[MessageView]:
        return iter(self._views)

    def __len__(self) -> int:
        return len(self._views)

    @property
    def ids(self) -> tuple[int, ...]:
        """The ids of the messages held, in their order."""
        return tuple(view.message.id for view in self._views)

    def has_passed(self, message_id: int) -> bool:
        """Return whether a message is or was held, as well as everything between it and what is held now."""
        return message_id in self._passed

    def get(self, message_id: int | None) -> MessageView | None:
        """Return the message with this id, or None when it isn't held."""
        return next((view for view in self._views if view.message.id == message_id), None)

    def add_older(self, views: Iterable[MessageView], *, has_older: bool) -> None:
        """Add a page from before the first message; let the newest go if there are too many."""
        self.has_older = has_older
        self._insert(views)
        self._let_go_of_newest()

    def add_newer(self, views: Iterable[MessageView], *, has_newer: bool) -> None:
        """Add a page from after the last message; let the oldest go if there are too many."""
        self.has_newer = has_newer
        self._insert(views)
        self._let_go_of_oldest()

    def put(self, views: Iterable[MessageView], *, following: bool) -> int:
        """Put messages that came or changed in their places. Return how many came after the last one held.

        `following` says that the agent is at the end: then old messages make room, else new ones stay in the store.
        """
        below = 0
        for view in views:
            index = next((n for n, held in enumerate(self._views) if held.message.id == view.message.id), None)
            if index is not None and _order(view) == _order(self._views[index]):
                self._views[index] = view
                continue
            if index is not None:
                # A scheduled message was sent: it moves to the time of sending.
                del self._views[index]
            is_last = not self._views or _order(view) > _order(self._views[-1])
            is_first = bool(self._views) and _order(view) < _order(self._views[0])
            below += is_last
            if not (is_last and self.has_newer) and not (is_first and self.has_older):
                self._insert((view,))
        if following:
            self._let_go_of_oldest()
        else:
            self._let_go_of_newest()
        return below

    def _insert(self, views: Iterable[MessageView]) -> None:
        held = set(self.ids)
        for view in views:
            if view.message.id not in held:
                insort(self._views, view, key=_order)
                self._passed.add(view.message.id)

    def _let_go_of_newest(self) -> None:
        if len(self._views) > KEPT:
            del self._views[KEPT:]
            self.has_newer = True

    def _let_go_of_oldest(self) -> None:
        if len(self._views) > KEPT:
            del self._views[: len(self._views) - KEPT]
            self.has_older = True


def _order(view: MessageView) -> tuple[datetime, int]:
    return view.message.at, view.message.id
