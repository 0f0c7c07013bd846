"""What the command palette finds: the commands that apply now, and people."""

from collections.abc import Iterator
from typing import cast

from textual.binding import ActiveBinding
from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content

from contacts_tui import services
from contacts_tui.commands import Command, in_scopes, scopes_from
from contacts_tui.domain.text import one_line
from contacts_tui.screens.base import DeskApp, DeskScreen, sentence_of
from contacts_tui.widgets.keys import working_now

_PEOPLE = 8
"""People offered at most."""
_PERSON = 0.5
"""The score of a person: below a command whose label fits."""
_BY_HELP = 0.2
"""The score of a command of which only the sentence fits."""


class CommandProvider(Provider):
    """The registry's commands, as far as they apply on the screen below."""

    async def discover(self) -> Hits:
        """All of them, while nothing is typed."""
        for command, active in self._commands():
            words = Content.assemble(command.label, self._keys(command))
            yield DiscoveryHit(words, self._runner(command, active), help=command.help)

    async def search(self, query: str) -> Hits:
        """Those whose label fits, then those whose sentence holds the words."""
        matcher = self.matcher(query)
        for command, active in self._commands():
            score = matcher.match(command.label)
            if score <= 0 and query.casefold() in command.help.casefold():
                score = _BY_HELP
            if score > 0:
                words = Content.assemble(matcher.highlight(command.label), self._keys(command))
                yield Hit(score, words, self._runner(command, active), help=command.help)

    def _commands(self) -> Iterator[tuple[Command, ActiveBinding | None]]:
        working = working_now(self.screen)
        scopes = self.screen.SCOPES if isinstance(self.screen, DeskScreen) else ()
        for command in in_scopes(scopes_from(scopes)):
            if command.id == "app.palette":
                continue
            if not command.keys:
                yield command, None
            elif command.id in working:
                yield command, working[command.id]

    def _keys(self, command: Command) -> Content:
        return Content.styled(f"  {command.key_words[0]}" if command.keys else "", "$text-muted")

    def _runner(self, command: Command, active: ActiveBinding | None) -> "CommandRun":
        return CommandRun(self, command.action, active)


class CommandRun:
    """Runs a command where its key would have run it."""

    def __init__(self, provider: Provider, action: str, active: ActiveBinding | None) -> None:
        self._provider = provider
        self._action = action
        self._node = active.node if active else provider.app

    async def __call__(self) -> None:
        """Runs it."""
        await self._provider.app.run_action(self._action, self._node)


class PersonProvider(Provider):
    """People by name, number, email or words they said."""

    async def search(self, query: str) -> Hits:
        """The latest people who match."""
        app = cast(DeskApp, self.app)
        if not app.desk.is_open:
            return
        try:
            found = await app.desk.read(services.people.search, query, _PEOPLE)
            rows = await app.desk.read(services.people.rows, found.ids)
        except Exception as error:
            self.app.notify(sentence_of(error), severity="error", markup=False)
            return
        for place, row in enumerate(rows):
            yield Hit(
                _PERSON - place / 100,
                Content(one_line(row.name)),
                PersonRun(app, row.contact_id),
                help="Opens this person.",
            )


class PersonRun:
    """Opens a person."""

    def __init__(self, app: DeskApp, contact_id: int) -> None:
        self._app = app
        self._contact_id = contact_id

    def __call__(self) -> None:
        """Opens them."""
        self._app.open_contact(self._contact_id)
