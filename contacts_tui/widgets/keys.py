"""From the registry of commands to Textual's bindings, and back to what applies now."""

from textual.binding import ActiveBinding, Binding, BindingType
from textual.screen import Screen

from contacts_tui.commands import BY_ID, Scope, in_scopes


def bindings(*scopes: Scope) -> list[BindingType]:
    """The bindings of a screen or widget, from the registry: `BINDINGS = bindings(Scope.PEOPLE)`."""
    return [
        Binding(
            command.keys,
            command.action,
            command.label,
            show=command.footer > 0,
            tooltip=command.help,
            id=command.id,
            priority=command.priority,
        )
        for command in in_scopes(scopes)
        if command.keys
    ]


def working_now(screen: Screen[object]) -> dict[str, ActiveBinding]:
    """By command id, the first binding that would run now: Textual leaves out what is refused or typed into a field."""
    working: dict[str, ActiveBinding] = {}
    for active in screen.active_bindings.values():
        command_id = active.binding.id
        if command_id in BY_ID and active.enabled:
            working.setdefault(command_id, active)
    return working
