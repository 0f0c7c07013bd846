"""Every command, by id and by scope, and what reads them: bindings, footer, palette, help and the key table."""

from collections.abc import Iterable, Sequence

from contacts_tui.commands import (
    app,
    attachment,
    contact,
    dialogs,
    forms,
    help,  # noqa: A004 (the screen's name)
    inboxes,
    jump,
    merge,
    message_details,
    notes,
    people,
    people_import,
    picker,
    pipes,
    replies,
    scheduled,
    templates,
    today,
)
from contacts_tui.commands.command import ACTIVE_TOGETHER, Command, Scope
from contacts_tui.commands.key_names import key_word
from contacts_tui.domain.person_filter import GUIDE

COMMANDS: tuple[Command, ...] = (
    *app.COMMANDS,
    *people.COMMANDS,
    *contact.COMMANDS,
    *templates.COMMANDS,
    *picker.COMMANDS,
    *message_details.COMMANDS,
    *attachment.COMMANDS,
    *people_import.COMMANDS,
    *merge.COMMANDS,
    *inboxes.COMMANDS,
    *forms.COMMANDS,
    *dialogs.COMMANDS,
    *notes.COMMANDS,
    *scheduled.COMMANDS,
    *replies.COMMANDS,
    *pipes.COMMANDS,
    *today.COMMANDS,
    *jump.COMMANDS,
    *help.COMMANDS,
)
"""All of them; those of one scope stand in the order in which the help shows them."""

BY_ID = {command.id: command for command in COMMANDS}
"""Every command by its id."""


def keys_of(command_id: str) -> str:
    """Return the key that a sentence names for a command now: its first one, or how to run it without a key."""
    command = BY_ID[command_id]
    return command.key_words[0] if command.keys else _without_key(command)


def typing_key_of(command_id: str) -> str:
    """Return the key that works while a text field has the focus, too: the first that types nothing, else the first."""
    command = BY_ID[command_id]
    return command.typing_key or _without_key(command)


def _without_key(command: Command) -> str:
    """Return how to run a command without a key: by its label in the palette. Over a dialog there is no palette."""
    palette = BY_ID["app.palette"]
    if palette.keys and any({command.scope, Scope.APP} <= set(scopes) for scopes in ACTIVE_TOGETHER):
        return f"{palette.typing_key} {command.label}"
    return f"“{command.label}” (no key)"


def in_scopes(scopes: Iterable[Scope]) -> tuple[Command, ...]:
    """Return the commands of some scopes, in the order of the scopes."""
    return tuple(command for scope in scopes for command in COMMANDS if command.scope is scope)


def scopes_from(first: Sequence[Scope]) -> tuple[Scope, ...]:
    """Return every scope that has commands, those in `first` before the others: the order of the help screen."""
    used = [*first, *(scope for scope in Scope if scope not in first)]
    return tuple(scope for scope in used if in_scopes((scope,)))


_HEAD = (
    "# Keys",
    "",
    "The usual keys, as the footer shows them. The id names the command: `[keys]` in the",
    "[configuration](configuration.md) gives it other keys. While you type, letters are text: a command's other keys",
    "go on working.",
)


BAR = "\\|"
"""A vertical bar inside a Markdown table."""


def key_table() -> str:
    """Return the keys as a Markdown page: the text of `docs/keys.md`."""
    lines = [*_HEAD]
    for scope in scopes_from(()):
        lines += ["", f"## {scope.label}", "", "| keys | what it does | id |", "| --- | --- | --- |"]
        lines += [_table_row(command) for command in in_scopes((scope,))]
        if scope is Scope.FILTER:
            lines += [
                "",
                "What a filter may say; all of its terms hold:",
                "",
                "| for example | who fits |",
                "| --- | --- |",
            ]
            lines += [f"| `{example}` | {words} |" for example, words in GUIDE.items()]
    return "\n".join(lines) + "\n"


def _table_row(command: Command) -> str:
    keys = " ".join(f"`{key_word(key).replace('|', BAR)}`" for key in command.usual_keys) or "in the palette"
    return f"| {keys} | {command.help} | `{command.id}` |"
