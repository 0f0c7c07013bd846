"""Canned replies: choosing one, and writing one."""

from contacts_tui.commands.command import Command, Scope

COMMANDS: tuple[Command, ...] = (
    Command("replies.edit", "ctrl+e", "edit", "edit", "Change the reply under the cursor.", Scope.REPLIES, footer=3),
    Command("replies.new", "ctrl+n", "new", "new", "Write a new reply.", Scope.REPLIES, footer=4),
    Command(
        "replies.remove", "ctrl+x", "remove", "remove", "Remove the reply under the cursor (asks first).", Scope.REPLIES
    ),
    Command("reply.save", "ctrl+s", "save", "save", "Keep the reply.", Scope.REPLY, footer=1),
    Command("reply.back", "escape", "back", "back", "Go back; the reply stays as it was.", Scope.REPLY, footer=2),
    Command("reply.next", "tab", "next_field", "fields", "Go to the other field.", Scope.REPLY, footer=3),
    Command(
        "reply.share",
        "ctrl+t",
        "share",
        "share",
        "Let everybody on this store have it, or only you.",
        Scope.REPLY,
        footer=4,
    ),
    Command("reply.line", "enter,alt+enter,ctrl+j", "line", "line", "Start a new line.", Scope.REPLY),
)
