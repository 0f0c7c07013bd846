"""What became of a message."""

from contacts_tui.commands.command import Command, Scope

COMMANDS: tuple[Command, ...] = (
    Command(
        "details.retry",
        "r",
        "retry",
        "try again",
        "Tries the message again; asks first when it may have gone out already.",
        Scope.DETAILS,
        footer=2,
    ),
    Command(
        "details.arrived",
        "a",
        "arrived",
        "it arrived",
        "Marks a message of which nobody knows whether it went out as arrived; asks first.",
        Scope.DETAILS,
        footer=3,
    ),
    Command(
        "details.instead",
        "w",
        "instead",
        "write elsewhere",
        "Puts the text of a failed message into the composer of the first channel offered; nothing is sent.",
        Scope.DETAILS,
        footer=4,
    ),
    Command("details.sms", "1", "instead('sms')", "by SMS", "Writes it by SMS instead.", Scope.DETAILS),
    Command(
        "details.whatsapp", "2", "instead('whatsapp')", "on WhatsApp", "Writes it on WhatsApp instead.", Scope.DETAILS
    ),
    Command(
        "details.telegram", "3", "instead('telegram')", "on Telegram", "Writes it on Telegram instead.", Scope.DETAILS
    ),
    Command(
        "details.messenger",
        "4",
        "instead('messenger')",
        "on Messenger",
        "Writes it on Messenger instead.",
        Scope.DETAILS,
    ),
    Command(
        "details.undo",
        "U",
        "undo_arrived",
        "take it back",
        "Takes back that the message arrived, as long as nothing but your word says so.",
        Scope.DETAILS,
        footer=3,
    ),
    Command("details.down", "down,j", "scroll(1)", "down", "Scrolls down.", Scope.DETAILS),
    Command("details.up", "up,k", "scroll(-1)", "up", "Scrolls up.", Scope.DETAILS),
    Command("details.back", "escape,q,v", "back", "back", "Goes back to the thread.", Scope.DETAILS, footer=1),
)
