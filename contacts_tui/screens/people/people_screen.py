"""People: the views at the left, the list, and the search over it."""

from collections.abc import Sequence
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Horizontal, Vertical

from contacts_tui.commands import Scope, keys_of
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.listing import PersonRow
from contacts_tui.domain.view import BUILT_IN, EVERYBODY, WAITING
from contacts_tui.screens.base import AgentScreen
from contacts_tui.screens.people.people_export import PeopleExport
from contacts_tui.screens.people.people_reading import WIDE
from contacts_tui.widgets.filter_field import FilterField
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.heading import Heading
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.navigation import Navigation
from contacts_tui.widgets.people_list import PeopleHeadings, PeopleList
from contacts_tui.widgets.plain_text import Plain
from contacts_tui.widgets.search_field import FieldLine
from contacts_tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from contacts_tui.domain.presence import Presence
    from contacts_tui.screens.people.contact_preview import ContactPreview

AGES = 30.0
"""Seconds between two drawings of ages and times left."""


class PeopleScreen(PeopleExport, AgentScreen[None]):
    """Where an agent finds a person."""

    AUTO_FOCUS = ""
    SCOPES = (Scope.PEOPLE, Scope.FILTER, Scope.NAVIGATION)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.PEOPLE)
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 (Textual declares it as an instance's)
        (0, "-folded"),
        (70, "-narrow"),
        (100, "-wide"),
        (120, "-roomy"),
        (WIDE, "-beside"),
        (180, "-card"),
    ]

    def compose(self) -> ComposeResult:
        """Yield the views, the list under its search field, and the bottom lines."""
        # Textual finds the breakpoint only after the first layout, which would then be drawn twice.
        self.add_class(next(name for least, name in reversed(self.HORIZONTAL_BREAKPOINTS) if self.size.width >= least))
        with Horizontal(id="body"):
            with Container(id="side"):
                yield Navigation()
            with Vertical(id="people"):
                yield Heading()
                with FieldLine(id="finder"):
                    yield Plain("/", id="slash")
                    yield FilterField()
                yield PeopleHeadings()
                yield PeopleList(self.session.clock())
        with Horizontal(id="bottom"):
            yield StatusLine(self.session.agent)
            yield CommandFooter()

    def on_mount(self) -> None:
        """Say every second that the store is being opened, until `begin`."""
        self._list.set_note("Opening the store…")
        self._began_at = monotonic()
        self._waiting = self.set_interval(1.0, self._tell_opening)

    def _tell_opening(self) -> None:
        """Show which step of opening the store is running, the seconds since the start, and the key that quits."""
        step = self.session.opening or "opening the store"
        words = f"{step}… {monotonic() - self._began_at:.0f} s"
        self.query_one(Heading).show(self._view.name, words)
        self._list.set_note(f"{words[:1].upper()}{words[1:]}\n\n{keys_of('app.quit')} quits.")

    def preview(self, rows: Sequence[PersonRow], are_waiting: bool) -> None:
        """Show the first people, to move in while the store is being opened: of those who wait, or of all."""
        if not rows:
            return
        self._view = self._home = next(
            view for view in BUILT_IN if view.name == (WAITING if are_waiting else EVERYBODY)
        )
        self._show_view()
        self._show_columns(self._query)
        self._list.put(rows)
        self._list.set_order([row.contact_id for row in rows])

    def begin(self) -> None:
        """Load the list and keep it up to date. Called once the store is open and its changes are followed."""
        self._waiting.stop()
        if not self._list.count:
            self._list.set_note("Reading people…")
        self.changes.subscribe(self, self._on_changes)
        self.agent_app.presence.subscribe(self, self._show_present)
        self._start_reading()
        self.set_interval(AGES, self._pass_time)
        self.call_next(self._fit_preview)

    def _show_present(self, others: "tuple[Presence, ...]") -> None:
        """Show which people are open in other programs, in the list and on the card beside it."""
        from contacts_tui.domain.presence import listed_words, with_person

        people = {one.contact_id for one in others}
        self._list.set_present({each: listed_words(with_person(others, each), self.session.agent) for each in people})
        if self.size.width >= WIDE:
            # Imported for wide terminals only: the first frame of others doesn't need it.
            from contacts_tui.widgets.activity_card import ActivityCard

            for card in self.query(ActivityCard):
                card.set_present(others)

    # What the agent does.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether a command applies now (asked by Textual and the footer)."""
        if action == "open":
            return self._list.current is not None or self._can_add
        if action == "order":
            return self.session.is_open and not self._query.typed
        if action in ("inboxes", "import_people", "today"):
            return self.session.is_open
        if action == "back":
            return bool(self._list.is_selecting or self._query.typed or self._view != self._home or self.focused)
        return super().check_action(action, parameters)

    @property
    def merge_subject(self) -> int | None:
        """The id of the person under the cursor; None in an empty list."""
        return self._list.current

    def on_people_list_contact_marked(self, event: PeopleList.ContactMarked) -> None:
        """Show the person under the cursor in a wide terminal, and offer to open only where there is a person."""
        if (event.contact_id is not None) is not self._can_open:
            self._can_open = event.contact_id is not None
            self.refresh_bindings()
        self._show_preview()

    async def on_resize(self) -> None:
        """Show a person beside the list where there is room for it; the names of the list come first."""
        if self.session.is_open:
            await self._fit_preview()

    async def _fit_preview(self) -> None:
        beside = self.query("ContactPreview")
        if self.size.width < WIDE:
            await beside.remove()
        elif not beside:
            # Imported for wide terminals only: others don't need it.
            from contacts_tui.screens.people.contact_preview import ContactPreview

            await self.query_one("#body").mount(ContactPreview(self.session))
            self._show_preview()

    def marked_text(self) -> str:
        """Return the text that is marked in the thread beside the list, or else elsewhere; empty without any."""
        beside = cast(Any, self.query("ContactPreview"))
        return next((preview.marked_text for preview in beside), "") or super().marked_text()

    def on_people_list_selection_changed(self, event: PeopleList.SelectionChanged) -> None:
        """Show how many people are selected."""
        self._show_sums()

    def on_people_list_contact_chosen(self, event: PeopleList.ContactChosen) -> None:
        """Open the person who was chosen."""
        self._open_person(event.contact_id)

    def _open_person(self, contact_id: int, channel: Channel | None = None) -> None:
        self.set_focus(None)
        self.session.walk.begin(self._listed_view)
        self.agent_app.open_contact(contact_id, channel)

    def on_screen_suspend(self) -> None:
        """Leave the search field, unless for a dialog: after a return, letters are typed into it only after its key."""
        if not self.app.screen.is_modal:
            self.set_focus(None)

    def on_contact_preview_chosen(self, event: "ContactPreview.Chosen") -> None:
        """Open the person who is shown beside the list, on the channel that was clicked."""
        self._open_person(event.contact_id, event.channel)

    def on_heading_sums_clicked(self, event: Heading.SumsClicked) -> None:
        """Sort by name, or again in the view's own order."""
        self.action_order()

    def on_navigation_inboxes_chosen(self, event: Navigation.InboxesChosen) -> None:
        """Show the inboxes."""
        self.action_inboxes()

    def on_navigation_left(self, event: Navigation.Left) -> None:
        """Go from the views back to the list."""
        self.set_focus(None)

    def action_open(self) -> None:
        """Open the person under the cursor, or the first person found if the search hasn't ended yet.

        If the search finds no one, add a person by what was typed. With a mistake in the typed filter, do nothing.
        """
        # The text in the field now: the event of its last change may not have been handled yet.
        self._look_for(self._search.value)
        if self._search.has_focus and self._query.mistake is not None:
            return
        if self._is_behind:
            self._opens_first = True
        else:
            self._open_found()

    def action_find(self) -> None:
        """Go to the search field and mark its text, so that what is typed replaces it."""
        self._search.focus()
        self._search.action_select_all()

    def action_order(self) -> None:
        """Sort in the view's own order, or by name; what is typed keeps its order."""
        if not self._query.typed:
            self._by_name = not self._by_name
            self._show_view()
            self._load()

    def action_back(self) -> None:
        """Unselect all people, else clear the search, else leave the field or the views, else go to the first view."""
        if self._list.is_selecting and not self._search.has_focus:
            self._list.select_none()
            return
        if self._search.value:
            self._search.value = ""
        elif self.focused is None:
            self._go_to(self._home)
        self.set_focus(None)

    def action_move(self, step: int) -> None:
        """Move the cursor of the list by `step` people, as many times as was typed before."""
        self._list.move(step * self._times)

    def action_page(self, pages: int) -> None:
        """Move the cursor of the list by screenfuls, as many times as was typed before."""
        self._list.page(pages * self._times)

    def action_edge(self, end: int) -> None:
        """Move the cursor to the first person of the list (negative) or the last."""
        self._list.edge(end)

    def action_leave(self) -> None:
        """Ask whether to quit, and quit: a letter alone never ends the program."""
        from contacts_tui.screens.dialogs import Question

        text = "Waiting messages are sent when it runs again; drafts are kept."
        self.app.push_screen(Question("Quit the program?", text), self._left)

    async def _left(self, leaves: bool | None) -> None:
        if leaves:
            await self.app.action_quit()

    def action_inboxes(self) -> None:
        """Show the inboxes."""
        from contacts_tui.screens.inboxes.inboxes_screen import InboxesScreen

        self.app.push_screen(InboxesScreen())

    def action_import_people(self) -> None:
        """Ask for a file, show what would be imported, and import it."""
        from contacts_tui.screens.people_import import ask_and_import

        ask_and_import(self)

    def action_today(self) -> None:
        """Show what was done and what was received, today or in a week."""
        from contacts_tui.screens.today import TodayScreen

        self.app.push_screen(TodayScreen())

    def action_views(self) -> None:
        """Go to the views, or from them back to the list."""
        views = self.query_one(Navigation)
        if views.has_focus:
            self.set_focus(None)
            return
        if self.has_class("-folded"):
            self.add_class("-views")
        views.focus()
