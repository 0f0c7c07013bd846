"""Two contacts side by side, field by field, with what is taken from which and what comes out."""

from collections.abc import Sequence

from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from contacts_tui.domain.cells import fit
from contacts_tui.domain.merge import FieldMerge, MergePreview, Take, Value, parts
from contacts_tui.domain.text import one_line
from contacts_tui.widgets.line_view import Lines, Shade, Span

_LABEL = 10
"""Cells of the column of field names."""
TAKEN, LEFT = "◉ ", "○ "
"""Stand before a value that is taken, and before one that is left."""
NOTHING = "–"
"""Stands where a side has nothing."""


def words(value: Value) -> str:
    """Return a value on one line, cleaned; a list with commas; `NOTHING` for an empty value."""
    return ", ".join(text for text in map(one_line, parts(value)) if text) or NOTHING


class MergeTable(Lines):
    """A heading, a line for each field, and one for the addresses, which are taken from both contacts."""

    class Highlighted(Message):
        """The cursor went to another field."""

    def __init__(self) -> None:
        super().__init__()
        self._fields: tuple[FieldMerge, ...] = ()
        self._heads = ("", "")
        self._addresses: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
        self._cursor = 0

    def show(self, preview: MergePreview) -> None:
        """Draw another state of the merge; the cursor stays where it is."""
        self._fields = preview.fields
        self._heads = (f"stays: id {preview.keep.id}", f"goes into it: id {preview.other.id}")
        self._addresses = (preview.keeps.addresses, preview.brings.addresses)
        self.virtual_size = Size(0, len(self._fields) + 2)
        self.redraw()

    @property
    def field(self) -> FieldMerge | None:
        """The field under the cursor; None on the addresses."""
        return self._fields[self._cursor] if self._cursor < len(self._fields) else None

    @property
    def addresses(self) -> tuple[Sequence[str], Sequence[str]]:
        """The addresses of both sides."""
        return self._addresses

    def move(self, by: int) -> None:
        """Go to a neighbouring field, or to the addresses."""
        self._cursor = max(0, min(self._cursor + by, len(self._fields)))
        self.redraw()
        self.post_message(self.Highlighted())

    def line(self, index: int) -> Strip:
        """Return the heading, a field, or the addresses."""
        if not self._fields or index > len(self._fields) + 1:
            return self.strip([])
        if index == 0:
            return self._columns(("", *self._heads, "afterwards"), (Shade.SOFT,) * 4, here=False)
        here = index - 1 == self._cursor
        if index <= len(self._fields):
            return self._field_line(self._fields[index - 1], here)
        mine, theirs = (_counted(side) for side in self._addresses)
        both = _counted((*self._addresses[0], *self._addresses[1]))
        shades = (Shade.SOFT, Shade.PLAIN, Shade.PLAIN, Shade.STRONG)
        return self._columns(("addresses", TAKEN + mine, TAKEN + theirs, both), shades, here=here)

    def _field_line(self, field: FieldMerge, here: bool) -> Strip:
        alike = len(field.options) == 1
        taken = (field.taken in (Take.KEEP, Take.BOTH), field.taken in (Take.OTHER, Take.BOTH))
        marks = ["  ", "  "] if alike else [TAKEN if one else LEFT for one in taken]
        shades = [Shade.PLAIN if one or alike else Shade.FAINT for one in taken]
        result = Shade.PLAIN if alike else Shade.STRONG
        cells = (field.field.label, marks[0] + words(field.keep), marks[1] + words(field.other), words(field.result))
        return self._columns(cells, (Shade.SOFT, *shades, result), here=here)

    def _columns(self, cells: Sequence[str], shades: Sequence[Shade], *, here: bool) -> Strip:
        room = max(3, self.line_width - 2 - _LABEL - 2)
        width = room // 3
        widths = (_LABEL, width - 1, width - 1, room - 2 * width)
        spans: list[Span] = [("▸ " if here else "  ", Shade.ACCENT)]
        for cell, size, shade in zip(cells, widths, shades, strict=True):
            spans += [(fit(cell, size), shade), (" ", Shade.PLAIN)]
        return self.strip(spans[:-1], cursor=here)


def _counted(addresses: Sequence[str]) -> str:
    return one_line(addresses[0]) if len(addresses) == 1 else f"{len(addresses)}" if addresses else NOTHING
