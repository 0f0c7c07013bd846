"""Today: who was answered and how soon, what was received hour by hour, and who waits now; over a day or a week."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from contacts_tui import services
from contacts_tui.commands import Scope
from contacts_tui.domain.change import Change, ChangeKind
from contacts_tui.domain.roles import Right, allows
from contacts_tui.screens.base import sentence_of
from contacts_tui.screens.scrolled import ScrolledScreen
from contacts_tui.screens.throttle import Throttle
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.heading import Heading
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.report_sheet import ReportSheet

AGES = 30.0
"""Seconds between two readings of what changes by time alone."""
_WEEK = 7

_QUIET = frozenset({ChangeKind.DRAFT, ChangeKind.TEMPLATE})
"""Kinds of changes that don't show on this screen."""


class TodayScreen(ScrolledScreen[None]):
    """The report of a day or a week, which follows the store while it is open."""

    CSS_PATH = "today.tcss"
    AUTO_FOCUS = ""
    SCOPES = (Scope.TODAY,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.TODAY)

    def __init__(self) -> None:
        super().__init__()
        self._days = 1
        self._only_mine: bool | None = None
        """Whether only this agent's work is shown; None until it is known whether they may read what others did."""
        self._throttle = Throttle(self._read, self.tell)

    def compose(self) -> ComposeResult:
        """Yield the heading, the report, and the keys."""
        yield Heading()
        yield ReportSheet()
        yield CommandFooter()

    def on_mount(self) -> None:
        """Read the report, now and whenever something changes."""
        self._show_heading("reading …")
        self.changes.subscribe(self, self._on_changes)
        self.set_interval(AGES, self._throttle.ask)
        self._ask()

    def _on_changes(self, batch: tuple[Change, ...]) -> None:
        if any(change.kind not in _QUIET for change in batch):
            self._throttle.ask()

    def _ask(self) -> None:
        """Read at once, without resting from the last reading, because the agent asked."""
        self._throttle.ask()
        self.run_worker(self._throttle.run(), exclusive=True, group="read", exit_on_error=False)

    async def _read(self) -> None:
        agent = self.session.agent
        try:
            if self._only_mine is None:
                self._only_mine = not allows(await self.session.read(services.rights.role_of, agent), Right.JOURNAL)
            days, of = self._days, agent if self._only_mine else ""
            report, period = await self.session.read(services.report.of_days, agent, days, of)
        except Exception as error:
            self._show_heading(sentence_of(error))
            return
        self.sheet.show(report, period.zone)
        self._show_heading("what you did" if of else "what everybody did")

    def _show_heading(self, words: str) -> None:
        self.query_one(Heading).show("Today" if self._days == 1 else "The last seven days", words)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether an action applies: `scroll` does only where more lines are than fit (asked by Textual)."""
        if action == "scroll":
            return self.is_mounted and self.sheet.has_more
        return True

    def action_days(self) -> None:
        """Switch between a day and a week."""
        self._days = _WEEK if self._days == 1 else 1
        self._ask()

    async def action_mine(self) -> None:
        """Switch between this agent and all agents; say so if the agent may not read what others did."""
        with self.telling():
            if self._only_mine:
                await self.session.read(services.rights.check, self.session.agent, Right.JOURNAL)
            self._only_mine = not self._only_mine
            self._ask()

    def action_back(self) -> None:
        """Close the screen."""
        self.dismiss(None)

    @property
    def sheet(self) -> ReportSheet:
        """The report, which is scrolled."""
        return self.query_one(ReportSheet)
