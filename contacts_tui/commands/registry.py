"""Every command, by id and by scope, and what reads them: bindings, footer, palette, help and the key table."""

from collections.abc import Iterable, Sequence

from contacts_tui.commands import (
    app,
    attachment,
    contact,
    dialogs,
    help,  # noqa: A004 (the screen's name)
    inboxes,
    merge,
    message_details,
    people,
    picker,
    templates,
)
from contacts_tui.commands.command import Command, Scope, key_word, types

COMMANDS: tuple[Command, ...] = (
    *app.COMMANDS,
    *people.COMMANDS,
    *contact.COMMANDS,
    *templates.COMMANDS,
    *picker.COMMANDS,
    *message_details.COMMANDS,
    *attachment.COMMANDS,
    *merge.COMMANDS,
    *inboxes.COMMANDS,
    *dialogs.COMMANDS,
    *help.COMMANDS,
)
"""All of them; those of one scope stand in the order in which the help shows them."""

BY_ID = {command.id: command for command in COMMANDS}
"""Every command by its id."""


def keys_of(command_id: str) -> str:
    """The key that a sentence names for a command: the first of its keys."""
    return BY_ID[command_id].key_words[0]


def typing_key_of(command_id: str) -> str:
    """The key that works while a text field has the focus, too: the first that types nothing, else the first."""
    command = BY_ID[command_id]
    keys = [key.strip() for key in command.keys.split(",")]
    return key_word(next((key for key in keys if not types(key)), keys[0]))


def in_scopes(scopes: Iterable[Scope]) -> tuple[Command, ...]:
    """The commands of some scopes, in the order of the scopes."""
    return tuple(command for scope in scopes for command in COMMANDS if command.scope is scope)


def scopes_from(first: Sequence[Scope]) -> tuple[Scope, ...]:
    """Every scope that has commands, those in `first` before the others: the order of the help screen."""
    used = [*first, *(scope for scope in Scope if scope not in first)]
    return tuple(scope for scope in used if in_scopes((scope,)))


def key_table() -> str:
    """The keys as a Markdown page: `docs/keys.md` is this text."""
    lines = ["# Keys", "", "Keys are written as the footer shows them; the id names the command."]
    for scope in scopes_from(()):
        lines += ["", f"## {scope.label}", "", "| keys | what it does | id |", "| --- | --- | --- |"]
        lines += [_table_row(command) for command in in_scopes((scope,))]
    return "\n".join(lines) + "\n"


def _table_row(command: Command) -> str:
    keys = " ".join(f"`{word}`" for word in command.key_words) or "in the palette"
    return f"| {keys} | {command.help} | `{command.id}` |"
