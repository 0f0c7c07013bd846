"""What Textual holds on to after a screen is gone, and with it the screen's widgets and the lines they drew.

Seen in Textual 8.2.8: a cache of a thousand results keeps the drawn lines of the widgets that asked for them, and
whoever watches the app's theme, as every text area does, is kept until the theme changes.
"""

from typing import Any

from textual._styles_cache import StylesCache
from textual.app import App


def let_go(app: App[Any]) -> None:
    """Forgets the widgets that are closed. To be called when a screen is."""
    StylesCache.get_inner_outer.cache_clear()
    for watchers in getattr(app, "__watchers", {}).values():
        watchers[:] = [(node, callback) for node, callback in watchers if not node._closing]
