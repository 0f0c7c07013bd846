"""Merging two contacts, choosing the other one, and the journal of merges."""

from contacts_tui.commands.command import Command, Scope
from contacts_tui.commands.movement import movement

COMMANDS: tuple[Command, ...] = (
    Command(
        "candidates.stranger",
        "ctrl+n",
        "stranger",
        "not the same",
        "Mark these two as not the same person, so that they are no longer suggested.",
        Scope.CANDIDATES,
        footer=3,
    ),
    Command("candidates.undo", "u,alt+u", "undo", "undo", "Undo what you did last.", Scope.CANDIDATES, footer=4),
    Command("merge.confirm", "enter", "confirm", "merge", "Merge the two contacts.", Scope.MERGE, footer=1),
    Command("merge.keep", "left,h", "take('keep')", "left", "Keep the value on the left.", Scope.MERGE, footer=6),
    Command(
        "merge.other",
        "right,l",
        "take('other')",
        "right",
        "Keep the value on the right.",
        Scope.MERGE,
        footer=7,
    ),
    Command("merge.next", "space", "next", "next", "Pick the next choice: one side, or both.", Scope.MERGE, footer=4),
    Command(
        "merge.swap",
        "x",
        "swap",
        "swap",
        "Swap which contact stays and which is merged into it.",
        Scope.MERGE,
        footer=3,
    ),
    Command(
        "merge.stranger",
        "n",
        "stranger",
        "not the same",
        "Mark these two as not the same person, and leave both as they are.",
        Scope.MERGE,
        footer=5,
    ),
    Command("merge.back", "escape,q", "back", "back", "Leave both as they are.", Scope.MERGE, footer=2),
    *movement(
        Scope.MERGE,
        {
            "down": "Go to the next field.",
            "up": "Go to the previous field.",
            "page_down": "Scroll long values down.",
            "page_up": "Scroll long values up.",
        },
    ),
    Command("merges.undo", "u", "undo", "undo", "Undo the one under the cursor.", Scope.MERGES, footer=1),
    Command("merges.back", "q,M", "back", "back", "Go back.", Scope.MERGES),
)
