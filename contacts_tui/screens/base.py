"""What screens share: the agent's session, the changes they follow, what they say. A screen never imports the app."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeVar, cast

from textual import events
from textual.actions import SkipAction
from textual.app import App
from textual.binding import BindingType
from textual.css.query import NoMatches
from textual.reactive import Reactive
from textual.screen import ModalScreen, Screen
from textual.signal import Signal
from textual.widget import Widget
from textual.worker import Worker, WorkerState

from contacts_tui.commands import BY_ID, Scope, keys_of, typing_key_of
from contacts_tui.domain.cells import shorten
from contacts_tui.domain.text import one_line
from contacts_tui.domain.text import sentence as sentence_from
from contacts_tui.screens.session import AgentSession
from contacts_tui.terminal.colors import Depth
from contacts_tui.terminal.release_memory import let_go
from contacts_tui.widgets.keys import dialog_bindings, runnable
from contacts_tui.widgets.plain_text import Plain

if TYPE_CHECKING:
    from contacts_tui.domain.change import Change
    from contacts_tui.domain.channel import Channel
    from contacts_tui.domain.presence import Presence

ResultT = TypeVar("ResultT")

_log = logging.getLogger(__name__)

_TOLD = 120
"""Cells of a copied text that are shown: enough to recognise it."""


class AgentApp(Protocol):
    """What a screen needs of the app."""

    @property
    def session(self) -> AgentSession:
        """The agent's access to the services."""

    @property
    def changes(self) -> "Signal[tuple[Change, ...]]":
        """Published after each batch of the change feed. Subscribe once mounted: `self.changes.subscribe(self, …)`."""

    @property
    def depth(self) -> Depth:
        """How many colours the terminal has."""

    @property
    def presence(self) -> "Signal[tuple[Presence, ...]]":
        """Published when other programs have another person open than before. Subscribe once mounted."""

    def open_contact(self, contact_id: int, channel: "Channel | None" = None, told: str = "") -> None:
        """Show a contact, on a channel: over People, or in place of another contact. `told` is said there."""


def progress_told(app: App[Any]) -> Callable[[str], None]:
    """Return a function that says how far something has come, on the screen in front; empty words say that it ended."""
    told: dict[AgentScreen[Any], None] = {}

    def tell(words: str) -> None:
        if words and isinstance(app.screen, AgentScreen):
            told[app.screen] = None
        for screen in told:
            screen.show_progress(words)

    return tell


def sentence_of(error: Exception) -> str:
    """Return what a refused or failed service call says to the agent. Raise a defect again, which has no sentence."""
    sentence = getattr(error, "sentence", None)
    if isinstance(sentence, str):
        return sentence
    raise error


