"""What the list of people shows: read from the store, again whenever something changes, and summed up over it."""

from array import array

from textual import work

from contacts_tui import services
from contacts_tui.commands import keys_of
from contacts_tui.domain.change import Change, ChangeKind
from contacts_tui.domain.listing import Order, Place, PlaceCounts
from contacts_tui.screens.base import sentence_of
from contacts_tui.screens.merge_actions import MergeKeys
from contacts_tui.screens.throttle import Throttle
from contacts_tui.widgets.heading import Heading
from contacts_tui.widgets.navigation import LABELS, Navigation
from contacts_tui.widgets.people_list import PeopleList
from contacts_tui.widgets.search_field import SearchField
from contacts_tui.widgets.status_line import StatusLine

FIRST = 200
"""People read before the whole order: enough for the tallest terminal."""
FOUND = 500
"""Matches shown at most; a longer search word finds the others."""
WIDE = 160
"""Terminal columns from which the chosen person's card stands beside the list."""
_QUIET = frozenset({ChangeKind.DRAFT, ChangeKind.TEMPLATE})
"""Changes that nothing on this screen shows."""

_SORTED = {Place.CLOSING: "closing soonest first"}
_EMPTY = {
    Place.ALL: "No people yet.\n\nAdd them with:  contacts-tui people import FILE.csv\n"
    "Or look around with made-up ones:  contacts-tui demo",
    Place.UNREAD: "Nothing unread. {back} goes back to all people.",
    Place.CLOSING: "No window closes soon. {back} goes back to all people.",
    Place.FAILED: "No message failed. {back} goes back to all people.",
}
"""What stands in place of a list without anybody in it; `{back}` is the key that goes back."""


