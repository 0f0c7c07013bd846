"""Canned replies: found by a few letters, shown as the person would read them, and edited in place."""

from collections.abc import Mapping
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.fuzzy import Matcher

from contacts_tui import services
from contacts_tui.commands import Scope, typing_key_of
from contacts_tui.domain.canned_reply import CannedReply, filled, left_open
from contacts_tui.domain.text import clean, one_line, searchable
from contacts_tui.screens.contact.reply_editor import ReplyEditor
from contacts_tui.screens.dialogs import Question
from contacts_tui.screens.search_dialog import NarrowingDialog
from contacts_tui.widgets.choice_list import Choice, ChoiceList
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.plain_text import Plain
from contacts_tui.widgets.search_field import FieldLine, SearchField

_BY_NAME = 3.0
"""How many times more a match in the name counts than one in the text."""


class ReplyPicker(NarrowingDialog[str]):
    """Returns the text of a reply with its variables filled in, or None."""

    CSS_PATH = "replies.tcss"
    SCOPES = (Scope.REPLIES, Scope.PICKER)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.REPLIES, Scope.PICKER)

    def __init__(self, replies: tuple[CannedReply, ...], values: Mapping[str, str]) -> None:
        """Offer `replies`, filled in with `values`: what is known of the person, by variable."""
        super().__init__()
        self._replies = replies
        self._values = values
        self._found: tuple[CannedReply, ...] = ()

    def compose(self) -> ComposeResult:
        """Yield the search, the replies, the text that would be in the composer, and the keys."""
        with Vertical(id="box") as box:
            box.border_title = Content("Canned replies")
            with FieldLine(id="finder"):
                yield Plain("/ ", id="slash")
                yield SearchField("letters of a name, or of what it says")
            yield ChoiceList()
            with VerticalScroll(id="scroll", can_focus=False):
                yield Plain(id="preview")
            yield Plain(id="line")
            yield CommandFooter()

    @property
    def _current(self) -> CannedReply | None:
        here = self._list.highlighted if self.is_mounted else None
        return self._found[here.key] if here is not None and here.key < len(self._found) else None

    def _show(self) -> None:
        typed = searchable(self.query_one(SearchField).value)
        self._found = _fitting(self._replies, typed) if typed else self._replies
        self._list.set_choices(
            [
                Choice(place, (one_line(reply.name), "everybody's" if reply.is_shared else "mine"))
                for place, reply in enumerate(self._found)
            ]
        )
        if not self._found:
            self.query_one("#preview", Plain).show("")
            new = typing_key_of("replies.new")
            self.say(f"No reply matches. {new} writes one." if self._replies else f"No replies yet. {new} writes one.")

    def on_choice_list_highlighted(self, event: ChoiceList.Highlighted) -> None:
        """Show the reply as it would be in the composer, and say which variables have no value."""
        reply = self._current
        if reply is None:
            return
        text = filled(reply.text, self._values)
        self.query_one("#preview", Plain).show(clean(text))
        missing = left_open(text)
        self.say(f"Not known about this person: {', '.join(missing)}. Fill it in before you send." if missing else "")
        self.refresh_bindings()

    def on_choice_list_chosen(self, event: ChoiceList.Chosen) -> None:
        """Return the text of the reply that was chosen."""
        self.dismiss(filled(self._found[event.key].text, self._values))

    def action_edit(self) -> None:
        """Change the reply under the cursor."""
        self._catch_up()
        if (reply := self._current) is not None:
            self.app.push_screen(ReplyEditor(reply), self._edited)

    def action_new(self) -> None:
        """Write a new reply, with what is searched for as its name."""
        name = self._typed
        self.app.push_screen(ReplyEditor(CannedReply(name, "", self.session.agent)), self._edited)

    def action_remove(self) -> None:
        """Remove the reply under the cursor, once the agent says so."""
        self._catch_up()
        reply = self._current
        if reply is None:
            return

        def answered(removes: bool | None) -> None:
            if removes:
                self._remove(reply)

        whose = "It is removed for everybody on this store." if reply.is_shared else "Only you have it."
        whose += f" On a contact {typing_key_of('contact.undo')} undoes it."
        self.app.push_screen(Question("Remove the reply?", f"{one_line(reply.name)}. {whose}"), answered)

    @work(exit_on_error=False)
    async def _remove(self, reply: CannedReply) -> None:
        with self.telling():
            await self.session.run(services.canned_replies.drop, self.session.agent, reply)
            words = f"reply “{one_line(reply.name)}” removed"

            async def undo() -> str:
                await self.session.run(services.canned_replies.save, self.session.agent, reply)
                return f"Undone: {words}."

            self.session.undo_stack.push(words, undo)
            await self._read_again()

    async def _edited(self, reply: CannedReply | None) -> None:
        if reply is not None:
            await self._read_again()
            self._list.action_move(next((n for n, one in enumerate(self._found) if one.name == reply.name), 0))

    async def _read_again(self) -> None:
        self._replies = await self.session.read(services.canned_replies.listed, self.session.agent)
        self._show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action applies: changing and removing need a reply (asked by Textual)."""
        return self._current is not None if action in ("edit", "remove") else True


def _fitting(replies: tuple[CannedReply, ...], typed: str) -> tuple[CannedReply, ...]:
    """Return the replies with these letters in their order, in the name or the text; the closest match first."""
    matcher = Matcher(typed)
    scores = {
        place: _BY_NAME * matcher.match(searchable(reply.name)) + matcher.match(searchable(reply.text))
        for place, reply in enumerate(replies)
    }
    return tuple(replies[place] for place in sorted(scores, key=lambda place: -scores[place]) if scores[place] > 0)
