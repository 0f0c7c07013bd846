"""A command, the scope it applies in, and how its keys are written."""

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """Where a command applies. A screen or widget binds the commands of its scopes."""

    APP = "app"
    PEOPLE = "people"
    NAVIGATION = "navigation"
    CONTACT = "contact"
    MESSAGING = "messaging"
    THREAD = "thread"
    COMPOSER = "composer"
    CLOSED = "closed"
    TEMPLATES = "templates"
    PICKER = "picker"
    DETAILS = "details"
    INBOXES = "inboxes"
    INBOX_FORM = "form"
    QUESTION = "question"
    CANDIDATES = "candidates"
    MERGE = "merge"
    MERGES = "merges"
    ATTACH = "attach"
    SAVE = "save"
    HELP = "help"

    @property
    def label(self) -> str:
        """The heading over its commands."""
        return _SCOPE_LABELS[self]


_SCOPE_LABELS = {
    Scope.APP: "Everywhere",
    Scope.PEOPLE: "People",
    Scope.NAVIGATION: "Places, to the left of People",
    Scope.CONTACT: "A contact",
    Scope.MESSAGING: "The messaging section of a contact",
    Scope.THREAD: "The thread of a contact",
    Scope.COMPOSER: "Writing a message",
    Scope.CLOSED: "Where a channel is closed, in the composer's place",
    Scope.TEMPLATES: "Select Template",
    Scope.PICKER: "Lists to choose from",
    Scope.DETAILS: "Attempts of a message",
    Scope.INBOXES: "Inboxes",
    Scope.INBOX_FORM: "Connecting or changing an inbox",
    Scope.QUESTION: "Questions",
    Scope.CANDIDATES: "Choosing a contact to merge",
    Scope.MERGE: "Merging two contacts",
    Scope.MERGES: "The journal of merges",
    Scope.ATTACH: "Attaching a file",
    Scope.SAVE: "Saving a file",
    Scope.HELP: "Help",
}


@dataclass(frozen=True, slots=True)
class Command:
    """Something the agent can do with a key."""

    id: str
    """Unique, dotted: `people.open`. Users rebind by it."""
    keys: str
    """Textual key names, comma-separated, the first one shown. Empty: only in the palette."""
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

    @property
    def key_words(self) -> tuple[str, ...]:
        """Its keys as they are written for people."""
        return tuple(key_word(key) for key in self.keys.split(",") if key)


_KEY_WORDS = {
    "enter": "⏎",
    "escape": "esc",
    "question_mark": "?",
    "slash": "/",
    "colon": ":",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "full_stop": ".",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}
"""Names that Textual gives to keys, where people write something shorter."""


def key_word(key: str) -> str:
    """A key as it is written for people: `alt+enter` is "alt+⏎"."""
    *modifiers, last = key.strip().split("+")
    return "+".join([*modifiers, _KEY_WORDS.get(last, last)])


def types(key: str) -> bool:
    """Whether a key of Textual's name types a character into a text field."""
    return "+" not in key and (len(key) == 1 or key in _TYPED)


_TYPED = frozenset(
    {"question_mark", "slash", "colon", "left_square_bracket", "right_square_bracket", "full_stop", "space"}
)
"""Keys with a longer name that type a character."""
