"""A screen that is one long sheet of lines, scrolled by the keys of every list."""

from textual.widget import Widget

from contacts_tui.screens.base import AgentScreen, ResultT


class ScrolledScreen(AgentScreen[ResultT]):
    """A screen with a sheet, and actions that scroll it."""

    @property
    def sheet(self) -> Widget:
        """The widget that is scrolled."""
        raise NotImplementedError

    def action_scroll(self, step: int) -> None:
        """Scroll by `step` lines."""
        self.sheet.scroll_relative(y=step, animate=False)

    def action_page(self, pages: int) -> None:
        """Scroll by `pages` screenfuls."""
        self.sheet.scroll_relative(y=pages * max(1, self.sheet.size.height - 1), animate=False)

    def action_edge(self, end: int) -> None:
        """Scroll to the top (negative) or to the end."""
        if end < 0:
            self.sheet.scroll_home(animate=False)
        else:
            self.sheet.scroll_end(animate=False)
