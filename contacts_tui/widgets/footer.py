"""The keys that work now, in one line."""

from dataclasses import dataclass

from textual.app import RenderResult
from textual.binding import ActiveBinding
from textual.content import Content
from textual.events import Click
from textual.screen import Screen
from textual.widget import Widget

from contacts_tui.commands import BY_ID, key_word
from contacts_tui.widgets.keys import working_now

_GAP = 2
_MORE = "…"


@dataclass(frozen=True, slots=True)
class _Item:
    """One key with its label."""

    rank: int
    """The place in the line; also which items go first when room is short."""
    key: str
    label: str
    active: ActiveBinding

    @property
    def cells(self) -> int:
        """The width without the gap."""
        return Content(f"{self.key} {self.label}").cell_length


class CommandFooter(Widget):
    """The commands of the registry that apply now, by rank; an ellipsis stands for those without room.

    It takes the width that it is given: a width of its own would lay the screen out anew with every change.
    """

    DEFAULT_CSS = """
    CommandFooter { height: 1; width: 1fr; padding: 0 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._items: tuple[_Item, ...] = ()

    def on_mount(self) -> None:
        """Follows what applies."""
        self.screen.bindings_updated_signal.subscribe(self, self._look_again)
        self._look_again(self.screen)

    def _look_again(self, screen: Screen[object]) -> None:
        if not screen.is_current:
            return
        items = [
            _Item(command.footer, key_word(active.binding.key), command.label, active)
            for command_id, active in working_now(screen).items()
            if (command := BY_ID[command_id]).footer > 0
        ]
        ordered = tuple(sorted(items, key=lambda item: item.rank))
        if [(i.key, i.label) for i in ordered] != [(i.key, i.label) for i in self._items]:
            self._items = ordered
            self.refresh()
        self._items = ordered

    def _fitting(self) -> tuple[_Item, ...]:
        """Those for which there is room. The last one, help, stays: it tells of the others."""
        width = self.size.width
        shown = list(self._items)
        while len(shown) > 1 and self._cells(shown) > width:
            del shown[-2]
        return tuple(shown)

    def _cells(self, shown: list[_Item]) -> int:
        cells = sum(item.cells for item in shown) + _GAP * (len(shown) - 1)
        return cells if len(shown) == len(self._items) else cells + _GAP + len(_MORE)

    def render(self) -> RenderResult:
        """The line (called by Textual)."""
        shown = self._fitting()
        parts: list[Content] = []
        for item in shown:
            parts.append(Content.assemble((item.key, "bold $accent"), " ", (item.label, "$text-muted")))
        if len(shown) < len(self._items):
            parts.append(Content.styled(_MORE, "$text-muted"))
        return Content(" " * _GAP).join(parts)

    async def on_click(self, event: Click) -> None:
        """Runs the command that was clicked."""
        x = event.x - self.gutter.left
        for item in self._fitting():
            if 0 <= x < item.cells:
                await self.app.run_action(item.active.binding.action, item.active.node)
                return
            x -= item.cells + _GAP
