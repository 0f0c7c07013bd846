"""The one registry of commands: bindings, footer, palette, help screen and the docs' key table come from it."""

from contacts_tui.commands.command import Command, Scope
from contacts_tui.commands.key_names import key_word
from contacts_tui.commands.registry import (
    BAR,
    BY_ID,
    COMMANDS,
    in_scopes,
    key_table,
    keys_of,
    scopes_from,
    typing_key_of,
)

__all__ = [
    "BAR",
    "BY_ID",
    "COMMANDS",
    "Command",
    "Scope",
    "in_scopes",
    "key_table",
    "key_word",
    "keys_of",
    "scopes_from",
    "typing_key_of",
]
