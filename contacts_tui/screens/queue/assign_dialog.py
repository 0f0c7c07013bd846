"""A dialog for an assignee: me first, the other agents by a few letters of their names, or nobody."""

from collections.abc import Awaitable, Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.fuzzy import Matcher

from contacts_tui import services
from contacts_tui.commands import Scope
from contacts_tui.domain.agent import Agent
from contacts_tui.domain.text import one_line, searchable
from contacts_tui.screens.base import AgentScreen
from contacts_tui.screens.search_dialog import NarrowingDialog
from contacts_tui.widgets.choice_list import Choice, ChoiceList
from contacts_tui.widgets.footer import CommandFooter
from contacts_tui.widgets.keys import bindings
from contacts_tui.widgets.plain_text import Plain
from contacts_tui.widgets.search_field import FieldLine, SearchField

_NOBODY = "nobody"


async def ask_whom(
    screen: AgentScreen[None], who: str, now: str, chosen: Callable[[str | None], Awaitable[None]]
) -> None:
    """Ask to whom `who` is to be assigned. `chosen` gets a name, "" for nobody, or None when the agent goes back.

    `now` is the present assignee; empty for nobody, and for several people.
    """
    agents = await screen.session.read(services.agents.assignable)
    screen.app.push_screen(AssignDialog(who, agents, screen.session.agent, now), chosen)


class AssignDialog(NarrowingDialog[str]):
    """A dialog whose result is the agent's name, "" for nobody, or None.

    Each line shows the letter that brings it to the top: with the key that confirms, two keys are enough.
    """

    CSS_PATH = "queue_dialogs.tcss"
    SCOPES = (Scope.PICKER,)
    BINDINGS: ClassVar[list[BindingType]] = bindings(Scope.PICKER)

    def __init__(self, who: str, agents: Sequence[Agent], me: str, now: str) -> None:
        """Offer `agents` as assignees of `who`, a name or "12 people"; none of the texts need be cleaned."""
        super().__init__()
        self._who = one_line(who)
        self._me = me
        self._now = now
        known = {agent.name: agent for agent in agents}
        self._names = [me, *(name for name in known if name != me), ""]
        """The names on offer: me, the other agents, and an empty name for nobody."""
        self._letters = letters_of([self._shown(name) for name in self._names])
        self._hours = {name: agent.hours for name, agent in known.items() if agent.hours is not None}
        self._found: list[str] = []

    def compose(self) -> ComposeResult:
        """Yield the field, the agents, a line for an empty list, and the keys."""
        with Vertical(id="box") as box:
            box.border_title = Content(f"Assign {self._who}")
            with FieldLine(id="finder"):
                yield Plain("/ ", id="slash")
                yield SearchField("letters of a name")
            yield ChoiceList()
            yield Plain(id="line")
            yield CommandFooter()

    def _shown(self, name: str) -> str:
        return one_line(name) if name else _NOBODY

    def _show(self) -> None:
        typed = self._typed
        self._found = self._fitting(searchable(typed)) if typed else list(self._names)
        choices = []
        for place, name in enumerate(self._found):
            letter = self._letters[self._names.index(name)]
            about = ["me"] if name == self._me else []
            about += ["assigned now"] if name == self._now else []
            if (hours := self._hours.get(name)) is not None and not hours.is_always:
                about.append("at work" if hours.contains(self.session.clock()) else "not at work now")
            choices.append(Choice(place, (letter, self._shown(name), " · ".join(about))))
        self._list.set_choices(choices)
        self.query_one("#line", Plain).show("" if choices else f"No agent matches “{one_line(typed)}”. Type less.")

    def _fitting(self, typed: str) -> list[str]:
        """Return the names that have the letters: first the one whose line shows just this letter, then the closest."""
        matcher = Matcher(typed)
        scores = {
            name: 1000.0 * (letter == typed) + 10.0 * self._begins(name, typed) + matcher.match(self._searched(name))
            for name, letter in zip(self._names, self._letters, strict=True)
        }
        return sorted((name for name in self._names if scores[name] > 0), key=lambda name: -scores[name])

    def _searched(self, name: str) -> str:
        return searchable(self._shown(name))

    def _begins(self, name: str, typed: str) -> bool:
        return any(word.startswith(typed) for word in self._searched(name).split())

    def on_choice_list_chosen(self, event: ChoiceList.Chosen) -> None:
        """Close with the chosen agent's name."""
        self.dismiss(self._found[event.key])


def letters_of(names: Sequence[str]) -> list[str]:
    """Return for each name a letter that no other has, preferably one that begins a word; empty when none is left."""
    found: list[str] = []
    for name in names:
        folded = searchable(name)
        wanted = [*(word[0] for word in folded.split()), *folded.replace(" ", "")]
        found.append(next((letter for letter in wanted if letter.isalnum() and letter not in found), ""))
    return found
