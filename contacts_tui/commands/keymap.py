"""The keys that people give to commands: presets, what they rebind, and clashes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from contacts_tui.commands.command import ACTIVE_TOGETHER, TYPING, Command, set_live_keys
from contacts_tui.commands.key_names import KeyFault, key_named, key_word, types
from contacts_tui.commands.movement import KEYS
from contacts_tui.commands.registry import BY_ID, COMMANDS, in_scopes

MOVE = "move."
"""With the name of a movement it stands for that movement on every screen: `move.down`."""

PRESETS: Mapping[str, Mapping[str, str]] = {
    "default": {},
    "vim": {
        "move.page_down": "pagedown,ctrl+d",
        "move.page_up": "pageup,ctrl+u",
        "people.open": "enter,l",
        "people.views": "tab,h",
        "navigation.choose": "enter,l",
        "contact.back": "escape,h",
        "contact.card": "I,f7",
        "messaging.write": "enter,i,l",
        "details.back": "escape,q,v,h",
        "inboxes.change": "enter,e,l",
        "inboxes.back": "escape,q,h",
        "merges.back": "q,M,h",
        "help.close": "escape,q,question_mark,f9,h",
    },
}
"""Sets of keys by name: what each changes of the usual ones."""

Keys = Mapping[str, tuple[str, ...]]
"""Keys by command id, by Textual's names."""


@dataclass(frozen=True, slots=True)
class KeyMistake:
    """Something about rebinding that can't be followed."""

    id: str
    """Whose keys they were to be, as it was written."""
    sentence: str
    """What is wrong and what to write."""


def ids() -> tuple[str, ...]:
    """Return everything that keys can be given to."""
    return (*BY_ID, *(f"{MOVE}{name}" for name in KEYS))


def keys_for(preset: str, wanted: Mapping[str, Sequence[str]]) -> tuple[Keys, list[KeyMistake]]:
    """Return the keys of every command that differs from the usual, and what of `wanted` can't be followed.

    `wanted` has keys as people write them, by the id of a command or by `move.` and a movement.
    """
    named: dict[str, tuple[str, ...]] = {}
    mistakes = []
    for command_id, texts in wanted.items():
        keys, faults = _read(command_id, texts)
        named[command_id] = keys
        mistakes += [KeyMistake(command_id, fault) for fault in faults]
    preset_keys = {name: tuple(keys.split(",")) for name, keys in PRESETS[preset].items()}
    found = {}
    for command in COMMANDS:
        given = _given(command, named, preset_keys)
        if given is not None and given != command.usual_keys:
            found[command.id] = given
    return found, mistakes


def _given(command: Command, *sources: Keys) -> tuple[str, ...] | None:
    """The first of the sources that knows the command decides; its own id before its movement."""
    for source in sources:
        if command.id in source:
            return source[command.id]
        keys = source.get(f"{MOVE}{command.movement}")
        if command.movement and keys is not None:
            fit = tuple(key for key in keys if not (command.scope in TYPING and types(key)))
            return fit or (None if keys else ())
    return None


def _read(command_id: str, texts: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """The keys by Textual's names, and what is wrong with them or with the id."""
    command = BY_ID.get(command_id)
    if command is None and command_id not in ids():
        return (), [_unknown(command_id)]
    keys: list[str] = []
    faults = []
    for text in texts:
        try:
            key = key_named(text)
        except KeyFault as fault:
            faults.append(fault.sentence)
            continue
        if command is not None and command.scope in TYPING and types(key) and key not in command.usual_keys:
            faults.append(f"“{text}” is text where {command_id} works: write a key that types nothing, such as ctrl+s")
        elif key not in keys:
            keys.append(key)
    return tuple(keys), faults


def _unknown(command_id: str) -> str:
    from difflib import get_close_matches

    near = get_close_matches(command_id, ids(), 1, 0.5)
    meant = f": did you mean “{near[0]}”?" if near else "."
    return f"there is no command “{command_id}”{meant} The ids are listed in docs/keys.md"


def clashes(keys: Keys) -> list[str]:
    """Return a sentence for every key that two commands would have while both work; and one if nothing could leave.

    Where two share a key by design (down in the places, and in the list beside them), they may share any.
    """
    found = []
    for first, second in _pairs():
        shared = set(_of(first, keys)) & set(_of(second, keys))
        if shared and not set(first.usual_keys) & set(second.usual_keys):
            words = ", ".join(sorted(map(key_word, shared)))
            found.append(f"{words} would be “{first.label}” ({first.id}) and “{second.label}” ({second.id})")
    if not any(_of(BY_ID[leaving], keys) for leaving in ("app.quit", "app.interrupt")):
        found.append("no key would leave the program: give one to app.quit")
    return found


def _of(command: Command, keys: Keys) -> tuple[str, ...]:
    return keys.get(command.id, command.usual_keys)


def _pairs() -> Iterator[tuple[Command, Command]]:
    """Every two commands that can be run at the same moment, once."""
    always = tuple(command for command in COMMANDS if command.priority or command.over_dialogs)
    seen: set[tuple[str, str]] = set()
    for scopes in ACTIVE_TOGETHER:
        together = {command.id: command for command in (*in_scopes(scopes), *always)}
        for pair in combinations(together.values(), 2):
            ident = (pair[0].id, pair[1].id)
            if ident not in seen and ident[::-1] not in seen:
                seen.add(ident)
                yield pair


def install(preset: str, wanted: Mapping[str, Sequence[str]]) -> list[str]:
    """Give the commands these keys. Return the clashes: where there are any, only the preset's keys are given.

    Mistakes in `wanted` are `keys_for`'s to tell; what is wrong is left out.
    """
    keys, _ = keys_for(preset, wanted)
    if clashing := clashes(keys):
        keys, _ = keys_for(preset, {})
    set_live_keys(keys)
    return clashing
