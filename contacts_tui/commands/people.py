"""People, with the views on its left."""

from contacts_tui.commands.command import Command, Scope
from contacts_tui.commands.movement import movement

_VIEWS = (
    ("waiting", "w", "Waiting", "List who waits for an answer, the most urgent first."),
    ("closing", "c", "Closing soon", "List people whose window closes soon, the soonest first."),
    ("mine", "y", "Mine", "List the open people assigned to you, the most urgent first."),
    ("unassigned", "b", "Unassigned", "List open people assigned to nobody, the most urgent first."),
    ("unread", "r", "Unread", "List people with unread messages."),
    ("snoozed", "s", "Snoozed", "List who is snoozed, those who wake first at the top."),
    ("failed", "f", "Failed or unknown", "List people whose last message failed, or may have."),
    ("closed", "d", "Closed", "List who is closed."),
    ("all", "p", "All people", "List everyone."),
)
"""The last part of the id, the key, the name and the help of each built-in view's command."""


VIEW_COMMANDS = {name: f"people.{ident}" for ident, _, name, _ in _VIEWS}
"""The id of the command that opens a built-in view, by the view's name."""


def views() -> tuple[Command, ...]:
    """Return the command of each built-in view."""
    return tuple(
        Command(f"people.{ident}", key, f"view('{name}')", name.lower(), sentence, Scope.PEOPLE)
        for ident, key, name, sentence in _VIEWS
    )


