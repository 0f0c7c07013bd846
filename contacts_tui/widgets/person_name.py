"""A person's name behind their initials, which have a colour of their own."""

from textual.content import Content

from contacts_tui.domain.cells import text_width
from contacts_tui.domain.initials import initials
from contacts_tui.domain.text import one_line
from contacts_tui.themes import PERSON_COLORS


def person_name(contact_id: int, name: str) -> Content:
    """Return the initials on the person's colour, and the name."""
    letters = initials(name)
    letters += " " * (2 - text_width(letters))
    look = f"$person-text on $person-{contact_id % PERSON_COLORS} bold"
    return Content.assemble((f" {letters} ", look), " ", (one_line(name), "bold"))
