"""What the command palette finds: the commands that apply now, and people."""

from collections.abc import Iterator
from functools import partial
from typing import cast

from textual.command import DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.dom import DOMNode

from contacts_tui import services
from contacts_tui.commands import Command, in_scopes, scopes_from
from contacts_tui.domain.cells import shorten
from contacts_tui.domain.listing import PersonFound
from contacts_tui.domain.text import around, one_line, searchable
from contacts_tui.screens.base import AgentApp, AgentScreen, sentence_of
from contacts_tui.screens.person.person_keys import PersonKeys
from contacts_tui.widgets.keys import runnable

_PEOPLE = 8
"""People who are offered at most."""
_BY_LABEL, _BY_NAME, _BY_HELP, _BY_WORDS = 4.0, 3.0, 2.0, 1.0
"""Scores: commands by label, people by name or another detail; then commands by their help, because "eve" means a
person rather than "shows every key"; then people by what was said."""
_NEXT = 0.01
"""How much lower the next hit of a kind scores."""
_EXCERPT = 60
"""Cells of the text that matched."""


class CommandProvider(Provider):
    """The registry's commands, as far as they apply on the screen below."""

    async def discover(self) -> Hits:
        """Yield every command that applies, while nothing is typed (asked by Textual)."""
        for command, node in self._commands():
            words = Content.assemble(command.label, self._keys(command))
            yield DiscoveryHit(words, self._runner(command, node), help=command.help)

    async def search(self, query: str) -> Hits:
        """Yield the commands whose label has words that begin as the query's, then those whose help has."""
        for place, (command, node) in enumerate(self._commands()):
            score = next(
                (
                    score
                    for score, text in ((_BY_LABEL, command.label), (_BY_HELP, command.help))
                    if begins(text, query)
                ),
                0.0,
            )
            if score:
                label = self.matcher(query).highlight(command.label) if score == _BY_LABEL else Content(command.label)
                words = Content.assemble(label, self._keys(command))
                yield Hit(score - place * _NEXT / 10, words, self._runner(command, node), help=command.help)

    def _commands(self) -> Iterator[tuple[Command, DOMNode]]:
        working = runnable(self.screen)
        scopes = self.screen.SCOPES if isinstance(self.screen, AgentScreen) else ()
        for command in in_scopes(scopes_from(scopes)):
            if command.id == "app.palette":
                continue
            if command.id in working:
                yield command, working[command.id]

    def _keys(self, command: Command) -> Content:
        return Content.styled(f"  {command.key_words[0]}" if command.keys else "", "$text-muted")

    def _runner(self, command: Command, node: DOMNode) -> "CommandRun":
        return CommandRun(self, command.action, node)


class CommandRun:
    """A call that runs a command where its key would have run it."""

    def __init__(self, provider: Provider, action: str, node: DOMNode) -> None:
        self._provider = provider
        self._action = action
        self._node = node

    async def __call__(self) -> None:
        """Run the command."""
        await self._provider.app.run_action(self._action, self._node)


class PersonProvider(Provider):
    """People by name, number, email or words they said."""

    async def search(self, query: str) -> Hits:
        """Yield people by name, by other details, then by what was said; if none, offer to add a typed number or so."""
        app = cast(AgentApp, self.app)
        if not app.session.is_open:
            return
        try:
            found = await app.session.read(services.people.found_by, query, _PEOPLE)
        except Exception as error:
            self.app.notify(sentence_of(error), severity="error")
            return
        for place, one in enumerate(found):
            score = (_BY_WORDS if one.is_said else _BY_NAME) - place * _NEXT
            yield Hit(score, Content(one_line(one.name)), PersonRun(app, one.contact_id), help=_why(one, query))
        meant = services.new_person.read(query, app.session.region)
        if not found and meant.field != "name" and isinstance(self.screen, PersonKeys):
            label = f"Add {one_line(meant.shown)}"
            yield Hit(_BY_WORDS, Content(label), partial(self.screen.add_typed, query), help="Add a new person.")


def begins(text: str, query: str) -> bool:
    """Return whether every word of a query begins a word of the text."""
    words = searchable(text).replace("-", " ").split()
    return all(any(word.strip("(“‘").startswith(wanted) for word in words) for wanted in searchable(query).split())


def _why(found: PersonFound, query: str) -> str:
    """Return by what a person was found, cut around the words that matched; for a name, what choosing them does."""
    if not found.words:
        return "Open this person."
    words = one_line(found.words)
    cut = shorten(around(words, query, _EXCERPT // 3), _EXCERPT)
    return f"“{cut}”" if found.is_said else cut


class PersonRun:
    """A call that opens a person."""

    def __init__(self, app: AgentApp, contact_id: int) -> None:
        self._app = app
        self._contact_id = contact_id

    def __call__(self) -> None:
        """Open the person."""
        self._app.open_contact(self._contact_id)
