"""What Textual keeps after a screen is closed, and with it the screen's widgets and the lines they drew.

Seen in Textual 8.2.8: a cache of a thousand results keeps the drawn lines of the widgets that asked for them, and
every watcher of the app's theme, such as a text area, is kept until the theme changes.
"""

from typing import Any

from textual._styles_cache import StylesCache
from textual.app import App


def let_go(app: App[Any]) -> None:
    """Forget the widgets that are closed. Call it when a screen is closed."""
    StylesCache.get_inner_outer.cache_clear()
    for watchers in getattr(app, "__watchers", {}).values():
        watchers[:] = [(node, callback) for node, callback in watchers if not node._closing]
