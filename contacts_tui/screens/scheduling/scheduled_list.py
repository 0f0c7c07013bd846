"""The list of scheduled messages, to one person or to all: give one another time or text, or cancel it."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from contacts_tui import services
from contacts_tui.commands import Scope, keys_of, typing_key_of
from contacts_tui.domain import typed_time
from contacts_tui.domain.change import Change, ChangeKind
from contacts_tui.domain.media import NO_TEXT
from contacts_tui.domain.scheduled import Scheduled
from contacts_tui.domain.text import begun, clean, one_line
from contacts_tui.screens.base import AgentModal, AgentScreen, sentence_of
from contacts_tui.screens.contact.contact_base import draft_in_step
from contacts_tui.screens.scheduling.schedule_dialog import ask_when
from contacts_tui.screens.scheduling.scheduled_text import ScheduledText
from contacts_tui.widgets.choice_list import Choice, ChoiceList
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.line_view import Shade
from contacts_tui.widgets.plain_text import Plain

if TYPE_CHECKING:
    from contacts_tui.services.queue import Done

_HEADINGS = ("To", "Channel", "Leaves", "By", "Text")


async def list_scheduled(screen: AgentScreen[None], contact_id: int | None = None, name: str = "") -> None:
    """List the messages scheduled to a person called `name`, or to all. Open the person who is chosen."""
    zone = await screen.session.read(services.agents.zone, screen.session.agent)

    def chosen(opened: int | None) -> None:
        if opened is not None and opened != contact_id:
            screen.agent_app.open_contact(opened)

    screen.app.push_screen(ScheduledList(contact_id, name, zone), chosen)


def undoable_with_draft(screen: AgentScreen[Any], contact_id: int, batch: int, words: str) -> str:
    """Put an action on a scheduled message on the undo stack, as `undoable` does; undoing changes the draft, too."""
    session, app = screen.session, screen.app

    async def undo() -> str:
        async with draft_in_step(app, contact_id):
            undone = await session.run(services.queue.undo, session.agent, batch)
        return f"{begun(one_line(undone.words))}."

    session.undo_stack.push(words, undo)
    screen.refresh_bindings()
    return f"{begun(one_line(words))}. {screen.undo_key} undoes it."


class ScheduledList(AgentModal[int | None]):
    """A dialog whose result is the id of a person to open, or None."""

    CSS_PATH = "scheduled.tcss"
    AUTO_FOCUS = "ChoiceList"
    SCOPES = (Scope.SCHEDULED, Scope.PICKER)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.SCHEDULED, Scope.PICKER)

    def __init__(self, contact_id: int | None, name: str, zone: ZoneInfo) -> None:
        """List the messages to a person, or to all without a `contact_id`; `name` need not be cleaned."""
        super().__init__()
        self._contact_id = contact_id
        self._person = one_line(name)
        self._zone = zone
        self._listed: tuple[Scheduled, ...] = ()

    def compose(self) -> ComposeResult:
        """Yield the messages, the whole text of the one under the cursor, a line, and the keys."""
        with Vertical(id="box") as box:
            box.border_title = Content(f"Scheduled to {self._person}" if self._person else "Scheduled messages")
            yield ChoiceList()
            with VerticalScroll(id="scroll", can_focus=False):
                yield Plain(id="preview")
            yield Plain(id="line")
            yield CommandFooter()

    async def on_mount(self) -> None:
        """List the messages, and follow what is sent or written meanwhile."""
        await self._read()
        self.changes.subscribe(self, self._on_changes)

    async def _on_changes(self, batch: tuple[Change, ...]) -> None:
        if any(change.kind in (ChangeKind.MESSAGE, ChangeKind.STATUS) for change in batch):
            await self._read()

    async def _read(self) -> None:
        with self.telling():
            self._listed = await self.session.read(services.scheduled.listed, self._contact_id)
            self._show()

    def _show(self) -> None:
        chosen = self._list.highlighted
        ids = [one.message.id for one in self._listed]
        here = ids.index(chosen.key) if chosen is not None and chosen.key in ids else 0
        # In a list for one person, the title says who it is.
        first = 1 if self._person else 0
        choices = [Choice(one.message.id, self._columns(one)[first:], shade=_shade(one)) for one in self._listed]
        self._list.set_choices(choices, here, _HEADINGS[first:])
        self._show_current()
        self.refresh_bindings()

    @property
    def _list(self) -> ChoiceList:
        return self.query_one(ChoiceList)

    @property
    def _current(self) -> Scheduled | None:
        here = self._list.highlighted if self.is_mounted else None
        return next((one for one in self._listed if here is not None and one.message.id == here.key), None)

    def _columns(self, one: Scheduled) -> tuple[str, ...]:
        message = one.message
        who = "You" if message.author == self.session.agent else one_line(message.author)
        due = typed_time.told(one.due_at, self.session.clock(), self._zone)
        return one_line(one.name), message.channel.label, due, who, one_line(message.body) or NO_TEXT

    def _show_current(self) -> None:
        one, box = self._current, self.query_one("#box")
        box.border_subtitle = Content("They wrote since: it will still be sent" if one and one.wrote_since else "")
        later = typing_key_of("composer.later")
        said = f"Nothing is scheduled. While you write to a person, {later} sends the text later."
        self.query_one("#preview", Plain).show(said if one is None else clean(one.message.body) or NO_TEXT)

    def on_choice_list_highlighted(self, event: ChoiceList.Highlighted) -> None:
        """Show the whole text of the message under the cursor."""
        self._show_current()

    def on_choice_list_chosen(self, event: ChoiceList.Chosen) -> None:
        """Close with the person to whom the message is scheduled."""
        if (one := self._current) is not None:
            self.dismiss(one.message.contact_id)

    async def action_time(self) -> None:
        """Ask for another time, and schedule the message for it."""
        one = self._current
        if one is None:
            return

        async def fault(due: datetime) -> str:
            try:
                return await self.session.read(services.scheduled.fault, self.session.agent, one.message.id, due)
            except Exception as error:
                return sentence_of(error)

        async def chosen(due: datetime | None) -> None:
            if due is not None:
                await self._change(one, due=due)

        await ask_when(self, one.name, fault, chosen)

    def action_text(self) -> None:
        """Ask for another text, and put it into the message."""
        one = self._current
        if one is None:
            return

        async def written(text: str | None) -> None:
            if text is not None:
                await self._change(one, text=text)

        self.app.push_screen(ScheduledText(one.name, one.message.body), written)

    async def _change(self, one: Scheduled, *, text: str | None = None, due: datetime | None = None) -> None:
        run, agent = self.session.run, self.session.agent
        await self._do(one, lambda: run(services.scheduled.change, agent, one.message.id, text=text, due=due))

    async def action_cancel(self) -> None:
        """Cancel the message: its text becomes a draft again."""
        if (one := self._current) is not None:
            await self._do(one, lambda: self.session.run(services.scheduled.cancel, self.session.agent, one.message.id))

    async def _do(self, one: Scheduled, call: "Callable[[], Awaitable[Done]]") -> None:
        try:
            async with draft_in_step(self.app, one.message.contact_id):
                done = await call()
            told = undoable_with_draft(self, one.message.contact_id, done.batch, done.words) if done.batch else ""
        except Exception as error:
            told = f"{begun(sentence_of(error))}."
        await self._read()
        self.say(told)

    async def action_undo(self) -> None:
        """Undo the last step, and say so."""
        try:
            told = await self.session.undo_stack.undo(keys_of("scheduled.undo"))
        except Exception as error:
            told = begun(sentence_of(error))
        await self._read()
        self.say(told)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action applies to the current message; a template's text is fixed (asked by Textual)."""
        one = self._current
        if action == "undo":
            return bool(self.session.undo_stack)
        if action == "text":
            return one is not None and one.message.template is None
        return one is not None if action in ("time", "cancel", "choose") else True

    def action_back(self) -> None:
        """Close without a person to open."""
        self.dismiss(None)


def _shade(one: Scheduled) -> Shade:
    return Shade.WARNING if one.wrote_since else Shade.PLAIN
