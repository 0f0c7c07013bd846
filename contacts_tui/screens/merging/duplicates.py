"""Lists pairs of contacts that may be one person, to be merged, or marked as not the same, one after the other."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from contacts_tui import services
from contacts_tui.commands import Scope, keys_of
from contacts_tui.domain.change import Change, ChangeKind
from contacts_tui.domain.duplicates import Suggestion
from contacts_tui.domain.text import one_line, sentence
from contacts_tui.screens.base import AgentModal
from contacts_tui.screens.merging.distinct import DistinctKeys
from contacts_tui.screens.throttle import Throttle
from contacts_tui.widgets.choice_list import Choice, ChoiceList
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.plain_text import Plain

LISTED = 100
"""Pairs shown at most: the next ones are shown when these are done."""


class DuplicatesScreen(AgentModal[tuple[int, int] | None], DistinctKeys[tuple[int, int] | None]):
    """Follows the store while it is open. Returns the ids of two contacts to be compared side by side, or None."""

    CSS_PATH = "merging.tcss"
    AUTO_FOCUS = "ChoiceList"
    SCOPES = (Scope.CANDIDATES, Scope.PICKER)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.CANDIDATES)

    def __init__(self) -> None:
        super().__init__()
        self._pairs: tuple[Suggestion, ...] = ()
        self._throttle = Throttle(self._read, self.tell)

    def compose(self) -> ComposeResult:
        """Yield the pairs, a line for the whole reason, and the keys."""
        with Vertical(id="box") as box:
            box.border_title = Content("Possible duplicates")
            yield Plain(
                f"{keys_of('picker.choose')} compares two contacts. Nothing is merged until you confirm.", id="question"
            )
            yield ChoiceList()
            yield Plain("Looking …", id="line")
            yield CommandFooter()

    def on_mount(self) -> None:
        """Read the pairs, and again whenever people change."""
        self.changes.subscribe(self, self._on_changes)
        self.run_worker(self._throttle.run(), exit_on_error=False)
        self._throttle.ask()

    def _on_changes(self, batch: tuple[Change, ...]) -> None:
        if any(change.kind in (ChangeKind.CONTACT, ChangeKind.EVERYTHING) for change in batch):
            self._throttle.ask()

    async def _read(self) -> None:
        with self.telling():
            self._pairs = await self.session.read(services.duplicates.suggestions, LISTED)
            self._show()

    def _show(self) -> None:
        choices = self.query_one(ChoiceList)
        here = choices.highlighted.key if choices.highlighted is not None else 0
        choices.set_choices(
            [Choice(place, _columns(pair)) for place, pair in enumerate(self._pairs)], here, ("Contacts", "Why")
        )
        if not self._pairs:
            self.say("No duplicates found: no two contacts share a number or an email address.")
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action applies: without a pair there is nothing to mark (asked by Textual)."""
        return bool(self._pairs) if action == "stranger" else super().check_action(action, parameters)

    def on_choice_list_highlighted(self, event: ChoiceList.Highlighted) -> None:
        """Show the whole reason of the pair under the cursor, which a narrow list cuts."""
        if event.key < len(self._pairs):
            most = f" The first {LISTED} are listed." if len(self._pairs) == LISTED else ""
            self.say(sentence(one_line(self._pairs[event.key].reason)) + most)

    def on_choice_list_chosen(self, event: ChoiceList.Chosen) -> None:
        """Return the pair that was chosen."""
        pair = self._pairs[event.key]
        self.dismiss((pair.contact.id, pair.other.id))

    async def action_stranger(self) -> None:
        """Mark the pair under the cursor as not the same person."""
        here = self.query_one(ChoiceList).highlighted
        if here is None:
            return
        pair = self._pairs[here.key]
        await self.mark(pair.contact.id, pair.other.id)

    def read_again(self) -> None:
        """Read the pairs."""
        self._throttle.ask()

    def action_back(self) -> None:
        """Go back without a pair."""
        self.dismiss(None)


def _columns(pair: Suggestion) -> tuple[str, ...]:
    return f"{one_line(pair.contact.name)} · {one_line(pair.other.name)}", one_line(pair.reason)
