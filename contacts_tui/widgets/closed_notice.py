"""What stands in the composer's place where nothing can be typed: why, and what to do instead, as buttons and keys."""

from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message

from contacts_tui.commands import BY_ID, Scope, keys_of
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.reachability import ChannelState, Reach
from contacts_tui.domain.text import one_line
from contacts_tui.widgets.command_button import CommandButton
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.link import why_closed
from contacts_tui.widgets.plain_text import Plain

_TEMPLATE, _LINK, _CARD = "contact.template", "contact.copy_link", "contact.card"
_WAYS = (_TEMPLATE, _LINK, *(f"contact.{channel.value}" for channel in Channel), _CARD)
"""The commands that may be offered, in the order of their buttons; Enter takes the first one that is shown."""


class ClosedNotice(Vertical):
    """The reason, and what can be done instead. It takes the keys as the composer does, but typing does nothing.

    Letters and digits never act here, for they were meant as text: `Typed` tells the screen, which says so.
    """

    DEFAULT_CSS = """
    ClosedNotice {
        height: auto;
        border: round $warning;
        border-title-color: $foreground;
        padding: 0 1;
        & > #why { height: auto; color: $foreground; }
        & > #why.-empty { display: none; }
        & > #ways { height: 1; }
        & > #ways > CommandButton { margin-right: 1; }
        & > #ways > #or { width: auto; height: 1; margin-right: 1; color: $text-muted; }
        &:focus-within { border: round $accent; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.CLOSED)

    class Typed(Message):
        """The agent typed or pasted where nothing can be written."""

    def __init__(self) -> None:
        super().__init__()
        self._has_typed = False
        """Whether the last key was text: the Enter after it was meant to send, and does nothing."""

    def compose(self) -> ComposeResult:
        """Yield the reason, and a button for each command that may be offered."""
        yield Plain(id="why")
        with Horizontal(id="ways"):
            for way in _WAYS:
                if way == f"contact.{Channel.SMS.value}":
                    yield Plain("or write by", id="or")
                yield CommandButton(way, _label(way), can_focus=True)

    def set_state(self, state: ChannelState, others: Iterable[ChannelState]) -> None:
        """Show why a channel is closed, and offer the usable ones among `others`, the states of all channels."""
        by_template = state.reach is Reach.TEMPLATE
        title = one_line(state.reason) if by_template else one_line(state.words)
        self.border_title = Content(f"{state.channel.label} · {title}")
        why = "Free text is possible only after they write." if by_template else why_closed(state)
        ways = {_TEMPLATE} if by_template else {_LINK} if state.link else set()
        self._offer(why, ways | _usable(other for other in others if other.channel is not state.channel))

    def set_choice(self, states: Iterable[ChannelState]) -> None:
        """Show that no channel was chosen yet, and offer the usable ones."""
        ways = _usable(states)
        self.border_title = Content("Choose a channel to write on" if ways else "No channel is available")
        self._offer("" if ways else "The card says for each channel why not, and what to do.", ways)

    def _offer(self, why: str, ways: set[str]) -> None:
        line = self.query_one("#why", Plain)
        line.set_class(not why, "-empty")
        line.show(why)
        wanted = ways or {_CARD}
        for button in self.query(CommandButton):
            button.display = button.command_id in wanted
        others = self._buttons and self._buttons[0].command_id in (_TEMPLATE, _LINK) and len(self._buttons) > 1
        self.query_one("#or").display = bool(others)
        for place, button in enumerate(self._buttons):
            button.set_key("" if place else keys_of("closed.choose"))

    @property
    def _buttons(self) -> list[CommandButton]:
        return [button for button in self.query(CommandButton) if button.display]

    def take_focus(self) -> None:
        """Focus the first button that is shown."""
        self._has_typed = False
        self._buttons[0].focus()

    @property
    def is_focused(self) -> bool:
        """Whether a button has the focus."""
        return any(button.has_focus for button in self._buttons)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Return whether a key is text: it is swallowed, and runs no command of the screen (asked by Textual)."""
        return character is not None and character.isprintable()

    def on_key(self, event: events.Key) -> None:
        """Swallow what was meant as text, and the Enter that was meant to send it; tell the screen."""
        was_typing, self._has_typed = self._has_typed, event.is_printable
        if event.is_printable or (was_typing and event.key in BY_ID["composer.send"].keys):
            event.stop()
            self.post_message(self.Typed())

    def on_paste(self, event: events.Paste) -> None:
        """Swallow a pasted text; tell the screen."""
        event.stop()
        self._has_typed = True
        self.post_message(self.Typed())

    def action_choose(self) -> None:
        """Press the focused button."""
        for button in self._buttons:
            if button.has_focus:
                button.press()

    def action_move(self, by: int) -> None:
        """Focus a neighbouring button; the first one follows the last."""
        buttons = self._buttons
        here = next((place for place, button in enumerate(buttons) if button.has_focus), 0)
        buttons[(here + by) % len(buttons)].focus()


def _usable(states: Iterable[ChannelState]) -> set[str]:
    return {f"contact.{state.channel.value}" for state in states if state.reach is not Reach.CLOSED}


def _label(way: str) -> str:
    return {_TEMPLATE: "Select Template", _LINK: "copy the link", _CARD: "card"}.get(way, "")