COMMANDS: tuple[Command, ...] = (
    Command("people.open", "enter", "open", "open", "Open the chosen person.", Scope.PEOPLE, footer=1),
    Command(
        "people.find",
        "slash",
        "find",
        "find",
        "Search by name, number, email, or words they said; or by a filter such as tag:vip waiting>30m.",
        Scope.PEOPLE,
        footer=4,
    ),
    Command(
        "people.back",
        "escape",
        "back",
        "back",
        "Clear the selection, then the search, then go back to the first view.",
        Scope.PEOPLE,
        footer=2,
    ),
    *movement(
        Scope.PEOPLE,
        {
            "down": "Move to the next person.",
            "up": "Move to the previous person.",
            "page_down": "Move one page down.",
            "page_up": "Move one page up.",
            "first": "Go to the first person.",
            "last": "Go to the last person.",
        },
    ),
    *views(),
    Command(
        "people.views",
        "tab",
        "views",
        "views",
        "Go to the views on the left and back; show them in a narrow terminal.",
        Scope.PEOPLE,
        footer=7,
    ),
    Command(
        "people.order",
        "o",
        "order",
        "order",
        "Sort the list in the view's own order or by name.",
        Scope.PEOPLE,
    ),
    Command(
        "people.close",
        "e",
        "close",
        "close",
        "Close the chosen person, or who is selected (asks where nobody answered); open a closed one again.",
        Scope.PEOPLE,
        footer=5,
    ),
    Command(
        "people.snooze",
        "z",
        "snooze",
        "snooze",
        "Snooze the chosen person, or who is selected, until a time or until they write.",
        Scope.PEOPLE,
        footer=6,
    ),
    Command(
        "people.assign_me",
        "a",
        "assign_me",
        "assign to me",
        "Assign the chosen person, or who is selected, to you; asks before you take over from another agent.",
        Scope.PEOPLE,
        footer=9,
    ),
    Command(
        "people.assign",
        "A",
        "assign",
        "assign",
        "Assign the chosen person, or who is selected, to an agent or to nobody.",
        Scope.PEOPLE,
    ),
    Command(
        "people.tag", "T", "tag", "tag", "Tag the chosen person, or who is selected; or remove a tag.", Scope.PEOPLE
    ),
    Command(
        "people.mark",
        "N",
        "mark",
        "mark unread",
        "Mark the chosen person, or who is selected, as unread; who is unread, as read.",
        Scope.PEOPLE,
    ),
    Command(
        "people.repeat",
        "full_stop",
        "repeat",
        "repeat",
        "Do again with the chosen person, or who is selected, what you did last: close, snooze, assign or tag.",
        Scope.PEOPLE,
    ),
    Command(
        "people.edit",
        "E",
        "edit",
        "edit",
        "Edit the chosen person: name, numbers, emails, tags, notes and all that is known of them.",
        Scope.PEOPLE,
    ),
    Command(
        "people.export",
        "",
        "export",
        "export",
        "Export the people of this list as CSV, vCard or JSON lines.",
        Scope.PEOPLE,
    ),
    Command(
        "people.export_person",
        "",
        "export_person",
        "export person",
        "Export all about the chosen person into a new folder: messages, notes, journal and files.",
        Scope.PEOPLE,
    ),
    Command(
        "people.forget",
        "",
        "forget",
        "forget",
        "Forget the chosen person for good (asks first, there is no undo).",
        Scope.PEOPLE,
    ),
    Command("people.new", "n", "new_person", "new person", "Add a person.", Scope.PEOPLE, footer=11),
    Command(
        "people.select_stretch",
        "v",
        "select_stretch",
        "select a range",
        "Select from here to wherever the cursor goes; again, end the range and keep it.",
        Scope.PEOPLE,
    ),
    Command(
        "people.select",
        "x",
        "select",
        "select",
        "Select the chosen person, or take them out of the selection, and go to the next.",
        Scope.PEOPLE,
    ),
    Command("people.select_all", "asterisk", "select_all", "select all", "Select everybody in the list.", Scope.PEOPLE),
    Command(
        "people.count",
        "1,2,3,4,5,6,7,8,9",
        "count",
        "count",
        "Type a number before a movement: 5, then down, goes down by five.",
        Scope.PEOPLE,
    ),
    Command(
        "people.save_view",
        "ctrl+s",
        "save_view",
        "save view",
        "Save the filter that is typed, or that of the view, as a view with a name and a key.",
        Scope.PEOPLE,
        footer=10,
    ),
    Command(
        "people.remove_view",
        "X",
        "remove_view",
        "remove view",
        "Remove the saved view that is listed; nobody in it changes.",
        Scope.PEOPLE,
    ),
    Command(
        "people.inboxes",
        "i",
        "inboxes",
        "inboxes",
        "Show your senders and their health; connect, check or disconnect one.",
        Scope.PEOPLE,
        footer=8,
    ),
    Command(
        "people.scheduled",
        "L",
        "scheduled",
        "scheduled",
        "List what is to be sent later, to anybody, to change or cancel it.",
        Scope.PEOPLE,
    ),
    Command(
        "people.import",
        "I",
        "import_people",
        "import",
        "Import people from a CSV file, vCards or JSON lines, after a preview.",
        Scope.PEOPLE,
    ),
    Command(
        "people.today",
        "t",
        "today",
        "today",
        "Show who was answered and how soon, what came in by the hour, and who waits; of a day or a week.",
        Scope.PEOPLE,
        footer=11,
    ),
    Command("people.merge", "m", "merge", "merge", "Merge the chosen person with a duplicate.", Scope.PEOPLE),
    Command(
        "people.duplicates",
        "D",
        "duplicates",
        "duplicates",
        "List possible duplicates: the same email, or the same number in another spelling.",
        Scope.PEOPLE,
    ),
    Command(
        "people.merges", "M", "merges", "merges", "List what was merged, linked and moved, to undo it.", Scope.PEOPLE
    ),
    Command(
        "people.undo",
        "u",
        "undo",
        "undo",
        "Undo what you did last; again, what you did before that.",
        Scope.PEOPLE,
        footer=3,
    ),
    Command(
        "people.urgent",
        "exclamation_mark,ctrl+t",
        "urgent",
        "most urgent",
        "Open the person who runs out of time first.",
        Scope.PEOPLE,
        footer=5,
    ),
    Command("people.quit", "q", "leave", "quit", "Quit the program (asks first).", Scope.PEOPLE, footer=80),
    *movement(
        Scope.NAVIGATION,
        {
            "down": "Go to the next view.",
            "up": "Go to the previous view.",
        },
    ),
    Command(
        "filter.complete",
        "tab",
        "complete",
        "complete",
        "Complete the last word of the filter, as the line under the field says.",
        Scope.FILTER,
        footer=3,
    ),
    Command("save_view.choose", "enter", "choose", "save", "Save the view.", Scope.SAVE_VIEW, footer=1),
    Command("save_view.back", "escape", "back", "back", "Go back without saving.", Scope.SAVE_VIEW, footer=2),
    Command(
        "save_view.turn", "tab,up,down", "turn", "other field", "Go to the other field.", Scope.SAVE_VIEW, footer=3
    ),
    Command(
        "navigation.choose",
        "enter",
        "choose",
        "list",
        "Go to the list of this view.",
        Scope.NAVIGATION,
        footer=1,
    ),
)
