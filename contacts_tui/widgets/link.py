"""A link that lets a person write first, with the key that copies it."""

from contacts_tui.commands import BY_ID
from contacts_tui.domain.text import one_line


def link_words(link: str) -> str:
    """The link as it is shown; empty without one."""
    return f"{one_line(link)} ({BY_ID['contact.copy_link'].key_words[0]} copies it)" if link else ""
