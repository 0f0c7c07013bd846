"""The attempts of a message and its outcome."""

from contacts_tui.commands.command import Command, Scope
from contacts_tui.commands.movement import movement

COMMANDS: tuple[Command, ...] = (
    Command(
        "details.retry",
        "r",
        "retry",
        "retry",
        "Retry the message; resend it if it may have been sent (asks first).",
        Scope.DETAILS,
        footer=2,
    ),
    Command(
        "details.arrived",
        "x",
        "arrived",
        "mark as sent",
        "Mark a message that may or may not have been sent as sent (asks first).",
        Scope.DETAILS,
        footer=3,
    ),
    Command(
        "details.instead",
        "w",
        "instead",
        "write elsewhere",
        "Put the text of a failed message into the composer of the first channel offered; nothing is sent.",
        Scope.DETAILS,
        footer=4,
    ),
    Command("details.sms", "1", "instead('sms')", "by SMS", "Write it by SMS instead.", Scope.DETAILS),
    Command(
        "details.whatsapp", "2", "instead('whatsapp')", "on WhatsApp", "Write it on WhatsApp instead.", Scope.DETAILS
    ),
    Command(
        "details.telegram", "3", "instead('telegram')", "on Telegram", "Write it on Telegram instead.", Scope.DETAILS
    ),
    Command(
        "details.messenger",
        "4",
        "instead('messenger')",
        "on Messenger",
        "Write it on Messenger instead.",
        Scope.DETAILS,
    ),
    Command(
        "details.undo",
        "u",
        "undo_arrived",
        "undo",
        "Undo “mark as sent”, as long as the provider hasn't confirmed it.",
        Scope.DETAILS,
        footer=3,
    ),
    *movement(
        Scope.DETAILS,
        {
            "down": "Scroll down.",
            "up": "Scroll up.",
        },
        move="scroll",
    ),
    Command("details.back", "escape,q,v", "back", "back", "Go back to the thread.", Scope.DETAILS, footer=1),
)
