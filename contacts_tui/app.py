"""The Textual app: wiring, theme, screens. What they do is in other modules."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import cached_property, partial
from time import monotonic
from typing import TYPE_CHECKING, Any, ClassVar

from rich.console import RenderableType
from rich.text import Text
from textual import events, work
from textual.binding import BindingType
from textual.command import Provider
from textual.driver import Driver
from textual.message import Message
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.signal import Signal
from textual.theme import Theme

from contacts_tui import garbage
from contacts_tui.commands import Scope, keys_of
from contacts_tui.domain.change import Change, ChangeKind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.text import begun, clean
from contacts_tui.error_log import log_error
from contacts_tui.paths import PathError
from contacts_tui.screens.base import AgentScreen, sentence_of
from contacts_tui.screens.notices import DEFAULT_NOTICES, Notices
from contacts_tui.screens.people.people_query import FIRST
from contacts_tui.screens.people.people_screen import PeopleScreen
from contacts_tui.screens.session import AgentSession
from contacts_tui.services import supervision
from contacts_tui.terminal.cell_difference import TerminalMemory, frugal
from contacts_tui.terminal.colors import Depth
from contacts_tui.terminal.crashes import LoggedCrashes
from contacts_tui.terminal.key_order import TypeAhead
from contacts_tui.themed_app import ThemedApp
from contacts_tui.themes import DARK
from contacts_tui.widgets.keys import bindings, scopes_at

if TYPE_CHECKING:
    from contacts_tui.domain.presence import Presence
    from contacts_tui.screens.arrivals import Arrivals
    from contacts_tui.store.store import Store

Background = Callable[["Store", Callable[[str], object]], Awaitable[None]]
"""A function that runs for as long as the app does, such as the outbox, and tells in sentences what goes wrong. It is
cancelled at the end."""

HUNG_UP = 143
"""The exit code of an interface whose terminal was closed."""

_TWICE = 2.0
"""Seconds in which a second ctrl+c leaves the program."""
_LOST_ANSWERS = ("Opening the store that is there now", "Leave")
_TO_READ = 30.0
"""Seconds for which a notice of some lines is shown."""
_LONG = 3600.0
"""Seconds for which a notice is shown that the agent mustn't miss."""
PARTING = 6.0
"""Seconds given to background services to end. The outbox waits half of it for its last answers, then stores them."""

_log = logging.getLogger(__name__)
# Without a handler Python would write warnings to the terminal, over the screen.
logging.getLogger("contacts_tui").addHandler(logging.NullHandler())


def _commands() -> type[Provider]:
    from contacts_tui.screens.palette import CommandProvider

    return CommandProvider


def _people() -> type[Provider]:
    from contacts_tui.screens.palette import PersonProvider

    return PersonProvider


