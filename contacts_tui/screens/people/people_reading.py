"""Reads from the store what the list of people shows, again whenever something changes, and the sums over the list."""

from array import array
from collections.abc import Iterable
from typing import Any, cast

from textual import work

from contacts_tui import services
from contacts_tui.commands import BY_ID, keys_of
from contacts_tui.domain.change import Change, ChangeKind
from contacts_tui.domain.person_filter import FilterError
from contacts_tui.domain.text import begun, one_line, sentence
from contacts_tui.domain.view import BUILT_IN, EVERYBODY, WAITING, View
from contacts_tui.screens.base import sentence_of
from contacts_tui.screens.people import people_query
from contacts_tui.screens.people.people_query import FIRST, PeopleQuery
from contacts_tui.screens.person.person_files import PersonFiles
from contacts_tui.screens.throttle import Throttle
from contacts_tui.widgets.heading import Heading
from contacts_tui.widgets.navigation import Navigation
from contacts_tui.widgets.people_list import PeopleHeadings, PeopleList
from contacts_tui.widgets.status_line import StatusLine

FOUND = 500
"""Matches shown at most; a longer search word finds the others."""
WIDE = 150
"""Terminal columns from which the thread and the card of the person under the cursor are shown beside the list."""
_FEW = 20
"""How many changed people at most are moved to their new place before the whole order is read again."""

ROWS_REST, SENDERS_REST = 0.1, 5.0
"""How long the rows, and the senders' health, are not read again: so many times as long as the sums (`_rest`)."""

_QUIET = frozenset({ChangeKind.TEMPLATE})
"""Changes that nothing on this screen shows."""

_EMPTY = {
    WAITING: "Nobody waits for an answer.",
    "Closing soon": "No window closes soon.",
    "Mine": "No open person is assigned to you.",
    "Unassigned": "Every open person has an assignee.",
    "Unread": "Nothing unread.",
    "Snoozed": "Nobody is snoozed.",
    "Failed or unknown": "No message failed.",
    "Closed": "Nobody is closed.",
}
"""What the list says when a built-in view has no people, by the view's name."""


