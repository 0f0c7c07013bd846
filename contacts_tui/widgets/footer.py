"""The keys that work now, in one line."""

from typing import NamedTuple

from textual.app import RenderResult
from textual.binding import ActiveBinding
from textual.content import Content
from textual.events import Click
from textual.screen import Screen
from textual.widget import Widget

from contacts_tui.commands import BY_ID, key_word
from contacts_tui.widgets.keys import working_now

_GAP = 2
_HELP = "app.help"
_MORE = "more"
"""The label of help where it also stands for commands that have no room."""
_ENDS = 2
"""Commands up to this rank confirm or end something: they are never left out."""


class _Item(NamedTuple):
    """One key with its label."""

    rank: int
    """The place in the line; also which items go first when room is short."""
    command_id: str
    key: str
    label: str
    active: ActiveBinding

    @property
    def cells(self) -> int:
        """The width without the gap."""
        return Content(f"{self.key} {self.label}").cell_length


class CommandFooter(Widget):
    """The commands of the registry that apply now, by rank. Without room for all, help stands for the rest, as "more".

    It takes the width that it is given: a width of its own would lay the screen out anew with every change.
    """

    DEFAULT_CSS = """
    CommandFooter { height: 1; width: 1fr; padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._items: tuple[_Item, ...] = ()

    def on_mount(self) -> None:
        """Follow which commands apply."""
        self.screen.bindings_updated_signal.subscribe(self, self._look_again)
        self._look_again(self.screen)

    def _look_again(self, screen: Screen[object]) -> None:
        if not screen.is_active:
            return
        items = [
            _Item(command.footer, command_id, key_word(active.binding.key), command.label, active)
            for command_id, active in working_now(screen).items()
            if (command := BY_ID[command_id]).footer > 0 and command.keys
        ]
        ordered = tuple(sorted(items, key=lambda item: item.rank))
        if [(i.key, i.label) for i in ordered] != [(i.key, i.label) for i in self._items]:
            self._items = ordered
            self.refresh()
        self._items = ordered

    def _fitting(self) -> tuple[_Item, ...]:
        """Return the items that have room. Those that confirm or end stay, and so does help, which lists the others."""
        room = self.content_size.width
        shown = list(self._items)
        while _cells(shown) > room and (cut := _to_cut(shown)) is not None:
            shown.remove(cut)
        if len(shown) < len(self._items):
            shown = [item._replace(label=_MORE) if item.command_id == _HELP else item for item in shown]
        return tuple(shown)

    def render(self) -> RenderResult:
        """Return the line (called by Textual)."""
        shown = self._fitting()
        # The help screen has no key for help: an ellipsis stands for what has no room.
        is_cut = len(shown) < len(self._items) and all(item.command_id != _HELP for item in shown)
        return Content(" " * _GAP).join(
            [
                *(Content.assemble((i.key, "bold $accent"), " ", (i.label, "$text-muted")) for i in shown),
                *([Content.styled("…", "$text-muted")] if is_cut else []),
            ]
        )

    async def on_click(self, event: Click) -> None:
        """Run the command that was clicked."""
        x = event.x - self.gutter.left
        for item in self._fitting():
            if 0 <= x < item.cells:
                await self.app.run_action(item.active.binding.action, item.active.node)
                return
            x -= item.cells + _GAP


def _to_cut(shown: list[_Item]) -> _Item | None:
    """Return the last item that may be left out, or None."""
    return next((item for item in reversed(shown) if item.rank > _ENDS and item.command_id != _HELP), None)


def _cells(shown: list[_Item]) -> int:
    return sum(item.cells for item in shown) + _GAP * (len(shown) - 1)
