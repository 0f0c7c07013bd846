"""The themes of the app, for the colours that the terminal has, and styles that are parsed once for each theme.

Textual 8.2.8 parses all styles with the variables of its own theme, then with those of our first theme, and then once
more, because it forgets what it parsed when it is given variables. That was a tenth of the time to a first frame.
"""

from textual.app import App

from contacts_tui.terminal.colors import Depth
from contacts_tui.themes import NAMES, themes_for, variables_without_theme


class ThemedApp(App[None]):
    """An app with our themes and no others."""

    def __init__(self, theme: str, depth: Depth | None) -> None:
        """Show `theme` in as many colours as `depth` says; None for as many as the terminal has."""
        self._variables: dict[str, dict[str, str]] = {}
        """The variables of each theme that was shown, by its name; empty until one of ours is."""
        self._has_themes = False
        super().__init__()
        self.depth = depth or Depth.of(self.console._color_system)
        for offered in themes_for(self.depth):
            self.register_theme(offered)
        self.theme = theme
        for other in set(self.available_themes) - set(NAMES):
            self.unregister_theme(other)
        self._has_themes = True
        self.stylesheet.set_variables(self.get_css_variables())

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the variables that the themes with the terminal's own colours don't define (asked by Textual)."""
        return variables_without_theme()

    def get_css_variables(self) -> dict[str, str]:
        """Return the theme's variables, as the same object each time (asked by Textual)."""
        if not self._has_themes:
            return {}
        if self.theme not in self._variables:
            self._variables[self.theme] = super().get_css_variables()
        self.theme_variables = self._variables[self.theme]
        return self.theme_variables

    def refresh_css(self, animate: bool = True) -> None:
        """Parse the styles again only for another theme than the one they were parsed for (called by Textual)."""
        if self.stylesheet._variables is not self.get_css_variables():
            super().refresh_css(animate)
            return
        for screen in self.screen_stack:
            self.stylesheet.update(screen, animate)