class PeopleReading(PersonFiles):
    """A screen with a list of the people of one view or search, which follows what changes."""

    def __init__(self) -> None:
        super().__init__()
        self._views: tuple[View, ...] = BUILT_IN
        self._view = BUILT_IN[0]
        self._home = BUILT_IN[0]
        """The view that the agent comes back to: the one at the start."""
        self._by_name = False
        self._query = people_query.of_view(self._view, by_name=False)
        self._is_order_stale = True
        """Whether people were added, removed or changed since the order by name was read."""
        self._order: array[int] = array("q")
        self._ordered: people_query.PeopleQuery | None = None
        """All people whom the last query found, in order, and that query; None before the first."""
        self._is_behind = False
        """Whether the list still shows an earlier query: the person under its cursor isn't the one who is meant."""
        self._opens_first = False
        """Whether the agent pressed the key that opens while `_is_behind`: the first person found is opened then."""
        self._more = False
        self._can_open = False
        self._trouble = ""
        self._counts: dict[str, int] = {}
        """People in each view, by its name."""
        self._stale: set[int] | None = set()
        """Contacts whose rows changed; None for all of them."""
        self._progress = ""
        """How far a long action has come, in words; empty without one."""
        self._typed_count = 0
        """The number that is being typed before a movement."""
        self._times = 1
        """How many times the next movement is made."""
        self._rows_throttle = Throttle(self._read_stale, self.tell, lambda: ROWS_REST * self._rest())
        self._order_throttle = Throttle(self._read_order, self.tell, self._rest)
        self._counts_throttle = Throttle(self._read_counts, self.tell, self._rest)
        self._senders_throttle = Throttle(self._read_senders, self.tell, lambda: SENDERS_REST * self._rest())
        self._saved_throttle = Throttle(self._read_saved, self.tell, self._rest)

    @property
    def _list(self) -> PeopleList:
        return self.query_one(PeopleList)

    def _rest(self) -> float:
        """Return for how many seconds the same sums are not read again; 0 before the store is open."""
        return self.session.store.rest if self.session.is_open else 0.0

    def _start_reading(self) -> None:
        """Read the view at the start, the counts and the senders, and from now on again whatever changes."""
        for name, throttle in (
            ("rows", self._rows_throttle),
            ("sums", self._order_throttle),
            ("counts", self._counts_throttle),
            ("senders", self._senders_throttle),
            ("saved", self._saved_throttle),
        ):
            self.run_worker(throttle.run(), group=name, exit_on_error=False)
        for throttle in (self._saved_throttle, self._counts_throttle, self._senders_throttle):
            throttle.ask()
        self._go_home()

    @work(group="home", exit_on_error=False)
    async def _go_home(self) -> None:
        """List the view at the start: the agent's own, else who waits, else all. What the agent chose since stays."""
        before = self._home
        try:
            view = await self._find_home()
        except Exception as error:
            self._show_none(error)
            return
        is_at_home = self._view == before and not self._query.typed
        self._home = view
        if is_at_home:
            self._view = view
            self._show_view()
        self._load(keep=is_at_home and view == before)

    async def _find_home(self) -> View:
        self._views = await self.session.read(services.views.listed)
        self.query_one(Navigation).set_views(self._views)
        named = {view.name.casefold(): view for view in self._views}
        wanted = self.session.view.casefold()
        if wanted in named:
            return named[wanted]
        if wanted:
            self.notify(f"There is no view “{one_line(self.session.view)}”: choose another one in the configuration.")
        waiting, everybody = (next(view for view in BUILT_IN if view.name == name) for name in (WAITING, EVERYBODY))
        found = await self.session.read(services.views.matching, waiting.filter, self.session.agent, 1)
        return waiting if found.ids else everybody

    @work(exclusive=True, group="order", exit_on_error=False)
    async def _load(self, keep: bool = False) -> None:
        """Show the first people of the query, then all; cancel earlier calls. `keep` keeps the cursor on its person."""
        query = self._query
        if not self.session.is_open or query.mistake is not None:
            return
        try:
            ids = await self._first(query)
            if missing := self._list.missing(ids[: max(1, 2 * self.size.height)]):
                self._list.put(await self.session.read(services.people.rows, missing))
            self._show_columns(query)
            self._list.set_order(ids, keep=keep)
            self._list.set_note(self._nobody(query))
            self._caught_up()
            self._is_order_stale = False
            if not query.words:
                self._order = await self.session.read(services.views.order, query.line, self.session.agent)
                self._ordered = query
                self._list.set_order(self._order)
        except Exception as error:
            self._show_none(error)
        self._show_sums()

    async def _first(self, query: PeopleQuery) -> tuple[int, ...]:
        """Return the ids of the first people whom a query finds; for plain words all that are shown."""
        if query.words:
            found = await self.session.read(services.people.search, query.words, FOUND)
        else:
            found = await self.session.peek(services.views.matching, query.line, self.session.agent, FIRST)
        self._more = bool(query.words) and found.more
        return found.ids

    def _show_none(self, error: Exception) -> None:
        """Show an error, and people only if they were read for the same query: others aren't what the title says."""
        self._list.set_order(self._order if self._query == self._ordered else ())
        self._caught_up()
        self._show_trouble(error)

    def _caught_up(self) -> None:
        """Note that the list shows the last query. Open the first person, if the agent has asked for that."""
        self._is_behind = False
        if self._opens_first:
            self._opens_first = False
            # Before a person is added by a name, the agent should see that no one is found by it.
            if not self._can_add or services.new_person.read(self._query.words, self.session.region).number:
                self._open_found()

    def _open_found(self) -> None:
        """Open the person under the cursor; if no one was found by the search words, add a person by them."""
        if self._can_add:
            self.run_worker(self.add_typed(self._query.words), group="add", exclusive=True, exit_on_error=False)
        else:
            self._list.choose()

    async def _read_stale(self) -> None:
        """Read the changed rows in or near view, and move a few changed people to their new place in the list."""
        stale, self._stale = self._stale, set()
        query = self._query
        ids = self._list.expire(stale)
        try:
            if ids:
                self._list.put(await self.session.read(services.people.rows, ids))
            if stale and len(stale) <= _FEW and not query.words and not query.is_by_name and query.mistake is None:
                first = await self._first(query)
                # The whole order of the query may still be on its way, and will have them at their places.
                if query is self._query and query == self._ordered:
                    self._order = people_query.moved(self._order, first, stale)
                    self._list.set_order(self._order)
        except Exception as error:
            self._show_trouble(error)

    async def _read_order(self) -> None:
        """Read the ids of all people of the list in order; by name only if people were added, removed or changed."""
        query = self._query
        if query.mistake is not None:
            return
        try:
            if query.words:
                order = array("q", await self._first(query))
            elif query.is_by_name and not self._is_order_stale:
                return
            else:
                self._is_order_stale = False
                order = await self.session.peek(services.views.order, query.line, self.session.agent)
        except Exception as error:
            self._show_trouble(error)
            return
        self._show_no_trouble()
        if query is self._query and not self._is_behind:
            self._order, self._ordered = order, query
            self._list.set_order(order)
            self._list.set_note(self._nobody(query))
        self._show_sums()

    async def _read_counts(self) -> None:
        """Read how many people each built-in view has."""
        try:
            lines = [view.filter for view in BUILT_IN]
            counts = await self.session.peek(services.views.counts, lines, self.session.agent)
        except Exception as error:
            self._show_trouble(error)
            return
        self._counts |= {view.name: count for view, count in zip(BUILT_IN, counts, strict=True)}
        self.query_one(Navigation).set_counts(self._counts)
        self._show_no_trouble()
        self._show_sums()

    async def _read_senders(self) -> None:
        try:
            senders = await self.session.read(services.health.senders_together, self.session.opened_at)
        except Exception as error:
            self._show_trouble(error)
            return
        self.query_one(Navigation).set_senders(senders)
        self.query_one(StatusLine).set_health(senders)

    async def _read_saved(self) -> None:
        """Read the saved views, and how many people each has: apart from the other counts, as it may take long."""
        try:
            self._views = await self.session.read(services.views.listed)
            navigation = self.query_one(Navigation)
            navigation.set_views(self._views)
            for view in self._views[len(BUILT_IN) :]:
                (count,) = await self.session.read(services.views.counts, [view.filter], self.session.agent)
                self._counts[view.name] = count
                navigation.set_counts({view.name: count})
        except Exception as error:
            self._show_trouble(error)

    async def on_people_list_rows_wanted(self, event: PeopleList.RowsWanted) -> None:
        """Read the rows that the list is about to draw."""
        if self.session.is_open:
            self._give_rows(event.ids)

    @work(group="given", exit_on_error=False)
    async def _give_rows(self, ids: tuple[int, ...]) -> None:
        try:
            self._list.put(await self.session.read(services.people.rows, ids))
        except Exception as error:
            self._show_trouble(error)

    # What is shown.

    def _show_trouble(self, error: Exception) -> None:
        sentence = begun(sentence_of(error))
        self._list.set_note(sentence)
        if sentence != self._trouble:
            self._trouble = sentence
            self.query_one(StatusLine).set_trouble(sentence)
            self.notify(sentence, severity="error")

    def _show_no_trouble(self) -> None:
        self._trouble = ""
        self.query_one(StatusLine).set_trouble("")

    def _show_view(self) -> None:
        """Make the people of the view the query, which `_load` reads, and mark the view in the navigation."""
        self._query = people_query.of_view(self._view, by_name=self._by_name)
        self.query_one(Navigation).set_view(self._view)
        if (mistake := self._query.mistake) is not None:
            # The people of another view aren't what the title says.
            self._list.set_order(())
            self._show_mistake(mistake)

    def _show_mistake(self, mistake: FilterError) -> None:
        """Say what is wrong with the filter, where there are no people to show."""
        self._list.set_note(sentence(str(mistake)))
        self._show_sums()

    def _show_columns(self, query: PeopleQuery) -> None:
        self.query_one(PeopleHeadings).set_columns(query.timing, assigned=query.has_assignees)
        self._list.set_columns(query.timing, assigned=query.has_assignees)

    def _nobody(self, query: PeopleQuery) -> str:
        """Return what the list says when it has no people."""
        back = keys_of("people.back")
        if query.words:
            return f"{self._offer(query.words)} {back} clears the search."
        if query.typed:
            return f"No one matches “{query.typed}”. {back} clears the filter."
        if self._view.name == EVERYBODY:
            return (
                f"No people yet.\n\n{keys_of('people.import')} imports them from a file.\n"
                "Without the interface:  contacts-tui people import FILE.csv\n"
                "To look around with made-up ones:  contacts-tui demo"
            )
        words = _EMPTY.get(self._view.name, "Nobody is in this view.")
        if self._view == self._home:
            return (
                f"{words} {BY_ID['people.all'].key_words[0]} lists all people." if BY_ID["people.all"].keys else words
            )
        return f"{words} {back} goes back to {self._home.name}."

    @property
    def _can_add(self) -> bool:
        """Whether a person can be added by the words searched for: the search has ended, and found no one."""
        return bool(self._query.words) and not self._is_behind and not self._list.count and not self._trouble

    def _offer(self, words: str) -> str:
        """Return that no one was found, and what the key that opens does with the words."""
        meant = services.new_person.read(words, self.session.region)
        key = keys_of("people.open")
        if meant.number:
            return f"{one_line(meant.shown)} isn't known. {key} adds it and starts a conversation."
        what = {"phones": "number", "emails": "address", "name": "name"}[meant.field]
        return f"No one matches “{one_line(words)}”. {key} adds a person with this {what}."

    def _show_sums(self) -> None:
        title = f"Matches for “{self._query.typed}”" if self._query.typed else self._view.name
        self.query_one(Heading).show(title, self._sums())
        self.refresh_bindings()

    def _sums(self) -> str:
        count = self._list.count
        if self._progress or self._query.mistake is not None:
            return self._progress
        if selected := self._list.selected_count:
            return f"{selected:,} of {count:,} selected"
        if self._more:
            return f"first {count} shown, type more"
        parts = ["1 person" if count == 1 else f"{count:,} people"]
        if not self._query.typed and self._view.name == EVERYBODY and "Unread" in self._counts:
            parts.append(f"{self._counts['Unread']:,} unread")
        return " · ".join([*parts, self._query.sorted_words])

    def _pass_time(self) -> None:
        self._list.set_now(self.session.clock())
        for throttle in (self._order_throttle, self._counts_throttle, self._senders_throttle):
            throttle.ask()

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
        if all(change.kind is ChangeKind.DRAFT for change in shown):
            return
        for throttle in (self._order_throttle, self._counts_throttle, self._senders_throttle, self._saved_throttle):
            throttle.ask()
        self._list.set_now(self.session.clock())
        self._show_preview(shown)

    def _show_preview(self, batch: Iterable[Change] = ()) -> None:
        """Show the person under the cursor beside the list, with the changes in `batch`, if there is room for it."""
        if self.size.width >= WIDE and self.session.is_open:
            for beside in cast(Any, self.query("ContactPreview")):
                beside.follow(batch)
                beside.look(self._list.current)
