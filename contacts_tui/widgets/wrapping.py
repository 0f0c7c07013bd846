"""Text broken into lines by its width in cells."""

import re

from rich.cells import cell_len, chop_cells

_WORDS = re.compile(r"\S+\s*|\s+")

_TAB = 4
"""Cells between tab stops."""


def wrap(text: str, cells: int) -> tuple[str, ...]:
    """A cleaned text as lines of at most `cells` cells, broken between words, within a word only where it must be.

    Line breaks in the text stay; an empty line stays an empty line. At least one line comes back.
    """
    width = max(cells, 2)
    return tuple(line for paragraph in text.split("\n") for line in _paragraph(paragraph, width))


def _paragraph(paragraph: str, width: int) -> list[str]:
    paragraph = paragraph.expandtabs(_TAB).rstrip()
    if cell_len(paragraph) <= width:
        return [paragraph]
    lines: list[str] = []
    line = ""
    for word in _WORDS.findall(paragraph):
        if cell_len(line) + cell_len(word.rstrip()) <= width:
            line += word
            continue
        if line.strip():
            lines.append(line.rstrip())
        *whole, line = chop_cells(word.rstrip(), width) or [""]
        lines.extend(whole)
        line += word[len(word.rstrip()) :]
    if line.strip():
        lines.append(line.rstrip())
    return lines
