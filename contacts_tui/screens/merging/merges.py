"""The journal: what was merged, linked and moved, by whom, and whether it can be undone."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from contacts_tui import services
from contacts_tui.commands import Scope, keys_of
from contacts_tui.domain.change import Change, ChangeKind
from contacts_tui.domain.merge import MergeEntry, MoveKind
from contacts_tui.domain.text import counted, one_line
from contacts_tui.screens.base import AgentModal
from contacts_tui.screens.merging import merge_words as words
from contacts_tui.widgets.choice_list import Choice, ChoiceList
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.plain_text import Plain


class MergesScreen(AgentModal[int | None]):
    """Follows the store while it is open. Returns the id of a contact to open, or None."""

    CSS_PATH = "merging.tcss"
    AUTO_FOCUS = "ChoiceList"
    SCOPES = (Scope.MERGES, Scope.PICKER)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.MERGES)

    def __init__(self) -> None:
        super().__init__()
        self._entries: dict[int, MergeEntry] = {}

    def compose(self) -> ComposeResult:
        """Yield the entries, the one under the cursor in words, a line for what is told, and the keys."""
        with Vertical(id="box") as box:
            box.border_title = Content("Merges and moved addresses, newest first")
            yield ChoiceList()
            yield Plain("Reading …", id="about")
            yield Plain(id="line", classes="-empty")
            yield CommandFooter()

    async def on_mount(self) -> None:
        """Read the journal, and again whenever people change."""
        self.changes.subscribe(self, self._on_changes)
        await self._read()

    async def _on_changes(self, batch: tuple[Change, ...]) -> None:
        if any(change.kind in (ChangeKind.CONTACT, ChangeKind.EVERYTHING) for change in batch):
            await self._read()

    async def _read(self) -> None:
        with self.telling():
            self._show(await self.session.read(services.merging.journal))

    def _show(self, entries: Sequence[MergeEntry]) -> None:
        choices = self.query_one(ChoiceList)
        here = choices.highlighted
        self._entries = {entry.id: entry for entry in entries}
        cursor = next((place for place, entry in enumerate(entries) if here and entry.id == here.key), 0)
        choices.set_choices([Choice(entry.id, _columns(entry)) for entry in entries], cursor, _HEADINGS)
        if not entries:
            self.query_one("#about", Plain).show(
                f"Nothing has been merged yet. {keys_of('people.merge')} on a person merges them with a duplicate."
            )
        self.refresh_bindings()

    @property
    def _current(self) -> MergeEntry | None:
        here = self.query_one(ChoiceList).highlighted if self.is_mounted else None
        return self._entries.get(here.key) if here is not None else None

    def on_choice_list_highlighted(self, event: ChoiceList.Highlighted) -> None:
        """Describe the entry under the cursor in full."""
        entry = self._current
        if entry is not None:
            self.query_one("#about", Plain).show(_about(entry))
            self.refresh_bindings()

    def on_choice_list_chosen(self, event: ChoiceList.Chosen) -> None:
        """Return the contact that was kept, to open it."""
        self.dismiss(self._entries[event.key].kept_id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action applies: some entries can't be undone (asked by Textual)."""
        if action == "undo":
            return self._current is not None and not self._current.obstacle
        return True

    async def action_undo(self) -> None:
        """Undo the entry under the cursor."""
        entry = self._current
        if entry is None:
            return
        with self.telling():
            undone = await self.session.run(services.merging.undo, entry.id, author=self.session.agent)
            self.session.undo_stack.forget(words.undo_key(undone))
            self.say(words.undone(undone))
            await self._read()

    def action_back(self) -> None:
        """Go back without a contact to open."""
        self.dismiss(None)


_HEADINGS = ("Change", "When", "By", "State")


def _columns(entry: MergeEntry) -> tuple[str, ...]:
    sign = "→" if entry.kind is MoveKind.MERGE else "out of"
    state = "undone" if entry.undone_at is not None else "blocked" if entry.obstacle else "can be undone"
    what = f"{entry.id}  {one_line(entry.other_name)} {sign} {one_line(entry.kept_name)}"
    return (what, f"{entry.at.astimezone():%d %b %H:%M}", one_line(entry.author), state)


def _about(entry: MergeEntry) -> str:
    moved = (
        f"{counted(entry.messages, 'message')} in {counted(entry.threads, 'thread')}, "
        f"{counted(entry.addresses, 'address', 'addresses')}"
    )
    if entry.undone_at is not None:
        state = f"Undone by {one_line(entry.undone_by)} on {entry.undone_at.astimezone():%d %b %H:%M}."
    elif entry.obstacle:
        state = f"It can't be undone now: {entry.obstacle}."
    else:
        state = f"{keys_of('merges.undo')} undoes it."
    return f"{one_line(entry.sentence)}: {moved}. {state}"