class AgentScreen(Screen[ResultT]):
    """A screen of an agent's session."""

    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """Textual's attribute, without its repaint of the whole screen: the widgets repaint themselves."""

    SCOPES: ClassVar[tuple[Scope, ...]] = ()
    """The scopes whose commands work here, most particular first: the help screen begins with them."""

    @property
    def agent_app(self) -> AgentApp:
        """The app, as far as screens know it."""
        return cast(AgentApp, self.app)

    @property
    def session(self) -> AgentSession:
        """The agent's access to the services."""
        return self.agent_app.session

    @property
    def changes(self) -> "Signal[tuple[Change, ...]]":
        """The change feed, in batches."""
        return self.agent_app.changes

    @property
    def undo_key(self) -> str:
        """The key that undoes: on a contact one that isn't a letter, as letters are mostly text there."""
        if Scope.CONTACT in self.SCOPES:
            return typing_key_of("contact.undo")
        return keys_of("scheduled.undo" if Scope.SCHEDULED in self.SCOPES else "people.undo")

    def marked_text(self) -> str:
        """Return the text that is marked with the mouse; empty when none is."""
        return self.get_selected_text() or ""

    def action_copy_text(self) -> None:
        """Copy the marked text. Raise SkipAction if none is: the key then does what it does elsewhere."""
        marked = self.marked_text()
        if not marked.strip():
            raise SkipAction
        self.copy(marked)

    def copy(self, text: str) -> None:
        """Put a text on the clipboard, and say so."""
        self.app.copy_to_clipboard(text)
        shown = shorten(one_line(text), _TOLD)
        self.say(f"Copied: {shown} · if it doesn't paste, hold shift and select it here with the mouse.")

    def say(self, sentence: str, *, failed: bool = False) -> None:
        """Say what was done, or why not, in the screen's line for it; in a corner where it has none.

        `failed` marks it in the corner as an error. An agent who has left the screen is told nothing.
        """
        if self.is_left:
            return
        line = next(iter(self.query("#line").results(Plain)), None)
        if line is not None:
            line.set_class(not sentence, "-empty")
            line.show(one_line(sentence))
        elif sentence:
            self.notify(sentence, severity="error" if failed else "information")

    @property
    def is_left(self) -> bool:
        """Whether the screen was closed, perhaps while it was reading: its widgets are gone then."""
        return self not in self.app.screen_stack

    @contextmanager
    def telling(self, before: str = "") -> Iterator[None]:
        """Say what a service or the store refuses in the block, after the words `before`. Raise a defect."""
        try:
            yield
        except NoMatches:
            if not self.is_left:
                raise
        except Exception as error:
            self.say(sentence_from(before + sentence_of(error)), failed=True)

    def _forward_event(self, event: events.Event) -> None:
        """Pass an event to its widget, except the click at the end of marking a text (called by Textual)."""
        if not isinstance(event, events.Click) or not (self.get_selected_text() or "").strip():
            super()._forward_event(event)

    def run_command(self, command_id: str | None) -> None:
        """Run a command that was chosen elsewhere for this screen, or say why it can't be run; None runs none."""
        if command_id is None:
            return
        node = runnable(self).get(command_id)
        if node is None:
            self._refuse(command_id)
        else:
            self.call_later(self.app.run_action, BY_ID[command_id].action, node)

    def on_key(self, event: events.Key) -> None:
        """Say why a command can't be used now, when its key was pressed and nothing took the key."""
        bound = (b for _, bindings in self._modal_binding_chain for b in bindings.key_to_bindings.get(event.key, ()))
        refused = next((BY_ID[binding.id] for binding in bound if binding.id in BY_ID), None)
        if refused is not None and not refused.movement and event.key not in self.active_bindings:
            self._refuse(refused.id)

    def _refuse(self, command_id: str) -> None:
        from contacts_tui.commands.refusals import refusal  # The first frame has no use for it.

        self.say(refusal(command_id) if self.session.is_open else "Wait a moment: the store is being opened.")

    def show_progress(self, words: str) -> None:
        """Say how far something slow has come, if the screen has a line for it; empty words say that it has ended."""
        if self.query("#line"):
            self.say(words)

    def shows(self, contact_id: int) -> bool:
        """Return whether this person is open here."""
        return False

    def typed(self) -> str:
        """Return what is typed here and not sent, with whom it is for; empty when nothing is typed."""
        return ""

    async def store_what_is_typed(self) -> None:
        """Store what would be lost if the program ended now."""

    async def before_quit(self) -> str | None:
        """Secure what is under way here, as the program is about to end.

        Return a sentence for the agent, empty when there is nothing to say. Return None when something would be lost:
        the screen says so itself, and the program goes on.
        """
        return ""

    async def on_unmount(self) -> None:
        """Drop what refers to this screen and its widgets: the feed would keep them until the next change."""
        self.changes.unsubscribe(self)
        self.agent_app.presence.unsubscribe(self)
        let_go(self.app)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Tell the agent when a worker of this screen failed."""
        error = event.worker.error
        if event.state is WorkerState.ERROR and error is not None:
            self.tell(error)

    def tell(self, error: BaseException) -> None:
        """Tell the agent what failed by itself, in the error's own sentence. Log a defect, which has none."""
        sentence = getattr(error, "sentence", None)
        if sentence is None:
            _log.error("a worker of %s failed", type(self).__name__, exc_info=error)
            sentence = f"Something went wrong ({type(error).__name__}). The log has the details."
        self.notify(str(sentence), severity="error")


class AgentModal(ModalScreen[ResultT], AgentScreen[ResultT]):
    """A screen over another one, with a result: a box with its title in the border, and the keys below.

    The keys of help and jump mode work in it, too, unless the dialog has such a key of its own.
    """

    BINDINGS: ClassVar[list[BindingType]] = dialog_bindings()

    DEFAULT_CSS = """
    AgentModal {
        align: center middle;
        & #box {
            max-width: 100%;
            height: auto;
            max-height: 100%;
            border: round $accent;
            border-title-color: $foreground;
            background: $background;
            padding: 0 1;
        }
        & #box #question { height: auto; color: $text-muted; margin-bottom: 1; }
        & #box #finder { height: 1; background: $surface; margin-bottom: 1; }
        & #box #slash { width: auto; color: $accent; }
        & #box SearchField { width: 1fr; background: $surface; background-tint: $surface 0%; }
        & #box #line { height: auto; color: $warning; }
        & #box CommandFooter { margin-top: 1; padding: 0; width: 1fr; }
    }
    """
