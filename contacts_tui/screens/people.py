"""People: the places at the left, the list, and the search over it."""

from array import array
from collections.abc import Sequence
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.widgets import Input

from contacts_tui import services
from contacts_tui.commands import Scope, keys_of
from contacts_tui.domain.change import Change, ChangeKind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.listing import Order, PersonRow, Place, PlaceCounts
from contacts_tui.screens.base import sentence_of
from contacts_tui.screens.merge_actions import MergeKeys
from contacts_tui.screens.throttle import Throttle
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.heading import Heading
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.navigation import LABELS, Navigation
from contacts_tui.widgets.people_list import PeopleHeadings, PeopleList
from contacts_tui.widgets.plain_text import Plain
from contacts_tui.widgets.search_field import SearchField
from contacts_tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from contacts_tui.screens.contact_preview import ContactPreview

FIRST = 200
"""People read before the whole order: enough for the tallest terminal."""
FOUND = 500
"""Matches shown at most; a longer search word finds the others."""
AGES = 30.0
"""Seconds between two drawings of ages and times left."""

_WIDE = 160
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


class PeopleScreen(MergeKeys):
    """Where an agent finds a person."""

    AUTO_FOCUS = ""
    SCOPES = (Scope.PEOPLE, Scope.NAVIGATION)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.PEOPLE)
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 (Textual declares it as an instance's)
        (0, "-folded"),
        (70, "-narrow"),
        (100, "-wide"),
        (120, "-roomy"),
        (_WIDE, "-card"),
    ]

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

    def compose(self) -> ComposeResult:
        """The places, the list under its search line, and the bottom lines."""
        # Textual finds the breakpoint only after the first layout, which would then be drawn twice.
        self.add_class(next(name for least, name in reversed(self.HORIZONTAL_BREAKPOINTS) if self.size.width >= least))
        with Horizontal(id="body"):
            with Container(id="side"):
                yield Navigation()
            with Vertical(id="people"):
                yield Heading()
                with Horizontal(id="finder"):
                    yield Plain("/", id="slash")
                    yield SearchField("name, number, email, or words they said")
                yield PeopleHeadings()
                yield PeopleList(self.session.clock())
        with Horizontal(id="bottom"):
            yield StatusLine(self.session.agent)
            yield CommandFooter()

    def on_mount(self) -> None:
        """Waits for the store."""
        self._list.set_note("Opening the store…")
        self._began_at = monotonic()
        self._waiting = self.set_interval(1.0, self._tell_opening)

    def _tell_opening(self) -> None:
        """Says what takes so long, for how long already, and how to leave."""
        step = self.session.opening or "opening the store"
        words = f"{step}… {monotonic() - self._began_at:.0f} s"
        self.query_one(Heading).show(LABELS[self._place], words)
        self._list.set_note(f"{words[:1].upper()}{words[1:]}\n\n{keys_of('app.quit')} quits.")

    def preview(self, rows: Sequence[PersonRow]) -> None:
        """Shows the first people, to be looked at and moved in while the store is still opening."""
        self._list.put(rows)
        self._list.set_order([row.contact_id for row in rows])

    def begin(self) -> None:
        """Loads the list and keeps it fresh. Called once the store is open and its changes are followed."""
        self._waiting.stop()
        if not self._list.count:
            self._list.set_note("Reading people…")
        self.changes.subscribe(self, self._on_changes)
        self.run_worker(self._rows_throttle.run(), group="rows", exit_on_error=False)
        self.run_worker(self._sums_throttle.run(), group="sums", exit_on_error=False)
        self.set_interval(AGES, self._pass_time)
        if self._query:
            self._find(self._query)
        else:
            self._load_place(keep=self._place is Place.ALL)
        self._show_preview()

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

    # What the agent does

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Whether a command applies now (asked by Textual and the footer)."""
        if action == "open":
            return self._list.current is not None
        if action == "order":
            return self.session.is_open and not self._query
        if action == "mark":
            return self.session.is_open and self._list.current is not None
        if action == "inboxes":
            return self.session.is_open
        if action == "back":
            return bool(self._query or self._place is not Place.ALL or self.focused)
        return super().check_action(action, parameters)

    @property
    def merge_subject(self) -> int | None:
        """The person under the cursor."""
        return self._list.current

    def on_people_list_contact_marked(self, event: PeopleList.ContactMarked) -> None:
        """The footer offers to open only when there is somebody; a wide terminal shows who it is."""
        if (event.contact_id is not None) is not self._can_open:
            self._can_open = event.contact_id is not None
            self.refresh_bindings()
        self._show_preview()

    async def on_resize(self) -> None:
        """A wide terminal has room for a person beside the list."""
        # Imported for wide terminals only: the first frame of the others has no use for it.
        from contacts_tui.screens.contact_preview import ContactPreview

        beside = self.query(ContactPreview)
        if self.size.width >= _WIDE and not beside:
            await self.query_one("#body").mount(ContactPreview(self.session))
            self._show_preview()
        elif self.size.width < _WIDE and beside:
            await beside.remove()

    def _show_preview(self) -> None:
        if self.size.width >= _WIDE and self.session.is_open:
            from contacts_tui.screens.contact_preview import ContactPreview

            for beside in self.query(ContactPreview):
                beside.show(self._list.current)

    def on_people_list_contact_chosen(self, event: PeopleList.ContactChosen) -> None:
        """Opens a person."""
        self._open_person(event.contact_id)

    def _open_person(self, contact_id: int, channel: Channel | None = None) -> None:
        self.set_focus(None)
        self.agent_app.open_contact(contact_id, channel)

    def on_screen_suspend(self) -> None:
        """Who comes back from another screen is at the list: letters go into the search only after its key."""
        if not self.app.screen.is_modal:
            self.set_focus(None)

    def on_contact_preview_chosen(self, event: "ContactPreview.Chosen") -> None:
        """Opens the person that is shown, on the channel that was clicked."""
        self._open_person(event.contact_id, event.channel)

    def on_heading_sums_clicked(self, event: Heading.SumsClicked) -> None:
        """Sorts otherwise."""
        self.action_order()

    def on_navigation_place_chosen(self, event: Navigation.PlaceChosen) -> None:
        """Lists the people of another place."""
        self._go_to(event.place)

    def on_navigation_place_clicked(self, event: Navigation.PlaceClicked) -> None:
        """Lists the people of the place that was clicked, with the keys in the list."""
        self.set_focus(None)
        self._go_to(event.place)

    def on_navigation_inboxes_chosen(self, event: Navigation.InboxesChosen) -> None:
        """Shows the inboxes."""
        self.action_inboxes()

    def on_navigation_left(self, event: Navigation.Left) -> None:
        """From the places back to the list."""
        self.set_focus(None)

    def on_descendant_blur(self) -> None:
        """Folded places stand open only while the keys go to them."""
        if self.has_class("-places"):
            self.remove_class("-places")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filters as the agent types."""
        self._look_for(event.value)

    def _look_for(self, words: str) -> None:
        query = words.strip()
        if query == self._query:
            return
        self._query = query
        self._is_behind, self._opens_first = True, False
        if query:
            self._find(query)
        else:
            self._load_place()

    def action_open(self) -> None:
        """Opens the person under the cursor; the first one found, when what was typed is still being looked for."""
        # What the field holds: word of its last change may still be on its way.
        self._look_for(self._search.value)
        if self._is_behind:
            self._opens_first = True
        else:
            self._list.choose()

    def action_find(self) -> None:
        """Goes to the search field, with what stands there marked: what is typed takes its place."""
        self._search.focus()
        self._search.action_select_all()

    def action_order(self) -> None:
        """Sorts by the last message, or by name."""
        if not self._query:
            self._by = Order.LATEST if self._by is Order.NAME else Order.NAME
            self._load_place()

    async def action_mark(self) -> None:
        """Marks a person as unread, or an unread one as read."""
        contact_id = self._list.current
        if contact_id is None:
            return
        try:
            await self.session.run(services.messaging.toggle_unread, contact_id)
        except Exception as error:
            sentence = sentence_of(error)
            self.notify(f"{sentence[:1].upper()}{sentence[1:]}.", markup=False)

    def action_back(self) -> None:
        """Clears the search; then goes back to all people."""
        if self._query:
            self._search.value = ""
        elif self.focused is None:
            self._go_to(Place.ALL)
        self.set_focus(None)

    def action_move(self, step: int) -> None:
        """Moves the cursor of the list."""
        self._list.move(step)

    def action_page(self, pages: int) -> None:
        """Moves the cursor by screenfuls."""
        self._list.page(pages)

    def action_edge(self, end: int) -> None:
        """Moves the cursor to an end of the list."""
        self._list.edge(end)

    def action_place(self, place: str) -> None:
        """Lists the people of another place."""
        self._go_to(Place(place))

    def action_leave(self) -> None:
        """Asks, and then ends the program: a letter never quits by surprise."""
        from contacts_tui.screens.dialogs import Question

        text = "Waiting messages are sent when it runs again; drafts are kept."
        self.app.push_screen(Question("Quit the program?", text), self._left)

    async def _left(self, leaves: bool | None) -> None:
        if leaves:
            await self.app.action_quit()

    def action_inboxes(self) -> None:
        """Shows the inboxes."""
        from contacts_tui.screens.inboxes import InboxesScreen

        self.app.push_screen(InboxesScreen())

    def action_places(self) -> None:
        """To the places, or from them to the list."""
        places = self.query_one(Navigation)
        if places.has_focus:
            self.set_focus(None)
            return
        if self.has_class("-folded"):
            self.add_class("-places")
        places.focus()

    def _go_to(self, place: Place) -> None:
        if place is self._place and not self._query:
            return
        self._place, self._query = place, ""
        self._is_behind, self._opens_first = True, False
        with self.prevent(Input.Changed):
            self._search.value = ""
        self.query_one(Navigation).set_place(place)
        self._load_place()
