"""Make Rich, and by it Textual, measure and divide text as `domain.cells` does.

Rich has a measure of its own, which knows no Indic syllables, and divides flags and family emoji in the middle. A strip
that is measured in two ways is drawn over its neighbour.
"""

from functools import lru_cache

from rich import cells as rich_cells
from rich.segment import Segment
from textual import content
from textual.expand_tabs import get_tab_widths

from contacts_tui.domain.cells import breaks, grapheme_width, split, text_width
from contacts_tui.domain.graphemes import graphemes


def install() -> None:
    """Replace Rich's measure and line breaks with ours, in this process; doing it again changes nothing."""
    vars(rich_cells).update(_cell_len=_cell_len, split_graphemes=_split_graphemes)
    rich_cells.cached_cell_len.cache_clear()
    vars(content).update(divide_line=breaks)
    setattr(Segment, "_split_cells", staticmethod(_split_segment))  # noqa: B010 (Rich declares a class's method)


def install_in_text_areas() -> None:
    """Replace the line breaks of Textual's text areas with ours; text areas are loaded later than the rest."""
    from textual.document import _wrapped_document

    vars(_wrapped_document).update(compute_wrap_offsets=_breaks_while_writing)


def _breaks_while_writing(
    text: str,
    width: int,
    tab_size: int,
    fold: bool = True,
    precomputed_tab_sections: list[tuple[str, int]] | None = None,
) -> list[int]:
    """Return where a line of a text area is broken: blanks at its end count, and a tab is as wide as it is there."""
    sections = precomputed_tab_sections or get_tab_widths(text, tab_size)
    if len(sections) == 1 and not sections[0][1]:
        return breaks(text, width, fold, blanks_hang=False)
    shown, origins = "", list[int]()
    at = 0
    for section, tab in sections:
        shown += section + " " * tab
        origins += [*range(at, at + len(section)), *[at + len(section)] * tab]
        at += len(section) + bool(tab)
    return sorted({origins[place] for place in breaks(shown, width, fold, blanks_hang=False)} - {0})


def _cell_len(text: str, unicode_version: str) -> int:
    return text_width(text)


def _split_graphemes(text: str, unicode_version: str = "auto") -> tuple[list[tuple[int, int, int]], int]:
    """Return the start, the end and the cells of each grapheme; and the cells of all."""
    spans, at, total = [], 0, 0
    for grapheme in graphemes(text):
        cells = grapheme_width(grapheme)
        spans.append((at, at + len(grapheme), cells))
        at += len(grapheme)
        total += cells
    return spans, total


@lru_cache(4096)
def _split_segment(segment: Segment, cut: int) -> tuple[Segment, Segment]:
    text, style, control = segment
    before, after = split(text, cut)
    return Segment(before, style, control), Segment(after, style, control)
