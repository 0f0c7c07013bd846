"""Inboxes: the health of each of our senders, and the commands that connect, check, change and disconnect one."""

from collections.abc import Sequence
from functools import partial

from textual import work
from textual.app import ComposeResult
from textual.containers import Container

from contacts_tui import services
from contacts_tui.commands import Scope, keys_of
from contacts_tui.domain import answer_target
from contacts_tui.domain.change import Change, ChangeKind
from contacts_tui.domain.health import DisconnectPreview, InboxHealth
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.roles import Right
from contacts_tui.domain.text import one_line
from contacts_tui.domain.urgency import AnswerTarget
from contacts_tui.screens.base import AgentScreen, sentence_of
from contacts_tui.screens.dialogs import Question
from contacts_tui.screens.inboxes import inbox_words as words
from contacts_tui.screens.inboxes.answer_target_form import AnswerTargetForm
from contacts_tui.screens.inboxes.inbox_form import InboxFormScreen
from contacts_tui.screens.throttle import Throttle
from contacts_tui.widgets.choice_list import ChoiceList
from contacts_tui.widgets.fact_sheet import Fact, FactSheet
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.heading import Heading
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.line_view import Shade

AGES = 10.0
"""Seconds between two readings of what time alone changes: ages, and whether a process still receives."""

_QUIET = frozenset({ChangeKind.DRAFT, ChangeKind.CONTACT, ChangeKind.CONVERSATION, ChangeKind.TEMPLATE})
"""Changes that nothing on this screen shows."""


def _none() -> tuple[Fact, ...]:
    """Return what is shown as long as there is no inbox."""
    return (
        Fact("", "No inbox is connected yet.", Shade.STRONG),
        Fact("", " "),
        Fact(
            "",
            "An inbox is one sender of yours: a Twilio number, a WhatsApp sender, a Telegram bot or a Facebook page. "
            f"Press {keys_of('inboxes.connect')} to connect the first one.",
        ),
        Fact("", " "),
        Fact("", "Without the interface:  contacts-tui inbox add --help", Shade.SOFT),
    )


class InboxList(ChoiceList, inherit_bindings=False):
    """The inboxes, with the cursor on the one whose details are shown."""

    BINDINGS = bindings(Scope.INBOXES)


