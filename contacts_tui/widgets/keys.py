"""Textual's bindings from the registry of commands, and which commands apply now."""

from collections.abc import Iterator
from typing import Any

from textual.binding import ActiveBinding, Binding, BindingType
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget

from contacts_tui.commands import BY_ID, COMMANDS, Command, Scope, in_scopes


def bindings(*scopes: Scope) -> list[BindingType]:
    """Return the bindings of a screen or widget, from the registry: `BINDINGS = bindings(Scope.PEOPLE)`."""
    return [_binding(command) for command in in_scopes(scopes)]


def dialog_bindings() -> list[BindingType]:
    """Return the bindings that every dialog has besides its own, since those of the app aren't reached from it."""
    return [_binding(command) for command in COMMANDS if command.over_dialogs]


def _binding(command: Command) -> Binding:
    """Return a command's binding; where it has no key, to one no terminal sends: so the palette finds where it runs."""
    return Binding(
        ",".join(command.keys) or f"<{command.id}>",
        command.action,
        command.label,
        show=command.footer > 0,
        tooltip=command.help,
        id=command.id,
        priority=command.priority,
    )


def take_live_keys() -> None:
    """Give the present keys to the screen and widget classes loaded so far. Those loaded later have them anyway.

    What is on the screen already keeps its keys.
    """
    for kind in _below(DOMNode):
        if "BINDINGS" in kind.__dict__:
            kind.BINDINGS = [
                _binding(BY_ID[bound.id]) if isinstance(bound, Binding) and bound.id in BY_ID else bound
                for bound in kind.BINDINGS
            ]
        kind._merged_bindings = kind._merge_bindings()


def _below(kind: type[DOMNode]) -> Iterator[type[DOMNode]]:
    """Yield a class, and then those that inherit from it."""
    yield kind
    for below in kind.__subclasses__():
        yield from _below(below)


def give_way(field: Widget, *scopes: Scope) -> None:
    """Take from a text field the editing keys that commands of these scopes and of the app have.

    Movements stay the field's, and so do its keys that copy: `app.interrupt` does nothing in a field.
    """
    kept = {"app.interrupt", "form.turn", "form.turn_back"}
    ours = [each for each in in_scopes((*scopes, Scope.APP)) if not each.movement and each.id not in kept]
    taken = {key for command in ours for key in command.keys}
    # The order is kept: of several keys of a command, the first one is shown.
    field._bindings.key_to_bindings = {
        key: still
        for key, bound in field._bindings.key_to_bindings.items()
        if (still := [binding for binding in bound if key not in taken or binding.id in BY_ID])
    }


def working_now(screen: Screen[Any]) -> dict[str, ActiveBinding]:
    """Return, by command id, the binding of its first key that would run it now.

    Textual leaves out commands that are refused, and keys that are typed into a field.
    """
    working: dict[str, ActiveBinding] = {}
    for active in screen.active_bindings.values():
        command_id = active.binding.id
        if command_id not in BY_ID or not active.enabled:
            continue
        former = working.get(command_id)
        if former is None or _rank(active) < _rank(former):
            working[command_id] = active
    return working


def _rank(active: ActiveBinding) -> int:
    """Return the place of a binding's key among those of its command; after them all for another key."""
    keys = BY_ID[active.binding.id or ""].keys
    return keys.index(active.binding.key) if active.binding.key in keys else len(keys)


def scopes_at(screen: Screen[Any]) -> tuple[Scope, ...]:
    """Return the scopes of the commands of the focused widget and of those around it, the innermost first."""
    inner = [] if screen.focused is None else screen.focused.ancestors_with_self
    ids = (binding.id or "" for node in inner if node is not screen for _, binding in node._bindings)
    return tuple(dict.fromkeys(BY_ID[each].scope for each in ids if each in BY_ID and BY_ID[each].scope != Scope.APP))


def runnable(screen: Screen[Any]) -> dict[str, DOMNode]:
    """Return, by command id, the node on which it can be run now by name, even if its key is typed into a field."""
    focused = screen.focused
    chain: list[DOMNode] = [*(screen.ancestors_with_self if focused is None else focused.ancestors_with_self)]
    found: dict[str, DOMNode] = {}
    for node in chain:
        for _, binding in node._bindings:
            command = BY_ID.get(binding.id or "")
            if command is not None and screen.app._check_action_state(command.action, node):
                found.setdefault(command.id, node)
        if node is screen and screen.is_modal:
            break
    return found
