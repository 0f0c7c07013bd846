"""A command, the scope it applies in, and the keys that it has now."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from contacts_tui.commands.key_names import key_word, types


class Scope(StrEnum):
    """Where a command applies. A screen or widget binds the commands of its scopes."""

    APP = "app"
    PEOPLE = "people"
    NAVIGATION = "navigation"
    FILTER = "filter"
    SAVE_VIEW = "save_view"
    CONTACT = "contact"
    CARD = "card"
    MESSAGING = "messaging"
    THREAD = "thread"
    COMPOSER = "composer"
    CLOSED = "closed"
    TEMPLATES = "templates"
    PICKER = "picker"
    DETAILS = "details"
    INBOXES = "inboxes"
    FORM = "form"
    INBOX_FORM = "inbox_form"
    TARGET_FORM = "target_form"
    PERSON_FORM = "person"
    PERSON_LINE = "person_line"
    QUESTION = "question"
    SNOOZE = "snooze"
    SCHEDULE = "schedule"
    SCHEDULED = "scheduled"
    SCHEDULED_TEXT = "scheduled_text"
    NOTE = "note"
    REPLIES = "replies"
    REPLY = "reply"
    PIPE = "pipe"
    PIPED = "piped"
    CANDIDATES = "candidates"
    MERGE = "merge"
    MERGES = "merges"
    ATTACH = "attach"
    SAVE = "save"
    FORGET = "forget"
    IMPORT_FILE = "import_file"
    IMPORT = "import"
    IMPORTING = "importing"
    TODAY = "today"
    JUMP = "jump"
    HELP = "help"

    @property
    def label(self) -> str:
        """The heading over its commands."""
        return _SCOPE_LABELS[self]


_SCOPE_LABELS = {
    Scope.APP: "Everywhere",
    Scope.PEOPLE: "People",
    Scope.NAVIGATION: "Views, to the left of People",
    Scope.FILTER: "The search field of People",
    Scope.SAVE_VIEW: "Saving a view",
    Scope.CONTACT: "A contact",
    Scope.CARD: "The lines of a contact's card",
    Scope.MESSAGING: "The messaging section of a contact",
    Scope.THREAD: "The thread of a contact",
    Scope.COMPOSER: "Writing a message",
    Scope.CLOSED: "Where a channel is closed, in the composer's place",
    Scope.TEMPLATES: "Select Template",
    Scope.PICKER: "Lists to choose from",
    Scope.DETAILS: "Attempts of a message",
    Scope.INBOXES: "Inboxes",
    Scope.FORM: "Forms",
    Scope.PERSON_FORM: "Adding or editing a person",
    Scope.PERSON_LINE: "A line of the card while it is edited",
    Scope.INBOX_FORM: "Connecting or changing an inbox",
    Scope.TARGET_FORM: "How soon an inbox answers",
    Scope.QUESTION: "Questions",
    Scope.SNOOZE: "Snoozing",
    Scope.SCHEDULE: "Choosing when to send",
    Scope.SCHEDULED: "Scheduled messages",
    Scope.SCHEDULED_TEXT: "Changing a scheduled text",
    Scope.NOTE: "Writing a private note",
    Scope.REPLIES: "Canned replies",
    Scope.REPLY: "Writing a canned reply",
    Scope.PIPE: "Choosing a command of your own",
    Scope.PIPED: "What a command of your own wrote",
    Scope.CANDIDATES: "Choosing a contact to merge",
    Scope.MERGE: "Merging two contacts",
    Scope.MERGES: "The journal of merges",
    Scope.ATTACH: "Attaching a file",
    Scope.SAVE: "Saving a file",
    Scope.FORGET: "Forgetting a person",
    Scope.IMPORT_FILE: "Choosing a file to import",
    Scope.IMPORT: "What an import would bring",
    Scope.IMPORTING: "While an import runs",
    Scope.TODAY: "Today",
    Scope.JUMP: "Jumping",
    Scope.HELP: "Help",
}

TYPING = frozenset(
    {
        Scope.FILTER,
        Scope.SAVE_VIEW,
        Scope.COMPOSER,
        Scope.CLOSED,
        Scope.TEMPLATES,
        Scope.FORM,
        Scope.INBOX_FORM,
        Scope.TARGET_FORM,
        Scope.PERSON_FORM,
        Scope.PERSON_LINE,
        Scope.CANDIDATES,
        Scope.NOTE,
        Scope.SCHEDULED_TEXT,
        Scope.REPLIES,
        Scope.REPLY,
        Scope.PIPE,
        Scope.ATTACH,
        Scope.SAVE,
        Scope.FORGET,
        Scope.IMPORT_FILE,
        Scope.JUMP,
    }
)
"""Where letters are typed: a command there needs a key that types none."""

ACTIVE_TOGETHER = (
    (Scope.NAVIGATION, Scope.PEOPLE, Scope.APP),
    (Scope.FILTER, Scope.PEOPLE, Scope.APP),
    (Scope.SAVE_VIEW,),
    (Scope.CARD, Scope.CONTACT, Scope.APP),
    (Scope.MESSAGING, Scope.CONTACT, Scope.APP),
    (Scope.THREAD, Scope.CONTACT, Scope.APP),
    (Scope.COMPOSER, Scope.CONTACT, Scope.APP),
    (Scope.CLOSED, Scope.CONTACT, Scope.APP),
    (Scope.INBOXES, Scope.APP),
    (Scope.TODAY, Scope.APP),
    (Scope.MERGE, Scope.APP),
    (Scope.TEMPLATES, Scope.PICKER),
    (Scope.CANDIDATES, Scope.PICKER),
    (Scope.MERGES, Scope.PICKER),
    (Scope.SNOOZE, Scope.PICKER),
    (Scope.SCHEDULE, Scope.PICKER),
    (Scope.SCHEDULED, Scope.PICKER),
    (Scope.SCHEDULED_TEXT,),
    (Scope.DETAILS,),
    (Scope.INBOX_FORM, Scope.FORM),
    (Scope.TARGET_FORM, Scope.FORM),
    (Scope.PERSON_FORM, Scope.FORM),
    (Scope.PERSON_LINE,),
    (Scope.QUESTION,),
    (Scope.NOTE,),
    (Scope.REPLIES, Scope.PICKER),
    (Scope.REPLY,),
    (Scope.PIPE, Scope.PICKER),
    (Scope.PIPED,),
    (Scope.ATTACH,),
    (Scope.SAVE,),
    (Scope.FORGET,),
    (Scope.IMPORT_FILE,),
    (Scope.IMPORT, Scope.APP),
    (Scope.IMPORTING,),
    (Scope.JUMP,),
    (Scope.HELP,),
)
"""The scopes whose commands can be run at the same moment, the one with the focus first. Over a dialog only commands
with `over_dialogs` or `priority` work besides its own."""

_live: dict[str, tuple[str, ...]] = {}
"""The keys of commands that were rebound, by their ids."""


def set_live_keys(keys: Mapping[str, tuple[str, ...]]) -> None:
    """Give commands these keys from now on; those that are not named get their usual ones."""
    _live.clear()
    _live.update(keys)


class Command(NamedTuple):
    """Something the agent can do with a key."""

    id: str
    """Unique, dotted: `people.open`. Users rebind by it."""
    usual: str
    """The keys it has unless it is rebound, by Textual's names, comma-separated. Empty: only in the palette."""
    action: str
    """The Textual action that it runs on the screen or widget that binds it."""
    label: str
    """One or two words for the footer."""
    help: str
    """One sentence for the palette and the help screen."""
    scope: Scope
    footer: int = 0
    """Rank in the footer; 0 keeps it out. 1 confirms or opens, 2 ends: these two are never cut."""
    priority: bool = False
    """Whether it works even while a text field has the focus."""
    over_dialogs: bool = False
    """Whether it works over every dialog, too."""
    movement: str = ""
    """Which movement it is, such as "down"; empty for any other command."""

    @property
    def usual_keys(self) -> tuple[str, ...]:
        """The keys it has unless it is rebound, by Textual's names."""
        return tuple(key for key in self.usual.split(",") if key)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys it has now, by Textual's names; the first one is shown. Without any, it runs from the palette."""
        return _live.get(self.id, self.usual_keys)

    @property
    def key_words(self) -> tuple[str, ...]:
        """The keys it has now, as they are written for people."""
        return tuple(key_word(key) for key in self.keys)

    @property
    def typing_key(self) -> str:
        """The first key that types nothing, as it is written for people; else the first key; empty without any."""
        return key_word(next((key for key in self.keys if not types(key)), self.keys[0] if self.keys else ""))
