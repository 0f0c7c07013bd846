"""Who works here, and how the inboxes are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from contacts_tui.commands import keys_of
from contacts_tui.domain.text import one_line
from contacts_tui.widgets.plain_text import Plain

if TYPE_CHECKING:
    from contacts_tui.domain.health import SendersHealth

_DOT = " · "


class StatusLine(Plain):
    """One line: trouble first, then the agent, the inboxes, and what is waiting to be sent."""

    DEFAULT_CSS = """
    StatusLine { height: 1; padding: 0 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
    """

    def __init__(self, agent: str) -> None:
        super().__init__()
        self._agent = one_line(agent)
        self._health: SendersHealth | None = None
        self._trouble = ""
        self._draw()

    def set_health(self, health: SendersHealth) -> None:
        """Show how the inboxes are."""
        self._health = health
        self._draw()

    def set_trouble(self, sentence: str) -> None:
        """Show what went wrong on this screen; an empty sentence removes it."""
        self._trouble = one_line(sentence)
        self._draw()

    def on_resize(self) -> None:
        """Draw the line anew: there may be room for more words, or for fewer."""
        self._draw()

    def _draw(self) -> None:
        parts: list[Content] = []
        health = self._health
        if self._trouble:
            parts.append(Content.styled(f"✗ {self._trouble}", "bold $error"))
        if health is not None and health.ailing:
            parts.append(_ailing(health, self.content_size.width))
        parts.append(Content(self._agent))
        if health is not None:
            parts += _words(health)
        self.show(_whole(parts, self.content_size.width), layout=False)


def _whole(parts: list[Content], width: int) -> Content:
    """Return the first parts, as many as fit whole into `width` cells; at least one."""
    line = parts[0]
    for part in parts[1:]:
        longer = Content.assemble(line, _DOT, part)
        if longer.cell_length > width:
            break
        line = longer
    return line


def _ailing(health: SendersHealth, width: int) -> Content:
    """Return which inbox needs attention, the key that shows it, and why, as far as that fits into `width` cells.

    Sentences say what is wrong, then after a colon what to do: neither is cut in the middle.
    """
    # Imported only when an inbox needs attention: the first frame is quicker without it.
    from contacts_tui.domain.health import State

    name, state, sentence = health.ailing[0]
    others = len(health.ailing) - 1
    more = f", and {others} more" if others else ""
    key = keys_of("people.inboxes")
    style = "bold $error" if state.is_urgent else "bold $warning"
    short = Content.styled(f"{state.mark} {one_line(name)} {state.words}{more} ({key} shows it)", style)
    why = one_line(sentence)
    if state is State.MISSING:
        said = f"{state.mark} {one_line(name)} {why}{more}"
        whole = (Content.styled(words, style) for words in (f"{said} ({key} shows it)", said))
        return next((content for content in whole if content.cell_length <= width), short)
    wrong = why.partition(": ")[0]
    longer = [short.append(Content.styled(f": {words}", style)) for words in (why, wrong)]
    # What is wrong says more than the name of the state.
    longer.append(Content.styled(f"{state.mark} {one_line(name)}: {wrong}{more} ({key} shows it)", style))
    return next((content for content in longer if content.cell_length <= width), short)


def _words(health: SendersHealth) -> list[Content]:
    if not health.inboxes:
        key = keys_of("people.inboxes")
        return [Content.styled(f"no inbox connected: {key} connects one", "$warning")]
    live = health.inboxes - len(health.ailing)
    words = [Content("1 inbox live" if live == 1 else f"{live} inboxes live")]
    queue = health.queue
    if leaving := queue.waiting + queue.sending:
        words.append(Content(f"{leaving:,} waiting to be sent"))
    else:
        words.append(Content("nothing waiting to be sent"))
    if queue.unknown:
        words.append(Content.styled(f"? {queue.unknown:,} with unknown outcome", "$warning"))
    return words
