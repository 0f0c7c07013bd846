"""A thread's lines as the terminal shows them."""

from itertools import groupby
from operator import itemgetter

from rich.color import Color
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from contacts_tui.commands import keys_of
from contacts_tui.domain.cells import Row
from contacts_tui.domain.links import Link
from contacts_tui.domain.thumbnail import HALF_BLOCK, Rgb
from contacts_tui.terminal.hyperlinks import hyperlink
from contacts_tui.widgets.thread.bubbles import Line, Tone, centred
from contacts_tui.widgets.thread.layout import Sheet
from contacts_tui.widgets.thread.marks import MarkedByMouse
from contacts_tui.widgets.thread.window import ThreadWindow


class DrawnThread(MarkedByMouse):
    """The stretch that is held, drawn with the mark of the selected message, links, and what the mouse marked."""

    def __init__(self, *, hyperlinks: bool) -> None:
        """Draw links as hyperlinks of the terminal, too, if `hyperlinks` says that it has them."""
        super().__init__()
        self._hyperlinks = hyperlinks
        self._window = ThreadWindow()
        self._sheet = Sheet()
        self._selected: int | None = None
        self._unseen = 0
        """New messages below those in view."""

    def render_line(self, y: int) -> Strip:
        """Return one line of the thread; the last one says so when unseen messages lie below (called by Textual)."""
        width, base = self.size.width, self._tone(Tone.TEXT)
        if self._unseen and y == self.size.height - 1:
            return self._strip(
                centred(f"▼ {self._unseen} new below, {keys_of('thread.last')} jumps there", width, Tone.NEW), width, ""
            )
        row = y + self.scroll_offset.y
        if row >= len(self._sheet.lines):
            return Strip.blank(width, base)
        line = self._sheet.lines[row]
        chosen = row in self._sheet.place(self._selected) if line.in_bubble else not len(self._window)
        selected = chosen and self.has_focus and bool(line.spans) and line.indent > 1
        return self._strip(line, width, "▌ " if selected else "", self._marked_at(row))

    def _marked_at(self, row: int) -> tuple[int, int]:
        """Return what is marked of the message on a line, as indices of its words; (0, 0) for nothing."""
        message_id = self._sheet.at(row) if self._marks is not None else None
        if self._marks is None or message_id is None:
            return 0, 0
        return self._marks.part(message_id, self._window.ids)

    def _strip(self, line: Line, width: int, mark: str, marked: tuple[int, int] = (0, 0)) -> Strip:
        segments = [Segment(" " * (line.indent - len(mark)), self._tone(Tone.TEXT))]
        segments.append(Segment(mark, self._tone(Tone.NEW)))
        if line.words is not None:
            segments += self._worded(line, line.words, marked)
        elif line.picture:
            segments += _pictured(line.picture, self._tone(Tone.TEXT))
        else:
            segments += [Segment(text, self._tone(tone)) for text, tone in line.spans]
        return Strip(segments).adjust_cell_length(width, self._tone(Tone.TEXT))

    def _worded(self, line: Line, words: Row, marked: tuple[int, int]) -> list[Segment]:
        """Return a line of a message's own words, with its links and what of them is marked."""
        ((whole, tone),) = line.spans
        looks: list[tuple[Link | None, bool]] = [(None, False)] * len(whole)
        for index, place in enumerate(words.places[:-1], 1):
            link = next((link for link in line.links if link.start <= place < link.end), None)
            looks[index] = link, marked[0] <= place < marked[1]
        segments = []
        for (link, is_marked), run in groupby(zip(whole, looks, strict=True), key=itemgetter(1)):
            style = self._tone(tone)
            if is_marked:
                style += self.get_component_rich_style("thread--marked", partial=True)
            if link is not None:
                style += self.get_component_rich_style("thread--link", partial=True)
                style = hyperlink(style, link.target) if self._hyperlinks else style
            segments.append(Segment("".join(char for char, _ in run), style))
        return segments

    def _tone(self, tone: Tone) -> Style:
        return self.get_component_rich_style(f"thread--{tone}")

    def _repaint(self, message_id: int | None) -> None:
        if rows := self._sheet.place(message_id):
            self.refresh_lines(rows.start, len(rows))


def _pictured(cells: tuple[tuple[Rgb, Rgb], ...], around: Style) -> list[Segment]:
    """Return a line of a picture. Neighbours of one colour are one segment."""
    looks = [Style(color=Color.from_rgb(*over), bgcolor=Color.from_rgb(*under)) for over, under in cells]
    runs = [(look, len(list(run))) for look, run in groupby(looks)]
    return [Segment(" ", around), *(Segment(HALF_BLOCK * length, look) for look, length in runs), Segment(" ", around)]
