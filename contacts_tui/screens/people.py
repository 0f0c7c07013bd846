"""People: the places at the left, the list, and the search over it."""

from collections.abc import Sequence
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal, Vertical
from textual.widgets import Input

from contacts_tui import services
from contacts_tui.commands import Scope, keys_of
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.listing import Order, PersonRow, Place
from contacts_tui.screens.base import sentence_of
from contacts_tui.screens.people_reading import WIDE, PeopleReading
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.heading import Heading
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.navigation import LABELS, Navigation
from contacts_tui.widgets.people_list import PeopleHeadings, PeopleList
from contacts_tui.widgets.plain_text import Plain
from contacts_tui.widgets.search_field import FieldLine, SearchField
from contacts_tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from contacts_tui.screens.contact_preview import ContactPreview

AGES = 30.0
"""Seconds between two drawings of ages and times left."""


class PeopleScreen(PeopleReading):
    """Where an agent finds a person."""

    AUTO_FOCUS = ""
    SCOPES = (Scope.PEOPLE, Scope.NAVIGATION)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.PEOPLE)
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 (Textual declares it as an instance's)
        (0, "-folded"),
        (70, "-narrow"),
        (100, "-wide"),
        (120, "-roomy"),
        (WIDE, "-card"),
    ]

    def compose(self) -> ComposeResult:
        """The places, the list under its search line, and the bottom lines."""
        # Textual finds the breakpoint only after the first layout, which would then be drawn twice.
        self.add_class(next(name for least, name in reversed(self.HORIZONTAL_BREAKPOINTS) if self.size.width >= least))
        with Horizontal(id="body"):
            with Container(id="side"):
                yield Navigation()
            with Vertical(id="people"):
                yield Heading()
                with FieldLine(id="finder"):
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
        if self.size.width >= WIDE and not beside:
            await self.query_one("#body").mount(ContactPreview(self.session))
            self._show_preview()
        elif self.size.width < WIDE and beside:
            await beside.remove()

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
