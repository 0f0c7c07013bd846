"""A dialog to write or change a canned reply: its name, its text, and whose it is."""

from dataclasses import replace
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content

from contacts_tui import services
from contacts_tui.commands import Scope, typing_key_of
from contacts_tui.domain.canned_reply import VARIABLES, CannedReply
from contacts_tui.domain.text import begun, clean, one_line
from contacts_tui.screens.base import AgentModal, sentence_of
from contacts_tui.screens.dialogs import leave_unsaved
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.plain_text import Plain
from contacts_tui.widgets.search_field import SearchField
from contacts_tui.widgets.writing_area import WritingArea


class ReplyEditor(AgentModal[CannedReply | None]):
    """Stores the reply and returns it, or None."""

    CSS_PATH = "replies.tcss"
    SCOPES = (Scope.REPLY,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.REPLY)

    def __init__(self, reply: CannedReply) -> None:
        """Begin with what `reply` has; a reply without a text is new."""
        super().__init__()
        self._reply = reply
        self._is_shared = reply.is_shared

    def compose(self) -> ComposeResult:
        """Yield the name, the text, whose the reply is, the variables, and the keys."""
        with Vertical(id="box") as box:
            box.border_title = Content("Canned reply")
            with Horizontal(id="finder"):
                yield Plain("Name  ", id="slash")
                yield SearchField("a short name to find it by")
            yield WritingArea(Scope.REPLY)
            yield Plain(id="whose")
            variables = ", ".join(f"{{{{{name}}}}}" for name in VARIABLES)
            yield Plain(f"Filled in for each person: {variables}", id="question")
            yield Plain(id="line")
            yield CommandFooter()

    def on_mount(self) -> None:
        """Fill the fields, and focus the text, or the name if it is empty."""
        name, area = self.query_one(SearchField), self.query_one(WritingArea)
        name.value = clean(self._reply.name)
        area.put(self._reply.text)
        (area if self._reply.name else name).focus()
        self._show_whose()

    def _show_whose(self) -> None:
        whose = "Everybody on this store has it" if self._is_shared else "Only you have it"
        self.query_one("#whose", Plain).show(f"{whose}; {typing_key_of('reply.share')} changes that.")

    def action_share(self) -> None:
        """Share the reply with all agents, or with none."""
        self._is_shared = not self._is_shared
        self._show_whose()

    def action_next_field(self) -> None:
        """Focus the other field."""
        name, area = self.query_one(SearchField), self.query_one(WritingArea)
        (area if name.has_focus else name).focus()

    def action_line(self) -> None:
        """Break the line in the text; from the name, go to the text."""
        area = self.query_one(WritingArea)
        if area.has_focus:
            area.action_line()
        else:
            area.focus()

    def action_save(self) -> None:
        """Store the reply, and return it; say why not if it is refused."""
        self._save()

    @work(exit_on_error=False)
    async def _save(self) -> None:
        author = "" if self._is_shared else self.session.agent
        reply = CannedReply(self.query_one(SearchField).value, self.query_one(WritingArea).text, author)
        try:
            kept = await self.session.run(services.canned_replies.save, self.session.agent, reply)
            before = replace(self._reply, name=self._reply.name.strip())
            if before.text and (before.name, before.author) != (kept.name, kept.author):
                await self.session.run(services.canned_replies.drop, self.session.agent, before)
        except Exception as error:
            self.query_one("#line", Plain).show(begun(one_line(sentence_of(error))))
        else:
            self.dismiss(kept)

    def typed(self) -> str:
        """Return the name and the text that aren't saved yet; empty if there is nothing to lose."""
        name, text = self.query_one(SearchField).value, self.query_one(WritingArea).text
        if not text.strip() or (name, text) == (clean(self._reply.name), clean(self._reply.text)):
            return ""
        return f"canned reply “{one_line(name)}”\n{text}"

    def action_back(self) -> None:
        """Go back without saving; ask first if something was written."""
        leave_unsaved(self, loses=bool(self.typed()))
