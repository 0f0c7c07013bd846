"""The filter that is typed into the search field of People, and the views that agents save."""

from functools import partial

from textual import events, work
from textual.widgets import Input

from contacts_tui import services
from contacts_tui.commands import BY_ID, keys_of
from contacts_tui.commands.view_keys import key_of
from contacts_tui.domain.text import begun, one_line
from contacts_tui.domain.view import BUILT_IN, View
from contacts_tui.screens.people import people_query
from contacts_tui.screens.people.people_actions import PeopleActions
from contacts_tui.widgets.filter_field import FilterField, candidates_hint, mistake_hint
from contacts_tui.widgets.navigation import Navigation
from contacts_tui.widgets.people_list import PeopleHeadings


class PeopleViews(PeopleActions):
    """Lists the people of a typed filter or of a chosen view, and saves filters as views."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action applies: a filter without a mistake can be saved, a saved view removed."""
        if action == "save_view":
            return self.session.is_open and self._query.mistake is None
        if action == "remove_view":
            return self.session.is_open and not self._query.typed and self._view not in BUILT_IN
        return super().check_action(action, parameters)

    @property
    def _search(self) -> FilterField:
        return self.query_one(FilterField)

    @property
    def _listed_view(self) -> View:
        """What the list shows, as a view; a typed filter is named by its own text."""
        return View(self._query.typed, self._query.line) if self._query.typed else self._view

    # What is typed.

    @work(exclusive=True, group="names", exit_on_error=False)
    async def _read_names(self) -> None:
        """Read the names that can be completed in the search field."""
        self._search.set_names(await self.session.read(services.views.names))
        self._show_hint()

    def on_filter_field_focused(self) -> None:
        """Read the names that can be completed."""
        if self.session.is_open:
            self._read_names()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Filter as the agent types, by the text in the field now: it may be newer than this event."""
        self._look_for(self._search.value)
        self._show_hint()

    def _look_for(self, text: str) -> None:
        typed = text.strip()
        if typed == self._query.typed:
            return
        if typed:
            self._query = people_query.of_typed(typed)
        else:
            self._show_view()
        self._is_behind, self._opens_first = self._query.mistake is None, False
        if (mistake := self._query.mistake) is not None:
            # That no one was found by an earlier text says nothing about this one.
            self._show_mistake(mistake)
        self._load()

    def _show_hint(self) -> None:
        """Show in place of the headings how the last word can go on, else what is wrong with the filter."""
        field, line = self._search, self.query_one(PeopleHeadings)
        if field.has_focus and (candidates := field.candidates):
            line.set_hint(partial(candidates_hint, candidates))
        elif (mistake := self._query.mistake) is not None:
            line.set_hint(partial(mistake_hint, field.value, mistake))
        else:
            line.set_hint(None)

    def on_descendant_blur(self) -> None:
        """Fold the views again, and hide the completions: both are shown only while they have the focus."""
        if self.has_class("-views"):
            self.remove_class("-views")
        self._show_hint()

    # Views.

    def on_key(self, event: events.Key) -> None:
        """Open the saved view with this key, or collect the digits of a number; not in the search field."""
        if self._search.has_focus:
            return
        digit = event.character or ""
        if event.key in BY_ID["people.count"].keys or (digit == "0" and self._typed_count):
            if digit.isdigit():
                self._typed_count = min(self._typed_count * 10 + int(digit), 1_000_000)
                self._show_sums()
                event.stop()
            return
        self._times, was_counting, self._typed_count = max(1, self._typed_count), bool(self._typed_count), 0
        if was_counting:
            self._show_sums()
        view = next((view for view in self._views if view.key and key_of(view) == event.key), None)
        if view is not None and event.key not in self.active_bindings:
            event.stop()
            self._go_to_by_key(view)

    def _sums(self) -> str:
        """Return what the number that is being typed is for, or else the sums."""
        return f"{self._typed_count:,}: now a key that moves" if self._typed_count else super()._sums()

    def action_count(self) -> None:
        """Say how a number is given. `on_key` takes the digits, so that none of them gets here."""
        self.say("Type a number, then a key that moves.")

    def action_save_view(self) -> None:
        """Ask for a name and a key, and save the filter as a view."""
        from contacts_tui.screens.people.save_view import SaveView

        self.app.push_screen(SaveView(self._query.line, self._views), self._save_view)

    async def _save_view(self, view: View | None) -> None:
        if view is None:
            return
        before = next((known for known in self._views if known.name.casefold() == view.name.casefold()), None)
        with self.telling():
            saved = await self.session.run(services.views.save, self.session.agent, view)

            async def undo() -> str:
                if before is None:
                    await self.session.run(services.views.remove, self.session.agent, saved.name)
                    return f"Undone: the view “{one_line(saved.name)}” is gone."
                await self.session.run(services.views.save, self.session.agent, before)
                return f"Undone: the view “{one_line(before.name)}” is as it was before."

            self.session.undo_stack.push(f"view “{saved.name}” saved", undo)
            self._views = await self.session.read(services.views.listed)
            self.query_one(Navigation).set_views(self._views)
            self.set_focus(None)
            self._go_to(next(known for known in self._views if known.name == saved.name))
            self.say(f"Saved as “{one_line(saved.name)}”. {keys_of('people.undo')} undoes it.")

    async def action_remove_view(self) -> None:
        """Remove the saved view that is listed."""
        with self.telling():
            removed = await self.session.run(services.views.remove, self.session.agent, self._view.name)

            async def undo() -> str:
                await self.session.run(services.views.save, self.session.agent, removed)
                return f"Undone: the view “{one_line(removed.name)}” is back."

            words = f"view “{one_line(removed.name)}” removed"
            self.session.undo_stack.push(words, undo)
            self._go_to(self._home if self._home != removed else BUILT_IN[0])
            self.say(f"{begun(words)}. {keys_of('people.undo')} undoes it.")

    def on_navigation_view_chosen(self, event: Navigation.ViewChosen) -> None:
        """List the people of the view that was chosen."""
        self._go_to(event.view)

    def on_navigation_view_clicked(self, event: Navigation.ViewClicked) -> None:
        """List the people of the view that was clicked, and go to the list."""
        self.set_focus(None)
        self._go_to(event.view)

    def action_view(self, name: str) -> None:
        """List the people of the view of this name."""
        self._go_to_by_key(next(view for view in self._views if view.name == name))

    def _go_to_by_key(self, view: View) -> None:
        if view == self._view and not self._query.typed:
            self.say(f"“{one_line(view.name)}” is what is listed.")
        self._go_to(view)

    def _go_to(self, view: View) -> None:
        if view == self._view and not self._query.typed:
            return
        self._view = view
        with self.prevent(Input.Changed):
            self._search.value = ""
        self._list.select_none()
        self._show_view()
        self._is_behind, self._opens_first = self._query.mistake is None, False
        self._show_hint()
        self._load()
