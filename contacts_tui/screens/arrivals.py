"""Notifies the agent of messages received elsewhere: signals of the terminal, and a line that takes no focus."""

from datetime import datetime
from typing import Any, cast

from textual.app import App
from textual.screen import Screen

from contacts_tui import services
from contacts_tui.domain.arrival import Arrival
from contacts_tui.domain.change import Change, ChangeKind
from contacts_tui.domain.notification_rules import PAUSE, Rules, Signal
from contacts_tui.domain.text import one_line
from contacts_tui.paths import PROGRAM
from contacts_tui.screens.base import AgentApp, AgentScreen
from contacts_tui.screens.session import AgentSession
from contacts_tui.screens.throttle import Throttle
from contacts_tui.terminal import notices, tmux
from contacts_tui.widgets.arrival_line import ArrivalLine

SHOWN = 8.0
"""Seconds for which the line is shown."""
_MOST = 200
"""Messages that one look reads at most, the newest: in a burst, the agent isn't told of each."""
_MOST_PEOPLE = 1000
"""People who are counted in the title at most."""


class Arrivals:
    """The people whose messages were received for this agent and aren't read yet."""

    def __init__(self, app: App[None], session: AgentSession, rules: Rules) -> None:
        """Notify of messages by these rules, from `begin` on."""
        self._app = app
        self._session = session
        self._rules = rules
        self._pending: dict[int, None] = {}
        """Ids of messages that may be newly received, in their order."""
        self._told = 0
        """The id of the last message of which the agent was told, or that was stored before `begin`."""
        self._people: dict[int, Arrival] = {}
        """The last message of each person who isn't read yet, by the person's id; whoever wrote last is at the end."""
        self._sounded_at: datetime | None = None
        self._counted = 0
        """The count of people in the title."""
        self._line: ArrivalLine | None = None
        self._throttle = Throttle(self._look, lambda _: None)

    async def begin(self) -> None:
        """Notify the agent of messages that are received from now on, until cancelled."""
        self._told = await self._session.read(services.arrivals.latest)
        await self._throttle.run()

    def follow(self, batch: tuple[Change, ...]) -> None:
        """Take in a batch of changes, and look soon for new messages and read ones if it concerns any."""
        for change in batch:
            if change.kind is ChangeKind.MESSAGE and change.message_id is not None:
                self._pending[change.message_id] = None
                while len(self._pending) > _MOST:
                    del self._pending[next(iter(self._pending))]
        concerned = {change.contact_id for change in batch}
        if self._pending or concerned & self._people.keys() or None in concerned:
            self._throttle.ask()

    @property
    def latest(self) -> Arrival | None:
        """The last message of those that aren't read yet; None when all are read."""
        return next(reversed(self._people.values()), None)

    async def _look(self) -> None:
        ids, self._pending = list(self._pending), {}
        new = [one for one in await self._arrived(ids) if one.message_id > self._told and self._concerns(one)]
        for one in new:
            self._told = one.message_id
            self._people.pop(one.contact_id, None)
            self._people[one.contact_id] = one
        while len(self._people) > _MOST_PEOPLE:
            del self._people[next(iter(self._people))]
        await self._forget_read()
        unseen = [one for one in new if one.contact_id in self._people]
        if unseen:
            await self._sound(unseen)
            self._show(unseen)
        self._count()

    def open(self) -> None:
        """Open the person who wrote last, or say that no one wrote."""
        self.hide()
        if (last := self.latest) is not None:
            cast(AgentApp, self._app).open_contact(last.contact_id)
        elif isinstance(self._app.screen, AgentScreen):
            self._app.screen.say("Nobody wrote while you were elsewhere.")

    @property
    def _front(self) -> Screen[Any] | None:
        """The screen in front; None while the program ends, which takes its screens away before it stops listening."""
        stack = self._app.screen_stack
        return stack[-1] if stack and stack[-1].is_attached else None

    def _is_seen(self, contact_id: int) -> bool:
        """Return whether the person is open in the screen in front, and the terminal has the focus."""
        screen = self._front
        return self._app.app_focus and isinstance(screen, AgentScreen) and screen.shows(contact_id)

    async def _arrived(self, ids: list[int]) -> tuple[Arrival, ...]:
        return await self._session.read(services.arrivals.arrived, ids) if ids else ()

    def _concerns(self, one: Arrival) -> bool:
        return self._rules.concern(one.assignee, self._session.agent) and not self._is_seen(one.contact_id)

    async def _forget_read(self) -> None:
        if self._people:
            unread = await self._session.read(services.arrivals.unread_among, list(self._people))
            self._people = {key: one for key, one in self._people.items() if key in unread}
        if self.latest is None:
            self.hide()

    # Notifying.

    async def _sound(self, new: list[Arrival]) -> None:
        """Write bells and desktop notices to the terminal: once in PAUSE at most, and never in quiet hours."""
        now = self._session.clock()
        if self._sounded_at is not None and abs(now - self._sounded_at) < PAUSE:
            return
        zone = await self._session.read(services.agents.zone, self._session.agent)
        if self._rules.are_quiet(now, zone):
            return
        self._sounded_at = now
        last, others = new[-1], len({one.contact_id for one in new}) - 1
        words = f"{one_line(last.name)}: {one_line(last.words)}" + (f" · {others:,} more" if others else "")
        signals = {
            Signal.BELL: notices.BELL,
            Signal.OSC9: notices.osc9(words, in_tmux=tmux.is_between()),
            Signal.OSC777: notices.osc777(words, in_tmux=tmux.is_between()),
        }
        if self._app._driver is not None:
            told = (text for signal, text in signals.items() if signal in self._rules.signals)
            self._app._driver.write("".join(told))

    def _count(self) -> None:
        count = len(self._people)
        if Signal.TITLE in self._rules.signals and count != self._counted:
            self._counted = count
            # Not every driver has a terminal with a title: a test's has none.
            from contacts_tui.terminal.driver import TerminalDriver

            if isinstance(self._app._driver, TerminalDriver):
                self._app._driver.set_title(f"({count:,}) {PROGRAM}" if count else PROGRAM)

    def _show(self, new: list[Arrival]) -> None:
        """Show the line on whatever screen is in front, for SHOWN seconds."""
        self.hide()
        last = new[-1]
        self._line = ArrivalLine()
        self._line.tell(last.name, last.words, len({one.contact_id for one in new}) - 1)
        screen = self._front
        if screen is None:
            return
        screen.mount(self._line)
        screen.set_timer(SHOWN, self.hide)
        screen.refresh_bindings()

    def hide(self) -> None:
        """Remove the line."""
        if self._line is not None and self._line.is_attached:
            self._line.remove()
        self._line = None
