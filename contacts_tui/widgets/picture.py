"""A picture in half blocks: each cell shows two of its points, one over the other."""

from textual.content import Content

from contacts_tui.domain.thumbnail import Rgb, Thumbnail


def half_blocks(thumbnail: Thumbnail) -> Content:
    """Return a thumbnail as lines of cells."""
    pairs = zip(thumbnail.rows[::2], thumbnail.rows[1::2], strict=True)
    lines = (
        Content.assemble(*(("▀", f"{_hex(over)} on {_hex(under)}") for over, under in zip(upper, lower, strict=True)))
        for upper, lower in pairs
    )
    return Content("\n").join(lines)


def _hex(color: Rgb) -> str:
    red, green, blue = color
    return f"#{red:02x}{green:02x}{blue:02x}"
