"""The keys that agents give to commands: presets, rebound keys, and clashes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from contacts_tui.commands.command import ACTIVE_TOGETHER, TYPING, Command, set_live_keys
from contacts_tui.commands.key_names import KeyFault, key_named, key_word, types
from contacts_tui.commands.movement import KEYS
from contacts_tui.commands.registry import BY_ID, COMMANDS, in_scopes

MOVE = "move."
"""The prefix of a movement's name that makes an id for this movement on every screen: `move.down`."""

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
"""Sets of keys by name: the ids whose keys differ from the usual ones, with these keys."""

Keys = Mapping[str, tuple[str, ...]]
"""Keys by command id, by Textual's names."""


@dataclass(frozen=True, slots=True)
class KeyMistake:
    """A mistake in the configured keys."""

    id: str
    """The id that the keys were given to, as it was written."""
    sentence: str
    """What is wrong and what to write."""


def ids() -> tuple[str, ...]:
    """Return every id that keys can be given to: commands, and movements with MOVE before them."""
    return (*BY_ID, *(f"{MOVE}{name}" for name in KEYS))


def keys_for(preset: str, wanted: Mapping[str, Sequence[str]]) -> tuple[Keys, list[KeyMistake]]:
    """Return the keys of every command that has other than its usual ones, and the mistakes in `wanted`.

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
    """Return a command's keys from the first source that has its id or, failing that, its movement; else None.

    Of a movement's keys, those that type are left out where text is typed; without any other, the next source counts.
    """
    for source in sources:
        if command.id in source:
            return source[command.id]
        keys = source.get(f"{MOVE}{command.movement}")
        if command.movement and keys is not None:
            fit = tuple(key for key in keys if not (command.scope in TYPING and types(key)))
            if fit or not keys:
                return fit
    return None


def _read(command_id: str, texts: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Return the keys by Textual's names, and sentences on what is wrong with them or with the id."""
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
    """Return a sentence for every two commands that would share keys while both work; and one if no key would quit.

    Commands that share a usual key by design (down in the views, and in the list beside them) may share any.
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
    """Yield every two commands that can be run at the same moment, once."""
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

    What is wrong in `wanted` is left out; `keys_for` returns these mistakes.
    """
    keys, _ = keys_for(preset, wanted)
    if clashing := clashes(keys):
        keys, _ = keys_for(preset, {})
    set_live_keys(keys)
    return clashing
