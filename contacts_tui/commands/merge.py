"""Merging two contacts, whom to choose, and the journal."""

from contacts_tui.commands.command import Command, Scope

COMMANDS: tuple[Command, ...] = (
    Command(
        "candidates.stranger",
        "ctrl+n",
        "stranger",
        "not the same",
        "Says that these two are not the same person: they are suggested no more.",
        Scope.CANDIDATES,
        footer=3,
    ),
    Command("merge.confirm", "enter", "confirm", "merge", "Merges the two contacts.", Scope.MERGE, footer=1),
    Command("merge.keep", "left,h", "take('keep')", "left", "Takes what stands at the left.", Scope.MERGE, footer=6),
    Command(
        "merge.other",
        "right,l",
        "take('other')",
        "right",
        "Takes what stands at the right.",
        Scope.MERGE,
        footer=7,
    ),
    Command("merge.next", "space", "next", "next", "Takes the next choice: one side, or both.", Scope.MERGE, footer=4),
    Command(
        "merge.swap", "x", "swap", "swap", "Swaps which contact stays and which goes into it.", Scope.MERGE, footer=3
    ),
    Command(
        "merge.stranger",
        "n",
        "stranger",
        "not the same",
        "Says that these two are not the same person, and leaves both as they are.",
        Scope.MERGE,
        footer=5,
    ),
    Command("merge.back", "escape,q", "back", "back", "Leaves both as they are.", Scope.MERGE, footer=2),
    Command("merge.down", "down,j", "move(1)", "down", "Goes to the next field.", Scope.MERGE),
    Command("merge.up", "up,k", "move(-1)", "up", "Goes to the field before.", Scope.MERGE),
    Command("merge.page_down", "pagedown", "page(1)", "page down", "Scrolls long values down.", Scope.MERGE),
    Command("merge.page_up", "pageup", "page(-1)", "page up", "Scrolls long values up.", Scope.MERGE),
    Command("merges.undo", "U", "undo", "undo", "Undoes the one under the cursor.", Scope.MERGES, footer=1),
    Command("merges.back", "q,M", "back", "back", "Goes back.", Scope.MERGES),
)
