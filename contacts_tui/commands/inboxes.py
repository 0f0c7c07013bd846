"""The inboxes, and the form by which one is connected."""

from contacts_tui.commands.command import Command, Scope
from contacts_tui.commands.movement import movement

COMMANDS: tuple[Command, ...] = (
    Command(
        "inboxes.check",
        "c",
        "screen.check",
        "check",
        "Ask the provider whether the inbox's credential and address are good.",
        Scope.INBOXES,
        footer=4,
    ),
    Command("inboxes.connect", "a", "screen.connect", "connect", "Connect an inbox.", Scope.INBOXES, footer=5),
    Command(
        "inboxes.change",
        "enter,e",
        "screen.change",
        "change",
        "Change the inbox's settings, or reconnect a disconnected one.",
        Scope.INBOXES,
        footer=1,
    ),
    Command(
        "inboxes.disconnect",
        "d",
        "screen.disconnect",
        "disconnect",
        "Disconnect the inbox (asks first): its threads stay readable, nothing more is sent or received.",
        Scope.INBOXES,
        footer=6,
    ),
    Command(
        "inboxes.acknowledge",
        "n",
        "screen.acknowledge",
        "acknowledge",
        "Acknowledge lost messages, so that the inbox counts as live again.",
        Scope.INBOXES,
        footer=1,
    ),
    Command(
        "inboxes.more",
        "space",
        "screen.more",
        "more",
        "Scroll through the inbox's details, and back to the top.",
        Scope.INBOXES,
        footer=3,
    ),
    Command("inboxes.back", "escape,q", "screen.back", "back", "Go back to People.", Scope.INBOXES, footer=2),
    *movement(
        Scope.INBOXES,
        {
            "down": "Go to the next inbox.",
            "up": "Go to the previous inbox.",
            "page_down": "Move one page down.",
            "page_up": "Move one page up.",
            "first": "Go to the first inbox.",
            "last": "Go to the last inbox.",
        },
    ),
    Command(
        "inbox_form.done",
        "ctrl+s",
        "done",
        "check and save",
        "Ask the provider whether it is right, and save it if it is.",
        Scope.INBOX_FORM,
        footer=1,
    ),
    Command(
        "inbox_form.anyway",
        "ctrl+o",
        "anyway",
        "save anyway",
        "Save it although the provider doesn't confirm it.",
        Scope.INBOX_FORM,
        footer=3,
    ),
)
