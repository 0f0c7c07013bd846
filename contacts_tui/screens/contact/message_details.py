"""Every attempt to send one message, and everything the provider said about it."""

from collections.abc import Iterator
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from contacts_tui import services
from contacts_tui.commands import Scope, keys_of
from contacts_tui.domain import delivery
from contacts_tui.domain.address import last_digits
from contacts_tui.domain.change import Change
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.fallback import Offer
from contacts_tui.domain.media import NO_TEXT
from contacts_tui.domain.message import Attempt, Direction, StatusEvent, outcome_word
from contacts_tui.domain.reachability import HUMAN_AGENT
from contacts_tui.domain.text import begun, clean, one_line
from contacts_tui.domain.text import sentence as sentence_from
from contacts_tui.domain.thumbnail import KINDS
from contacts_tui.domain.unknown_outcome import AGAIN, ARRIVED
from contacts_tui.domain.views import Ledger
from contacts_tui.screens.base import AgentModal, sentence_of
from contacts_tui.screens.contact.retry import RetryActions
from contacts_tui.screens.contact.thread_pictures import has_colors
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.picture import half_blocks
from contacts_tui.widgets.plain_text import Plain

_COLUMNS, _LINES = 40, 12
"""The most cells of a picture, across and down."""


class MessageDetails(AgentModal[Channel | None]):
    """The ledger of a message, which follows the store while it is open.

    Returns the channel on which the agent wants to send the text instead, or None.
    """

    CSS_PATH = "message_details.tcss"
    AUTO_FOCUS = ""
    SCOPES = (Scope.DETAILS,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.DETAILS)

    def __init__(self, message_id: int, name: str) -> None:
        """Show a message to or from the person `name`."""
        super().__init__()
        self._message_id = message_id
        self._person = one_line(name)
        self._ledger: Ledger | None = None

    def compose(self) -> ComposeResult:
        """Yield the ledger, the picture, a line for what is told, and the keys."""
        with Vertical(id="box"):
            with VerticalScroll(id="scroll", can_focus=False):
                yield Plain("Reading …", id="ledger")
                yield Plain(id="picture", classes="-empty")
            yield Plain(id="line", classes="-empty")
            yield CommandFooter()

    async def on_mount(self) -> None:
        """Read the ledger, and again whenever it changes; show a picture of the message, if the terminal can."""
        self.changes.subscribe(self, self._on_changes)
        await self._read()
        media = self._ledger.view.message.media if self._ledger is not None else ()
        if has_colors(self) and any(file.content_type in KINDS for file in media):
            self.run_worker(self._show_picture(), group="picture", exit_on_error=False)

    async def _show_picture(self) -> None:
        """Fetch the picture of the message, and show it small."""
        shown = self.query_one("#picture", Plain)
        shown.remove_class("-empty")
        shown.show("The picture is being fetched …")
        try:
            found = await services.thumbnails.of_message(self.session.store, self._message_id, _COLUMNS, _LINES)
        except Exception as error:
            shown.show(sentence_from(sentence_of(error)))
            return
        if found is not None:
            shown.show(half_blocks(found))

    async def _on_changes(self, batch: tuple[Change, ...]) -> None:
        if any(change.message_id in (self._message_id, None) for change in batch):
            await self._read()

    async def _read(self) -> None:
        with self.telling():
            self._ledger = await self.session.read(services.messaging.ledger, self._message_id)
            self._show()

    def _show(self) -> None:
        text = self.query_one("#ledger", Plain)
        if self._ledger is None:
            text.show("This message is no longer in the store.")
            return
        message = self._ledger.view.message
        box = self.query_one("#box", Vertical)
        digits = last_digits(one_line(self._ledger.recipient))
        side = "from" if message.direction is Direction.IN else "to"
        box.border_title = Content(f"Message {side} {self._person} {digits} · {message.channel.label}")
        if message.status is not None:
            box.border_subtitle = Content(f"{delivery.mark(message.status)} {delivery.word(message.status)}")
        text.show(Content("\n").join(_lines(self._ledger)))
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether the message allows an action (asked by Textual)."""
        view = self._ledger.view if self._ledger is not None else None
        match action:
            case "retry":
                return view is not None and view.can_retry
            case "arrived":
                return view is not None and view.unknown_outcome is not None
            case "undo_arrived":
                return self._ledger is not None and self._ledger.is_agents_word
            case "instead":
                return self._offer(*map(str, parameters)) is not None
        return True

    def _offer(self, channel: str | None = None) -> Offer | None:
        """Return the offer of a channel, or the best one if that is None; None if there is no offer."""
        fallback = self._ledger.view.instead if self._ledger is not None else None
        return fallback.on(None if channel is None else Channel(channel)) if fallback is not None else None

    async def action_retry(self) -> None:
        """Retry the message: the new attempt appears here."""
        await RetryActions(self).retry(self._message_id)

    async def action_arrived(self) -> None:
        """Mark the message as sent, once the agent says that they know it arrived."""
        await RetryActions(self).arrived(self._message_id)

    async def action_undo_arrived(self) -> None:
        """Take back that an agent marked the message as sent."""
        await RetryActions(self).undo_arrived(self._message_id)

    def action_instead(self, channel: str | None = None) -> None:
        """Go back, to write on that channel instead, or on the best one for None."""
        if (offer := self._offer(channel)) is not None:
            self.dismiss(offer.channel)

    def action_scroll(self, step: int) -> None:
        """Scroll by so many lines."""
        self.query_one("#scroll", VerticalScroll).scroll_relative(y=step, animate=False)

    def action_back(self) -> None:
        """Go back to the thread."""
        self.dismiss(None)


def _lines(ledger: Ledger) -> Iterator[Content]:
    message = ledger.view.message
    yield Content(clean(message.body) if one_line(message.body) else NO_TEXT)
    yield Content("")
    inbox = one_line(ledger.view.inbox_name)
    written = "received by" if message.direction is Direction.IN else f"written by {one_line(message.author)} from"
    yield Content.assemble((f"{_moment(message.at)}  ", "$text-muted"), f"{written} {inbox}")
    if message.human_agent:
        yield Content.assemble(("tag  ", "$text-muted"), f"{HUMAN_AGENT}: a person wrote it after the 24 hours")
    if message.template is not None:
        yield Content.assemble(("template  ", "$text-muted"), one_line(message.template.name))
        for name, value in message.template.variables.items():
            yield Content.assemble((f"  {one_line(name)}  ", "$text-muted"), one_line(value))
    happened: list[tuple[datetime, Content]] = [(attempt.started_at, _attempt(attempt)) for attempt in ledger.attempts]
    happened += [(event.at, _event(event)) for event in ledger.events]
    for _, line in sorted(happened, key=lambda entry: entry[0]):
        yield line
    if message.status is Delivery.QUEUED and not ledger.attempts:
        yield Content("not tried yet: it will be sent when the outbox runs")
    yield from _now(ledger)


def _now(ledger: Ledger) -> Iterator[Content]:
    """Yield the lines on what the message's state means, and what the agent can do about it."""
    view = ledger.view
    match view.message.status:
        case Delivery.UNKNOWN if view.unknown_outcome is not None:
            yield Content("")
            yield Content.styled(clean(view.unknown_outcome.sentence), "$warning")
            yield Content(begun(clean(view.unknown_outcome.evidence)))
            yield Content.assemble((f"{keys_of('details.arrived')}  ", "bold"), ARRIVED)
            yield Content.assemble((f"{keys_of('details.retry')}  ", "bold"), AGAIN)
        case Delivery.QUEUED | Delivery.FAILED if view.failure is not None:
            waits = view.message.status is Delivery.QUEUED
            yield Content("")
            yield Content.styled(clean(view.failure.happened), "$warning" if waits else "$error")
            yield Content.assemble(("Now: ", "bold"), clean(view.failure.remedy))
            if waits and ledger.due_at is not None:
                yield Content(f"It will be retried automatically, not before {_moment(ledger.due_at)}.")
    if ledger.is_agents_word:
        undo = f"{keys_of('details.undo')}  "
        yield Content("")
        yield Content.assemble((undo, "bold"), "undo: only an agent says that it was sent")
    if view.message.status is Delivery.FAILED:
        yield Content.assemble((f"{keys_of('details.retry')}  ", "bold"), "retry here: a new attempt")
    if view.instead is not None:
        for offer in view.instead.offers:
            key = keys_of(f"details.{offer.channel.value}")
            yield Content.assemble((f"{key}  ", "bold"), clean(offer.words))
        if view.instead.why_none:
            yield Content.styled(f"No other channel is available: {clean(view.instead.why_none)}", "$text-muted")


def _attempt(attempt: Attempt) -> Content:
    parts = [f"attempt {attempt.number}", outcome_word(attempt.outcome)]
    parts += [one_line(part) for part in (attempt.provider_id, attempt.code, attempt.detail) if part]
    return Content.assemble((f"{_moment(attempt.started_at)}  ", "$text-muted"), "  ".join(parts))


def _event(event: StatusEvent) -> Content:
    parts = [one_line(part) for part in (event.status, event.code, event.detail) if part]
    return Content.assemble((f"{_moment(event.at)}  ", "$text-muted"), "  ".join(parts))


def _moment(at: datetime) -> str:
    return f"{at.astimezone():%d %b %H:%M:%S}"