class ContactsApp(LoggedCrashes, ThemedApp, inherit_bindings=False):
    """The agent's program. It draws first, and opens the store after that."""

    TITLE = "contacts-tui"
    # Textual reads a screen's own file when the screen is pushed; the first screen never is.
    CSS_PATH = "screens/people/people_screen.tcss"
    # What Textual draws by itself, in readable colours of our own.
    CSS = """
    CommandPalette {
        SearchIcon { display: none; }
        & > Vertical, &:dark > Vertical { background: $background; }
        & > .command-palette--help-text { color: $text-muted; text-style: not bold; }
        #--input { border: hkey $accent; }
        CommandList { border-bottom: hkey $accent; }
    }
    Toast { background: $side; border: round $accent; padding: 0 1; }
    *:disabled:can-focus { opacity: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.APP)
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_commands, _people}

    def __init__(
        self,
        session: AgentSession,
        *,
        theme: str = DARK,
        background: Sequence[Background] = (),
        depth: Depth | None = None,
        on_ending: Callable[[], None] | None = None,
        keep_theme: Callable[[str], object] | None = None,
        notices: Notices = DEFAULT_NOTICES,
    ) -> None:
        """Start the `background` services, which belong to the process, once the list is shown; end them with the app.

        `depth` is how many colours are to be used; None for as many as the terminal has. `on_ending` is called when the
        app is told to end or fails, before it does anything about it. `keep_theme` keeps the theme that the agent
        chose; it may raise OSError and PathError. `notices` say how long they are shown, and what is told at the start.
        """
        super().__init__(theme, depth)
        self._on_ending = on_ending
        self._keep_theme = keep_theme
        self._notices = notices
        self.session = session
        self.changes: Signal[tuple[Change, ...]] = Signal(self, "changes")
        self.presence: Signal[tuple[Presence, ...]] = Signal(self, "presence")
        self._people = PeopleScreen()
        self._background = background
        self._tasks: list[asyncio.Task[None]] = []
        self._interrupted_at = -_TWICE
        self._wanted: int | None = None
        """The id of the contact that the agent chose before the store was open."""
        self._failure = ""
        self._memory = TerminalMemory(self.depth)
        self._typed = TypeAhead(self, super().on_event)
        # Each frame of an animation would be sent over an SSH line.
        self.animation_level = "none"

    def get_default_screen(self) -> PeopleScreen:
        """Return the people screen, still empty, as the first one (asked by Textual)."""
        return self._people

    def get_driver_class(self) -> type[Driver]:
        """Return the driver that outlives its terminal (asked by Textual)."""
        from contacts_tui.terminal.driver import TerminalDriver

        return TerminalDriver

    def ending(self) -> None:
        """Call `on_ending`, for whatever started the app."""
        if self._on_ending is not None:
            self._on_ending()

    def on_terminal_driver_not_text(self) -> None:
        """Tell the agent why letters come out wrong."""
        self.notify(
            "Set the terminal to UTF-8: it sent other bytes, shown as \ufffd.",
            severity="warning",
            timeout=_LONG,
        )

    def on_terminal_driver_hung_up(self) -> None:
        """End the app: the terminal was closed."""
        self.exit(return_code=HUNG_UP)

    def on_terminal_driver_failed(self, event: Message) -> None:
        """End the app as a failure: no key can be read any more."""
        self._handle_exception(getattr(event, "error", RuntimeError("the terminal can't be read")))

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Write to the terminal only what differs from what it shows (called by Textual for all that is drawn)."""
        super()._display(screen, frugal(renderable, self._memory))

    async def on_event(self, event: events.Event) -> None:
        """Queue keys, pastes and clicks behind those that came before; leave any other event to Textual at once."""
        if self._typed.holds(event):
            await self._typed.add(event)
        else:
            await super().on_event(event)

    def _on_theme_chosen(self, theme: Theme) -> None:
        """Keep the theme that was chosen for the next start."""
        if self._keep_theme is not None:
            try:
                self._keep_theme(theme.name)
            except (OSError, PathError) as error:
                self.notify(f"The theme lasts until you quit: it can't be stored ({error}).", severity="warning")

    @cached_property
    def _arrivals(self) -> "Arrivals":
        from contacts_tui.screens.arrivals import Arrivals  # The first frame has no use for it.

        return Arrivals(self, self.session, self._notices.rules())

    def on_resize(self) -> None:
        """Forget what the terminal shows: with another size, that isn't known."""
        self._memory.forget()

    def on_mount(self) -> None:
        """Have the store opened after the first frame; watch resumes and the choice of a theme."""
        self.app_resume_signal.subscribe(self, lambda _: self._memory.forget())
        self.theme_changed_signal.subscribe(self, self._on_theme_chosen)
        self.call_after_refresh(self._open)

    @work
    async def _open(self) -> None:
        garbage.pause()
        try:
            self._people.preview(*await self.session.read_first_page(FIRST))
            await self.session.open()
            feed = self.session.store.follow()
        except Exception as error:
            log_error(_log, "the store could not be opened", error)
            self._give_up(sentence_of(error))
            return
        finally:
            garbage.resume("interface")
        if self._notices.warning:
            self.notify(self._notices.warning, severity="warning", timeout=_TO_READ)
        if self.session.store.notice:
            self.notify(self.session.store.notice, timeout=_TO_READ)
        if self.session.store.read_only:
            why = f"You can read, and nothing is sent, received or stored: {self.session.store.read_only}."
            self.notify(why, severity="warning", timeout=_TO_READ)
        from contacts_tui.screens.interruption import InterruptionNotice

        feeds = [feed]
        self._start(supervision.Worker.CHANGES, lambda: self._follow(feeds.pop() if feeds else None))
        self._start(supervision.Worker.ARRIVALS, self._arrivals.begin)
        presence = partial(self.session.presence.run, self.session, self.presence.publish)
        self._start(supervision.Worker.PRESENCE, presence)
        self._start(supervision.Worker.RECONNECTING, InterruptionNotice(self, self.session).run)
        self._people.begin()
        if self._wanted is not None:
            self.open_contact(self._wanted)
        for service in () if self.session.store.read_only else self._background:
            self._start(supervision.Worker.BACKGROUND, partial(service, self.session.store, self._tell_trouble))

    async def _follow(self, feed: AsyncIterator[tuple[Change, ...]] | None) -> None:
        """Publish what the change feed says. None stands for a new feed: changes before it may have been missed."""
        if feed is None:
            feed = self.session.store.follow()
            self.changes.publish((Change(0, self.session.clock(), ChangeKind.EVERYTHING, None, None, None),))
        async for batch in feed:
            self.changes.publish(batch)
            self._arrivals.follow(batch)
        if (lost := self.session.store.lost) is not None:
            _log.error("%s", lost)
            self._ask_about_lost(lost.sentence)
            await asyncio.Event().wait()  # There is nothing left to follow.

    def _ask_about_lost(self, sentence: str) -> None:
        """Ask whether to open the store that is there now. Keep typed texts in a file: it may not know their people."""
        from contacts_tui.screens.dialogs import Decision
        from contacts_tui.screens.typed_texts import keep_typed

        lines = [begun(f"{sentence}.")]
        if typed := list(filter(None, (screen.typed() for screen in self._agent_screens()))):
            lines += ["", keep_typed(typed)]

        def answered(answer: int | None) -> None:
            if answer is None:
                self.push_screen(Decision("The store is another one now", lines, _LOST_ANSWERS), answered)
                return
            self.session.is_to_reopen = answer == 0
            self._failure = "" if self.session.is_to_reopen else "\n".join(lines)
            self._leave()

        answered(None)

    def _start(self, worker: supervision.Worker, begin: Callable[[], Awaitable[None]]) -> None:
        """Keep a worker going beside the interface, which goes on when it fails: the agent is told, and it restarts."""
        going = supervision.keep_going(worker, begin, asyncio.Event(), self._tell_trouble)
        self._tasks.append(asyncio.create_task(going))

    def _tell_trouble(self, sentence: str) -> None:
        self.notify(sentence, severity="error", timeout=_LONG)

    def _give_up(self, sentence: str) -> None:
        from contacts_tui.screens.failure import FailureScreen

        self._failure = sentence
        self.push_screen(FailureScreen(sentence), lambda _: self._leave())

    def _leave(self, words: str = "") -> None:
        if self._failure:
            self.exit(return_code=1, message=Text(clean(self._failure)))
        else:
            self.exit(message=Text(clean(words)) if words else None)

    async def action_quit(self) -> None:
        """End the program, and say what is kept. A screen that would lose something, like a draft, prevents it once."""
        kept = []
        for screen in reversed(self.screen_stack):
            words = await screen.before_quit() if isinstance(screen, AgentScreen) else ""
            if words is None:
                return
            kept.append(words)
        kept.append(await self.session.keep_texts())
        self._leave(" ".join(filter(None, kept)))

    def _agent_screens(self) -> list[AgentScreen[Any]]:
        return [each for stack in self._screen_stacks.values() for each in stack if isinstance(each, AgentScreen)]

    async def _shutdown(self) -> None:
        """Store what is typed, whatever else fails, while the background services end; then end the screens."""
        await self.session.send_at_once()
        for task in self._tasks:
            task.cancel()
        ended = asyncio.create_task(asyncio.wait(self._tasks, timeout=PARTING)) if self._tasks else None
        for screen in self._agent_screens():
            try:
                await screen.store_what_is_typed()
            except Exception:
                _log.exception("what is typed in %s was not stored", type(screen).__name__)
        await self.session.keep_texts()
        if ended is not None:
            await ended
        await super()._shutdown()

    async def on_unmount(self) -> None:
        """Close the store."""
        await asyncio.to_thread(self.session.close)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Show a notice. Its words may hold a path or a provider's answer, so they are cleaned, and never markup."""
        seconds = self._notices.seconds if timeout is None else timeout
        super().notify(clean(message), title=clean(title), severity=severity, timeout=seconds, markup=False)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy a text. An empty one doesn't replace what was copied before."""
        if not text:
            return
        super().copy_to_clipboard(text)
        if self._driver is not None and "TMUX" in os.environ:
            from contacts_tui.terminal.clipboard import through_tmux

            self._driver.write(through_tmux(text))

    def open_contact(self, contact_id: int, channel: Channel | None = None, told: str = "") -> None:
        """Show a contact, on `channel`: over People, or in place of another contact. `told` is said there.

        Before the store is open, only remember the contact, to be shown as soon as it is.
        """
        if not self.session.is_open:
            self._wanted = contact_id
            return
        from contacts_tui.screens.contact.contact_screen import ContactScreen

        show = self.switch_screen if isinstance(self.screen, ContactScreen) else self.push_screen
        show(ContactScreen(contact_id, channel, told))

    def action_arrived(self) -> None:
        """Open the person who wrote last while the agent was elsewhere. What is typed stays a draft."""
        self._arrivals.open()

    def action_help(self) -> None:
        """Show the keys, those of what has the focus first."""
        from contacts_tui.screens.help import HelpScreen

        below = self.screen
        if not isinstance(below, HelpScreen):
            if isinstance(below, AgentScreen):
                scopes = dict.fromkeys((*scopes_at(below), *below.SCOPES))
                self.push_screen(HelpScreen(tuple(scopes)), below.run_command)
            else:
                self.push_screen(HelpScreen(()))

    def action_jump(self) -> None:
        """Put letters on the places that can be gone to."""
        from contacts_tui.screens.jump import jump_over

        jump_over(self)

    async def action_interrupt(self) -> None:
        """Quit at the second press within two seconds; say so at the first."""
        now = monotonic()
        if now - self._interrupted_at < _TWICE:
            await self.action_quit()
            return
        self._interrupted_at = now
        self.notify(f"Press {keys_of('app.interrupt')} again to quit.", timeout=_TWICE)
