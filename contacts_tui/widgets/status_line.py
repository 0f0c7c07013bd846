"""Who works here, and how the senders are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from contacts_tui.domain.text import one_line
from contacts_tui.widgets.plain import Plain

if TYPE_CHECKING:
    from contacts_tui.domain.views import InboxHealth

_DOT = " · "


class StatusLine(Plain):
    """One line: trouble first, then the agent, the inboxes, and what waits to leave."""

    DEFAULT_CSS = """
    StatusLine { height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self, agent: str) -> None:
        super().__init__()
        self._agent = one_line(agent)
        self._health: InboxHealth | None = None
        self._trouble = ""
        self._draw()

    def set_health(self, health: InboxHealth) -> None:
        """Shows how the inboxes are."""
        self._health = health
        self._draw()

    def set_trouble(self, sentence: str) -> None:
        """Shows what went wrong on this screen, until it is set to nothing."""
        self._trouble = one_line(sentence)
        self._draw()

    def _draw(self) -> None:
        parts: list[Content] = []
        health = self._health
        if self._trouble:
            parts.append(Content.styled(f"✗ {self._trouble}", "bold $error"))
        if health is not None and health.last_error:
            parts.append(Content.styled(f"✗ sender trouble: {one_line(health.last_error)}", "bold $error"))
        parts.append(Content(self._agent))
        if health is not None:
            parts += _words(health)
        self.show(Content(_DOT).join(parts), layout=False)


def _words(health: InboxHealth) -> list[Content]:
    if not health.inboxes:
        return [Content.styled("no inbox connected: contacts-tui inbox add", "$warning")]
    words = [Content("1 inbox live" if health.inboxes == 1 else f"{health.inboxes} inboxes live")]
    if health.waiting:
        words.append(Content(f"{health.waiting:,} waiting to leave"))
    else:
        words.append(Content("nothing waiting to leave"))
    if health.unknown:
        words.append(Content.styled(f"? {health.unknown:,} with unknown outcome", "$warning"))
    return words
