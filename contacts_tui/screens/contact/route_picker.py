"""Asks to which address, and from which inbox, to write."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from contacts_tui.commands import Scope
from contacts_tui.domain.address import display_phone
from contacts_tui.domain.text import one_line
from contacts_tui.domain.views import Route, Routes
from contacts_tui.screens.base import AgentModal
from contacts_tui.widgets.choice_list import Choice, ChoiceList
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.plain_text import Plain


class RoutePicker(AgentModal[Route | None]):
    """Returns a pair of an address and an inbox, or None. The one used or chosen last is under the cursor at first."""

    CSS_PATH = "route_picker.tcss"
    AUTO_FOCUS = "ChoiceList"
    SCOPES = (Scope.PICKER,)
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, name: str, routes: Routes) -> None:
        """Offer `routes` to the person `name`."""
        super().__init__()
        self._person = one_line(name)
        self._routes = routes

    def compose(self) -> ComposeResult:
        """Yield a question, the routes, and the keys."""
        with Vertical(id="box") as box:
            box.border_title = Content(f"{self._routes.channel.label} to {self._person}")
            yield Plain("Which number, and from which inbox? The choice is remembered.", id="question")
            yield ChoiceList()
            yield CommandFooter()

    def on_mount(self) -> None:
        """Fill the list."""
        choices = [Choice(index, _columns(route)) for index, route in enumerate(self._routes.routes)]
        self.query_one(ChoiceList).set_choices(choices, self._routes.preselected, _HEADINGS)

    def on_choice_list_chosen(self, event: ChoiceList.Chosen) -> None:
        """Return the route that was chosen."""
        self.dismiss(self._routes.routes[event.key])

    def action_back(self) -> None:
        """Go back without a choice."""
        self.dismiss(None)


_HEADINGS = ("To", "From", "")


def _columns(route: Route) -> tuple[str, ...]:
    profile = one_line(route.identity.profile_name)
    known = "has a thread" if route.conversation_id is not None else ""
    if not route.inbox.is_connected:
        known = "disconnected, read only"
    address = one_line(display_phone(route.identity.address))
    return (
        # A chat id alone tells an agent nothing, least of all beside another one.
        address if route.inbox.channel.by_phone or not profile else f"{profile} {address}",
        f"{one_line(route.inbox.name)} {one_line(display_phone(route.inbox.address))}",
        known or profile,
    )