class PeopleReading(MergeKeys):
    """A screen with a list of people over one place or search, which follows what changes."""

    def __init__(self) -> None:
        super().__init__()
        self._place = Place.ALL
        self._by = Order.LATEST
        self._is_order_stale = True
        """Whether people came or changed their names since the order by name was read."""
        self._order: array[int] = array("q")
        self._query = ""
        self._is_behind = False
        """Whether the list still shows what was asked for before: who is under the cursor then wasn't meant."""
        self._opens_first = False
        """Enter came before what it is meant for: whoever is found first is opened."""
        self._more = False
        self._can_open = False
        self._trouble = ""
        self._counts: PlaceCounts | None = None
        self._stale: set[int] | None = set()
        """Contacts whose rows changed; None for all of them."""
        self._rows_throttle = Throttle(self._read_stale, self.tell)
        self._sums_throttle = Throttle(self._read_sums, self.tell)

    @property
    def _list(self) -> PeopleList:
        return self.query_one(PeopleList)

    @property
    def _search(self) -> SearchField:
        return self.query_one(SearchField)

    # Reading

    @work(exclusive=True, group="order", exit_on_error=False)
    async def _load_place(self, keep: bool = False) -> None:
        """The first people of the place at once, then its whole order; `keep` leaves the cursor where it is."""
        place = self._place
        if not self.session.is_open:
            return
        try:
            ids = await self.session.read(services.people.first, place, FIRST, self._by)
            rows = await self.session.read(services.people.rows, ids[: max(1, 2 * self.size.height)])
            self._list.put(rows)
            self._list.set_order(ids, keep=keep)
            self._list.set_note(_EMPTY[place].format(back=keys_of("people.back")))
            self._caught_up()
            self._is_order_stale = False
            self._order = await self.session.read(services.people.order, place, self._by)
            self._list.set_order(self._order)
        except Exception as error:
            self._show_none(error)
        self._show_sums()
        self._sums_throttle.ask()

    @work(exclusive=True, group="order", exit_on_error=False)
    async def _find(self, query: str) -> None:
        """The people who match; a later search makes an earlier one void."""
        if not self.session.is_open:
            return
        try:
            found = await self.session.read(services.people.search, query, FOUND)
        except Exception as error:
            self._show_none(error)
            return
        self._more = found.more
        self._list.set_note(f"No one matches “{query}”. {keys_of('people.back')} clears the search.")
        self._list.set_order(found.ids, keep=False)
        self._caught_up()
        self._show_sums()

    def _show_none(self, error: Exception) -> None:
        """The people of before must not stand under the name of what could not be read."""
        self._list.set_order(())
        self._caught_up()
        self._show_trouble(error)

    def _caught_up(self) -> None:
        """The list shows what was asked for last."""
        self._is_behind = False
        if self._opens_first:
            self._opens_first = False
            self._list.choose()

    async def _read_stale(self) -> None:
        """Rows in view that changed."""
        stale, self._stale = self._stale, set()
        ids = self._list.expire(stale)
        if not ids:
            return
        try:
            self._list.put(await self.session.read(services.people.rows, ids))
        except Exception as error:
            self._show_trouble(error)

    async def _read_sums(self) -> None:
        """Counts, senders and the order."""
        place, query, by = self._place, self._query, self._by
        try:
            counts = await self.session.read(services.people.counts)
            senders = await self.session.read(services.health.senders_together, self.session.opened_at)
            if query:
                found = await self.session.read(services.people.search, query, FOUND)
                order, self._more = array("q", found.ids), found.more
            elif by is Order.NAME and place is Place.ALL and not self._is_order_stale:
                order = self._order  # A million people take seconds to sort by name, and messages change none.
            else:
                self._is_order_stale = False
                order = await self.session.read(services.people.order, place, by)
        except Exception as error:
            self._show_trouble(error)
            return
        self._counts = counts
        status = self.query_one(StatusLine)
        status.set_health(senders)
        status.set_trouble("")
        self._trouble = ""
        navigation = self.query_one(Navigation)
        navigation.set_counts(counts)
        navigation.set_senders(senders)
        if (place, query, by) == (self._place, self._query, self._by):
            if not query:
                self._order = order
            self._list.set_order(order)
        self._show_sums()

    async def on_people_list_rows_wanted(self, event: PeopleList.RowsWanted) -> None:
        """Gives the list what it is about to draw."""
        if self.session.is_open:
            self._give_rows(event.ids)

    @work(group="given", exit_on_error=False)
    async def _give_rows(self, ids: tuple[int, ...]) -> None:
        try:
            self._list.put(await self.session.read(services.people.rows, ids))
        except Exception as error:
            self._show_trouble(error)

    # Showing

    def _show_trouble(self, error: Exception) -> None:
        sentence = sentence_of(error)
        self._list.set_note(sentence)
        if sentence != self._trouble:
            self._trouble = sentence
            self.query_one(StatusLine).set_trouble(sentence)
            # The status line may have to shorten it; this shows all of it.
            self.notify(sentence, severity="error", markup=False)

    def _show_sums(self) -> None:
        title = f"Matches for “{self._query}”" if self._query else LABELS[self._place]
        self.query_one(Heading).show(title, self._sums())
        self.refresh_bindings()

    def _sums(self) -> str:
        count = self._list.count
        if self._query and self._more:
            return f"first {count} shown, type more"
        parts = ["1 person" if count == 1 else f"{count:,} people"]
        if self._query:
            parts.append("newest first")
        else:
            if self._counts and self._place is not Place.UNREAD:
                parts.append(f"{self._counts.unread:,} unread")
            latest = _SORTED.get(self._place, "sorted by last message")
            parts.append("sorted by name" if self._by is Order.NAME else latest)
        return " · ".join(parts)

    def _pass_time(self) -> None:
        self._list.set_now(self.session.clock())
        self._sums_throttle.ask()

    def _on_changes(self, batch: tuple[Change, ...]) -> None:
        shown = [change for change in batch if change.kind not in _QUIET]
        if not shown:
            return
        for change in shown:
            self._is_order_stale |= change.kind in (ChangeKind.EVERYTHING, ChangeKind.CONTACT)
            everything = change.kind in (ChangeKind.EVERYTHING, ChangeKind.CONTACT) and change.contact_id is None
            if everything:
                self._stale = None
            elif change.contact_id is not None and self._stale is not None:
                self._stale.add(change.contact_id)
        self._rows_throttle.ask()
        self._sums_throttle.ask()
        self._list.set_now(self.session.clock())
        self._show_preview()

    def _show_preview(self) -> None:
        if self.size.width >= WIDE and self.session.is_open:
            from contacts_tui.screens.contact_preview import ContactPreview

            for beside in self.query(ContactPreview):
                beside.show(self._list.current)
