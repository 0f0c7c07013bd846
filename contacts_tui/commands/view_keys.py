"""The keys that agents give to saved views: a character that no command of People has."""

from collections.abc import Sequence

from contacts_tui.commands.command import Scope
from contacts_tui.commands.key_names import KeyFault, key_named, key_word, types
from contacts_tui.commands.registry import in_scopes
from contacts_tui.domain.text import one_line
from contacts_tui.domain.view import View


def key_fault(text: str, others: Sequence[View]) -> str:
    """Return a sentence on what is wrong with the key of a view; empty for a free key, and for none."""
    if not text:
        return ""
    try:
        key = key_named(text)
    except KeyFault as fault:
        return fault.sentence
    taken = (command for command in in_scopes((Scope.PEOPLE, Scope.NAVIGATION, Scope.APP)) if key in command.keys)
    if (command := next(taken, None)) is not None:
        return f"The key {key_word(key)} belongs to “{command.label}”: choose another one."
    if not types(key):
        return f"“{text}” can't open a view: write a character."
    same = next((view for view in others if view.key and key_of(view) == key), None)
    return f"The key {key_word(key)} opens “{one_line(same.name)}”: choose another one." if same is not None else ""


def key_of(view: View) -> str:
    """Return the key of a saved view by Textual's name; empty for none, and for what is no key."""
    try:
        return key_named(view.key) if view.key else ""
    except KeyFault:
        return ""
