"""A picture in half blocks: each cell shows two of its points, one over the other."""

from textual.content import Content

from contacts_tui.domain.thumbnail import HALF_BLOCK, Rgb, Thumbnail


def half_blocks(thumbnail: Thumbnail) -> Content:
    """Return a thumbnail as lines of cells."""
    lines = (
        Content.assemble(*((HALF_BLOCK, f"{_hex(over)} on {_hex(under)}") for over, under in line))
        for line in thumbnail.cells
    )
    return Content("\n").join(lines)


def _hex(color: Rgb) -> str:
    red, green, blue = color
    return f"#{red:02x}{green:02x}{blue:02x}"
