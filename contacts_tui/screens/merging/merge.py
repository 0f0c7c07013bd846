"""Shows two contacts side by side before they are merged."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content

from contacts_tui import services
from contacts_tui.commands import Scope, keys_of
from contacts_tui.domain.change import Change, ChangeKind
from contacts_tui.domain.merge import Field, MergeEntry, MergePreview, Take
from contacts_tui.domain.text import begun, clean, one_line
from contacts_tui.screens.base import AgentScreen, sentence_of
from contacts_tui.screens.merging import merge_words as words
from contacts_tui.screens.merging.distinct import mark_distinct
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.merge_table import NOTHING, MergeTable
from contacts_tui.widgets.merge_table import words as value_words
from contacts_tui.widgets.plain_text import Plain

_TAKES = {Take.KEEP: "from the left", Take.OTHER: "from the right", Take.BOTH: "both"}

_SIDES = f"{keys_of('merge.keep')} {keys_of('merge.other')} or {keys_of('merge.next')}"
"""The keys that choose a side."""


class MergeScreen(AgentScreen[MergeEntry | None]):
    """Where an agent chooses, field by field, which values stay. Returns the merge that was done; None without one."""

    CSS_PATH = "merging.tcss"
    AUTO_FOCUS = ""
    SCOPES = (Scope.MERGE,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.MERGE)
    # Textual declares it as an instance attribute.
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]  # noqa: RUF012

    def __init__(self, keep_id: int, other_id: int, undo_key: str) -> None:
        """Offer to merge the second contact into the first; the agent can swap them.

        `undo_key` undoes the merge on the screen below this one.
        """
        super().__init__()
        self._undo_key = undo_key
        self._keep_id = keep_id
        self._other_id = other_id
        self._choices: dict[Field, Take] = {}
        """What the agent chose; for other fields the default depends on which contact stays."""
        self._preview: MergePreview | None = None
        self._merging = False

    def compose(self) -> ComposeResult:
        """Yield who is merged with whom, the fields, the whole value under the cursor, the outcome, and the keys."""
        yield Plain(id="title")
        yield MergeTable()
        with VerticalScroll(id="values", can_focus=False):
            yield Plain(id="value")
        yield Plain(id="outcome")
        yield Plain(id="line", classes="-empty")
        yield CommandFooter()

    async def on_mount(self) -> None:
        """Read the two contacts, and again whenever one of them changes."""
        self.query_one(MergeTable).can_focus = False
        self.changes.subscribe(self, self._on_changes)
        await self._read()

    async def _on_changes(self, batch: tuple[Change, ...]) -> None:
        ours = {self._keep_id, self._other_id, None}
        if not self._merging and any(
            change.contact_id in ours and change.kind not in (ChangeKind.SETTING, ChangeKind.TEMPLATE)
            for change in batch
        ):
            await self._read()

    async def _read(self) -> None:
        try:
            self._preview = await self.session.read(
                services.merging.preview, self._keep_id, self._other_id, dict(self._choices)
            )
        except Exception as error:
            self._preview = None
            self.say(f"{sentence_of(error)}. {begun(keys_of('merge.back'))} goes back.")
        else:
            self.say("")
            self._show(self._preview)
        self.refresh_bindings()

    def _show(self, preview: MergePreview) -> None:
        keep, other = one_line(preview.keep.name), one_line(preview.other.name)
        self.query_one("#title", Plain).show(
            Content.assemble("Merge  ", (other, "bold"), ("  into  ", "$text-muted"), (keep, "bold")), layout=False
        )
        self.query_one(MergeTable).show(preview)
        self.query_one("#outcome", Plain).show(words.consequences(preview, self._undo_key))
        self._show_value()

    def _show_value(self) -> None:
        table = self.query_one(MergeTable)
        field = table.field
        if field is None:
            mine, theirs = ([one_line(text) for text in side] or [NOTHING] for side in table.addresses)
            taken = f"all stay; {keys_of('contact.split')} on a contact moves one away"
            lines = [("left", ", ".join(mine)), ("right", ", ".join(theirs))]
            label = "addresses"
        else:
            taken = (
                "alike on both sides" if len(field.options) == 1 else f"{_TAKES[field.taken]}; {_SIDES} changes that"
            )
            result = clean(field.result) if isinstance(field.result, str) else value_words(field.result)
            lines = [
                ("left", value_words(field.keep)),
                ("right", value_words(field.other)),
                ("after", result or NOTHING),
            ]
            label = field.field.label
        parts = [Content.assemble((label, "bold"), (f"  {taken}", "$text-muted"))]
        parts += [
            Content.assemble((f"{side:<6}", "$text-muted"), text.replace("\n", "\n      ")) for side, text in lines
        ]
        self.query_one("#value", Plain).show(Content("\n").join(parts))
        self.query_one("#values", VerticalScroll).scroll_home(animate=False)

    def on_merge_table_highlighted(self) -> None:
        """Show the value under the cursor in full."""
        self._show_value()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action applies: values have to differ, and both contacts to exist (asked by Textual)."""
        if action in ("take", "next"):
            field = self.query_one(MergeTable).field if self._preview is not None else None
            return field is not None and len(field.options) > 1
        if action in ("confirm", "swap", "stranger"):
            return self._preview is not None
        return True

    async def action_take(self, side: str) -> None:
        """Take the value of one side: "keep" or "other"."""
        await self._take(Take(side))

    async def action_next(self) -> None:
        """Take the next choice for the field under the cursor; the first one follows the last."""
        field = self.query_one(MergeTable).field
        if field is not None:
            following = field.options.index(field.taken) + 1
            await self._take(field.options[following % len(field.options)])

    async def _take(self, take: Take) -> None:
        field = self.query_one(MergeTable).field
        if field is not None and take in field.options:
            self._choices[field.field] = take
            await self._read()

    async def action_swap(self) -> None:
        """Swap which contact stays; the values that the agent chose stay chosen."""
        self._keep_id, self._other_id = self._other_id, self._keep_id
        self._choices = {field: take.swapped for field, take in self._choices.items()}
        await self._read()

    async def action_confirm(self) -> None:
        """Merge the two contacts as they are shown; if that is refused, show them again, and why."""
        preview = self._preview
        if preview is None or self._merging:
            return
        self._merging = True
        try:
            entry = await self.session.run(
                services.merging.merge,
                self._keep_id,
                self._other_id,
                author=self.session.agent,
                choices=dict(self._choices),
                expected=preview.result,
            )
        except Exception as error:
            self._merging = False
            await self._read()
            self.say(f"Not merged: {sentence_of(error)}")
            return
        self.dismiss(entry)

    async def action_stranger(self) -> None:
        """Mark the two contacts as not the same person, and go back."""
        with self.telling():
            self.notify(await mark_distinct(self, self._keep_id, self._other_id, self._undo_key))
            self.dismiss(None)

    def action_move(self, by: int) -> None:
        """Go to a neighbouring field, or to the addresses."""
        self.query_one(MergeTable).move(by)

    def action_page(self, direction: int) -> None:
        """Scroll a long value by a screenful, up (-1) or down (1)."""
        values = self.query_one("#values", VerticalScroll)
        values.scroll_relative(y=direction * max(values.size.height - 1, 1), animate=False)

    def action_back(self) -> None:
        """Go back, and leave both contacts as they are."""
        self.dismiss(None)