class InboxesScreen(AgentScreen[None]):
    """Where an agent sees the health of the inboxes, and an administrator connects, changes and disconnects them."""

    CSS_PATH = "inboxes_screen.tcss"
    AUTO_FOCUS = "InboxList"
    SCOPES = (Scope.INBOXES,)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (150, "-wide")]  # noqa: RUF012 (Textual declares it as an instance's)

    def __init__(self) -> None:
        super().__init__()
        self._found: tuple[InboxHealth, ...] | None = None
        self._checked: dict[int, Sequence[str]] = {}
        """The sentences of the last check, by the inbox's id, for every inbox that was checked here."""
        self._wanted: int | None = None
        """The id of the inbox to put the cursor on as soon as it is read; None to leave the cursor."""
        self._throttle = Throttle(self._read, self.tell)

    def compose(self) -> ComposeResult:
        """Yield the list, what is known of the inbox under the cursor, and the keys."""
        yield Heading()
        with Container(id="body"):
            yield InboxList()
            yield FactSheet()
        yield CommandFooter()

    def on_mount(self) -> None:
        """Read the inboxes, and again whenever something changes, and every `AGES` seconds."""
        self._list, self._sheet = self.query_one(InboxList), self.query_one(FactSheet)
        self.query_one(Heading).show("Inboxes", "reading …")
        self.changes.subscribe(self, self._on_changes)
        self.set_interval(AGES, self._throttle.ask)
        self._throttle.ask()
        self.run_worker(self._throttle.run(), group="read", exit_on_error=False)

    def _on_changes(self, batch: tuple[Change, ...]) -> None:
        if any(change.kind not in _QUIET for change in batch):
            self._throttle.ask()

    async def _read(self) -> None:
        try:
            self._found = await self.session.read(services.health.listed, self.session.opened_at)
        except Exception as error:
            self._sheet.show((Fact("", sentence_of(error), Shade.DANGER),))
            return
        self._draw()

    def _draw(self) -> None:
        if self._found is None:
            return
        ids = [health.inbox.id for health in self._found]
        here = self._wanted if self._wanted is not None else self._current_id
        self._wanted = None
        now = self.session.clock()
        choices = [words.choice(health, now, self._list.line_width) for health in self._found]
        headings = words.headings(self._list.line_width)
        self._list.set_choices(choices, ids.index(here) if here in ids else 0, headings)
        self._list.display = bool(choices)
        self.query_one(Heading).show("Inboxes", self._sums())
        self._show_details()

    def _show_details(self) -> None:
        health = self._current
        if health is None:
            self._sheet.show(_none() if self._found is not None else ())
        else:
            checked = self._checked.get(health.inbox.id, ())
            self._sheet.show(tuple(words.facts(health, self.session.clock(), checked)))
        self.refresh_bindings()

    def _sums(self) -> str:
        found = self._found or ()
        connected = sum(health.inbox.is_connected for health in found)
        ailing = sum(health.state.needs_care for health in found)
        parts = [f"{connected} connected"]
        if ailing:
            parts.append(f"{ailing} {'needs' if ailing == 1 else 'need'} attention")
        if connected < len(found):
            parts.append(f"{len(found) - connected} disconnected")
        return " · ".join(parts)

    @property
    def _current_id(self) -> int | None:
        choice = self._list.highlighted
        return choice.key if choice is not None else None

    @property
    def _current(self) -> InboxHealth | None:
        return next((health for health in self._found or () if health.inbox.id == self._current_id), None)

    def on_choice_list_highlighted(self, event: ChoiceList.Highlighted) -> None:
        """Show what is known of the inbox under the cursor."""
        self._show_details()

    def on_resize(self) -> None:
        """Draw the list again, with the columns that there is room for now."""
        self.call_after_refresh(self._draw)

    # Keys.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Return whether the inbox under the cursor allows an action (asked by Textual)."""
        health = self._current if self._found is not None else None
        if action in ("check", "disconnect"):
            return health is not None and health.inbox.is_connected
        if action in ("change", "answer_target"):
            return health is not None
        if action == "acknowledge":
            return health is not None and any(gap.is_lost for gap in health.gaps)
        if action == "more":
            return health is not None and self._sheet.has_more
        return True

    def action_more(self) -> None:
        """Scroll the details."""
        self._sheet.more()

    def action_back(self) -> None:
        """Go back to People."""
        self.dismiss(None)

    async def action_connect(self) -> None:
        """Open the form that connects a new inbox."""
        await self._open_form(None)

    async def action_change(self) -> None:
        """Open the form that changes the inbox, or connects it again."""
        if (health := self._current) is not None:
            await self._open_form(health.inbox)

    async def _open_form(self, inbox: Inbox | None) -> None:
        with self.telling():
            # So that a refusal comes before the form is filled in. The service checks the right again.
            await self.session.read(services.rights.check, self.session.agent, Right.INBOXES)
            self.app.push_screen(InboxFormScreen(inbox), partial(self._stored, inbox))

    def _stored(self, before: Inbox | None, inbox: Inbox | None) -> None:
        if inbox is not None:
            self._wanted = inbox.id
            self._checked.pop(inbox.id, None)
            done = "changed" if before is not None and before.is_connected else "connected"
            self.notify(f"{one_line(inbox.name)} is {done}. See below how it receives.")
            self._throttle.ask()

    async def action_answer_target(self) -> None:
        """Ask how soon messages to the inbox are to be answered, and store that target."""
        if (health := self._current) is None:
            return
        inbox, before = health.inbox, health.answers if health.has_own_target else None

        def chosen(found: tuple[AnswerTarget | None] | None) -> None:
            if found is not None and found[0] != before:
                self.run_worker(self._set_target(inbox, found[0], before), group="target", exit_on_error=False)

        with self.telling():
            await self.session.read(services.rights.check, self.session.agent, Right.INBOXES)
            self.app.push_screen(AnswerTargetForm(health), chosen)

    async def _set_target(self, inbox: Inbox, target: AnswerTarget | None, before: AnswerTarget | None) -> None:
        name, agent = one_line(inbox.name), self.session.agent

        async def undo() -> str:
            await self.session.run(services.queue.set_target, agent, inbox.id, before)
            return f"{name} answers as before."

        with self.telling():
            await self.session.run(services.queue.set_target, agent, inbox.id, target)
            within = "as is usual" if target is None else f"within {answer_target.words(target)}"
            told = f"{name} answers {within}" if target is None or target.within else f"{name} has no answer target"
            self.session.undo_stack.push(told, undo)
            self.notify(f"{told}, from the next message on. {keys_of('people.undo')} in People undoes it.")
            self._throttle.ask()

    def action_check(self) -> None:
        """Ask the provider about the inbox, and show the answer."""
        if (health := self._current) is not None:
            self._checked[health.inbox.id] = ("asking the provider …",)
            self._show_details()
            self._sheet.scroll_home(animate=False)
            self._check(health.inbox.id)

    @work(group="check", exit_on_error=False)
    async def _check(self, inbox_id: int) -> None:
        try:
            found = await services.health.check(self.session.store, inbox_id)
        except Exception as error:
            self._checked[inbox_id] = (sentence_of(error),)
        else:
            verdict = "All is well." if found.ok else "Something is wrong."
            self._checked[inbox_id] = (f"{verdict} {found.lines[0]}", *found.lines[1:])
        self._throttle.ask()

    @work(exit_on_error=False)
    async def action_acknowledge(self) -> None:
        """Acknowledge that messages to the inbox are lost."""
        if (health := self._current) is not None:
            await self.session.run(services.gaps.acknowledge, [health.inbox], self.session.agent)
            self.notify(f"Acknowledged: {one_line(health.inbox.name)} lost messages that can't be recovered.")
            self._throttle.ask()

    @work(exit_on_error=False)
    async def action_disconnect(self) -> None:
        """Say what would happen, ask, and disconnect the inbox."""
        health = self._current
        if health is None:
            return
        inbox = health.inbox
        name = one_line(inbox.name)
        await self.session.read(services.rights.check, self.session.agent, Right.INBOXES)
        stake = await self.session.read(services.inboxes.preview_disconnect, inbox.id)
        if not await self.app.push_screen_wait(Question(f"Disconnect {name}?", _consequences(name, stake))):
            return
        parted = await services.inboxes.disconnect(self.session.store, self.session.agent, inbox.id)
        self._checked.pop(inbox.id, None)
        sentences = [f"{name} is disconnected."]
        if parted.unsent:
            sentences.append(f"{parted.unsent:,} waiting messages are marked as not sent.")
        if parted.webhook_left:
            sentences.append(one_line(parted.webhook_left))
        self.notify(" ".join([*sentences, f"{keys_of('inboxes.change')} reconnects it."]))
        self._throttle.ask()


def _consequences(name: str, stake: DisconnectPreview) -> str:
    sentences = [f"Nothing more is sent from {name} or received by it."]
    if stake.threads:
        many = "Its one thread stays" if stake.threads == 1 else f"Its {stake.threads:,} threads stay"
        sentences.append(f"{many} readable, to be continued when it is reconnected with the same address.")
    if stake.waiting:
        many = "One waiting message" if stake.waiting == 1 else f"{stake.waiting:,} waiting messages"
        sentences.append(f"{many} will not be sent: marked as failed, retry when it is reconnected.")
    sentences.append("What people write meanwhile may be lost.")
    sentences.append(f"\n{keys_of('question.yes')} disconnects {name}, {keys_of('question.no')} keeps it.")
    return "\n".join(sentences)
