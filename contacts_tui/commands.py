"""The one registry of commands: bindings, footer, palette, help screen and the docs' key table come from it."""

from collections.abc import Iterable, Sequence
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
    Scope.NAVIGATION: "Places, at the left of People",
    Scope.CONTACT: "A contact",
    Scope.MESSAGING: "The messaging section of a contact",
    Scope.THREAD: "The thread of a contact",
    Scope.COMPOSER: "Writing a message",
    Scope.CLOSED: "Where nothing can be typed, in the composer's place",
    Scope.TEMPLATES: "Select Template",
    Scope.PICKER: "Lists to choose from",
    Scope.DETAILS: "What became of a message",
    Scope.INBOXES: "Inboxes",
    Scope.INBOX_FORM: "Connecting or changing an inbox",
    Scope.QUESTION: "A question before something is done",
    Scope.CANDIDATES: "Who may be the same person",
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


def keys_of(command_id: str) -> str:
    """The key that a sentence names for a command: the first of its keys."""
    return BY_ID[command_id].key_words[0]


def typing_key_of(command_id: str) -> str:
    """The key that works while a text field has the focus, too: the first that types nothing, else the first."""
    command = BY_ID[command_id]
    keys = [key.strip() for key in command.keys.split(",")]
    return key_word(next((key for key in keys if not types(key)), keys[0]))


def types(key: str) -> bool:
    """Whether a key of Textual's name types a character into a text field."""
    return "+" not in key and (len(key) == 1 or key in _TYPED)


_TYPED = frozenset(
    {"question_mark", "slash", "colon", "left_square_bracket", "right_square_bracket", "full_stop", "space"}
)
"""Keys with a longer name that type a character."""


APP_COMMANDS: tuple[Command, ...] = (
    Command(
        "app.help",
        "question_mark,f9",
        "app.help",
        "help",
        "Shows every key, beginning with those of this screen; f9 works while you type.",
        Scope.APP,
        footer=99,
    ),
    Command(
        "app.palette",
        "colon,ctrl+p",
        "app.command_palette",
        "commands",
        "Finds a command or a person by a few letters; ctrl+p works while you type.",
        Scope.APP,
        footer=90,
    ),
    Command(
        "app.theme",
        "",
        "app.change_theme",
        "theme",
        "Changes the colours, until the program ends.",
        Scope.APP,
    ),
    Command(
        "app.quit",
        "ctrl+q",
        "app.quit",
        "quit",
        "Leaves the program from any screen. What waits to be sent leaves when it runs again.",
        Scope.APP,
        priority=True,
    ),
    Command(
        "app.interrupt",
        "ctrl+c",
        "app.interrupt",
        "quit",
        "Pressed twice, leaves the program; in a text field it copies what is selected.",
        Scope.APP,
    ),
)

PEOPLE_COMMANDS: tuple[Command, ...] = (
    Command("people.open", "enter", "open", "open", "Opens the chosen person.", Scope.PEOPLE, footer=1),
    Command(
        "people.find",
        "slash",
        "find",
        "find",
        "Searches name, number, email, and words they said.",
        Scope.PEOPLE,
        footer=4,
    ),
    Command(
        "people.back",
        "escape",
        "back",
        "back",
        "Clears the search, then goes back from a place to all people.",
        Scope.PEOPLE,
        footer=2,
    ),
    Command("people.down", "down,j", "move(1)", "down", "Moves to the next person.", Scope.PEOPLE),
    Command("people.up", "up,k", "move(-1)", "up", "Moves to the person before.", Scope.PEOPLE),
    Command("people.page_down", "pagedown", "page(1)", "page down", "Moves one page down.", Scope.PEOPLE),
    Command("people.page_up", "pageup", "page(-1)", "page up", "Moves one page up.", Scope.PEOPLE),
    Command("people.first", "home,g", "edge(-1)", "first", "Goes to the first person.", Scope.PEOPLE),
    Command("people.last", "end,G", "edge(1)", "last", "Goes to the last person.", Scope.PEOPLE),
    Command("people.all", "p", "place('all')", "people", "Lists everyone.", Scope.PEOPLE),
    Command(
        "people.unread",
        "u",
        "place('unread')",
        "unread",
        "Lists people with unread messages.",
        Scope.PEOPLE,
    ),
    Command(
        "people.closing",
        "c",
        "place('closing')",
        "closing soon",
        "Lists people whose window closes soon, the first to close on top.",
        Scope.PEOPLE,
    ),
    Command(
        "people.failed",
        "f",
        "place('failed')",
        "failed",
        "Lists people to whom the last message failed, or may have.",
        Scope.PEOPLE,
    ),
    Command(
        "people.places",
        "tab",
        "places",
        "places",
        "Goes to the places at the left and back; brings them where the terminal is narrow.",
        Scope.PEOPLE,
        footer=7,
    ),
    Command(
        "people.order",
        "o",
        "order",
        "order",
        "Sorts the list by the last message or by name.",
        Scope.PEOPLE,
    ),
    Command(
        "people.mark",
        "N",
        "mark",
        "mark unread",
        "Marks the chosen person as unread, or an unread one as read.",
        Scope.PEOPLE,
    ),
    Command(
        "people.inboxes",
        "i",
        "inboxes",
        "inboxes",
        "Shows your senders: how each one is, and how to connect, check or disconnect one.",
        Scope.PEOPLE,
        footer=8,
    ),
    Command(
        "people.merge", "m", "merge", "merge", "Merges the chosen person with another contact of theirs.", Scope.PEOPLE
    ),
    Command(
        "people.duplicates",
        "D",
        "duplicates",
        "duplicates",
        "Lists who may be one person: equal emails, and numbers in another spelling.",
        Scope.PEOPLE,
    ),
    Command(
        "people.merges", "M", "merges", "merges", "Lists what was merged, linked and moved, to undo it.", Scope.PEOPLE
    ),
    Command(
        "people.undo",
        "U",
        "undo",
        "undo",
        "Undoes what you did last: a merge, a moved address, or a message marked as arrived.",
        Scope.PEOPLE,
        footer=3,
    ),
    Command("people.quit", "q", "leave", "quit", "Asks, and then leaves the program.", Scope.PEOPLE, footer=80),
)

NAVIGATION_COMMANDS: tuple[Command, ...] = (
    Command("navigation.down", "down,j", "move(1)", "down", "Goes to the next place.", Scope.NAVIGATION),
    Command("navigation.up", "up,k", "move(-1)", "up", "Goes to the place before.", Scope.NAVIGATION),
    Command(
        "navigation.choose",
        "enter",
        "choose",
        "list",
        "Goes to the list of this place.",
        Scope.NAVIGATION,
        footer=1,
    ),
)

# The screen of inboxes, its form and its question.
INBOX_COMMANDS: tuple[Command, ...] = (
    Command(
        "inboxes.check",
        "c",
        "screen.check",
        "check",
        "Asks the provider whether the inbox's credential and address are good.",
        Scope.INBOXES,
        footer=4,
    ),
    Command("inboxes.connect", "a", "screen.connect", "connect", "Connects an inbox.", Scope.INBOXES, footer=5),
    Command(
        "inboxes.change",
        "enter,e",
        "screen.change",
        "change",
        "Changes how the inbox is set up, or connects a disconnected one again.",
        Scope.INBOXES,
        footer=1,
    ),
    Command(
        "inboxes.disconnect",
        "d",
        "screen.disconnect",
        "disconnect",
        "Asks, and then puts the inbox aside: its threads stay readable, nothing more is sent or received.",
        Scope.INBOXES,
        footer=6,
    ),
    Command(
        "inboxes.acknowledge",
        "n",
        "screen.acknowledge",
        "take note",
        "Takes note of messages that are lost, so that the inbox counts as live again.",
        Scope.INBOXES,
        footer=1,
    ),
    Command(
        "inboxes.more",
        "space",
        "screen.more",
        "more",
        "Scrolls on in what is known of the inbox, and back to the top.",
        Scope.INBOXES,
        footer=3,
    ),
    Command("inboxes.back", "escape,q", "screen.back", "back", "Goes back to People.", Scope.INBOXES, footer=2),
    Command("inboxes.down", "down,j", "move(1)", "down", "Goes to the next inbox.", Scope.INBOXES),
    Command("inboxes.up", "up,k", "move(-1)", "up", "Goes to the inbox before.", Scope.INBOXES),
    Command("inboxes.page_down", "pagedown", "page(1)", "page down", "Moves one page down.", Scope.INBOXES),
    Command("inboxes.page_up", "pageup", "page(-1)", "page up", "Moves one page up.", Scope.INBOXES),
    Command("inboxes.first", "home,g", "edge(-1)", "first", "Goes to the first inbox.", Scope.INBOXES),
    Command("inboxes.last", "end,G", "edge(1)", "last", "Goes to the last inbox.", Scope.INBOXES),
    Command(
        "form.done",
        "ctrl+s",
        "done",
        "check and store",
        "Asks the provider whether it is right, and stores it when it is.",
        Scope.INBOX_FORM,
        footer=1,
    ),
    Command(
        "form.anyway",
        "ctrl+o",
        "anyway",
        "store it all the same",
        "Stores it although the provider doesn't confirm it.",
        Scope.INBOX_FORM,
        footer=3,
    ),
    Command(
        "form.next", "tab,down,enter", "go(1)", "next field", "Goes to the next field.", Scope.INBOX_FORM, footer=4
    ),
    Command("form.previous", "shift+tab,up", "go(-1)", "field before", "Goes to the field before.", Scope.INBOX_FORM),
    Command(
        "form.turn",
        "space,right",
        "turn(1)",
        "other choice",
        "Takes the next choice, in a field that has choices.",
        Scope.INBOX_FORM,
        footer=5,
    ),
    Command("form.turn_back", "left", "turn(-1)", "choice before", "Takes the choice before.", Scope.INBOX_FORM),
    Command("form.back", "escape", "back", "back", "Goes back; nothing is stored.", Scope.INBOX_FORM, footer=2),
    Command("question.yes", "y", "yes", "yes", "Does what is asked.", Scope.QUESTION, footer=1),
    Command("question.no", "escape,n", "no", "no", "Leaves everything as it is.", Scope.QUESTION, footer=2),
)

HELP_COMMANDS: tuple[Command, ...] = (
    Command("help.close", "escape,q,question_mark,f9", "close", "back", "Closes the help.", Scope.HELP, footer=1),
    Command("help.down", "down,j", "scroll(1)", "down", "Scrolls down.", Scope.HELP, footer=2),
    Command("help.up", "up,k", "scroll(-1)", "up", "Scrolls up.", Scope.HELP, footer=3),
    Command("help.page_down", "pagedown,space", "page(1)", "page down", "Scrolls a page down.", Scope.HELP),
    Command("help.page_up", "pageup", "page(-1)", "page up", "Scrolls a page up.", Scope.HELP),
    Command("help.first", "home,g", "edge(-1)", "top", "Scrolls to the top.", Scope.HELP),
    Command("help.last", "end,G", "edge(1)", "end", "Scrolls to the end.", Scope.HELP),
)

# The contact screen, its pickers and its thread.
CONTACT_COMMANDS: tuple[Command, ...] = (
    Command("contact.sms", "1,f1", "channel('sms')", "SMS", "Writes by SMS.", Scope.CONTACT),
    Command("contact.whatsapp", "2,f2", "channel('whatsapp')", "WhatsApp", "Writes on WhatsApp.", Scope.CONTACT),
    Command("contact.telegram", "3,f3", "channel('telegram')", "Telegram", "Writes on Telegram.", Scope.CONTACT),
    Command("contact.messenger", "4,f4", "channel('messenger')", "Messenger", "Writes on Messenger.", Scope.CONTACT),
    Command("contact.template", "t,f6", "template", "template", "Selects a template.", Scope.CONTACT, footer=4),
    Command(
        "contact.attach",
        "ctrl+o",
        "attach",
        "attach",
        "Chooses a file to go with what you write.",
        Scope.CONTACT,
        footer=6,
    ),
    Command(
        "contact.detach",
        "ctrl+g",
        "detach",
        "take file off",
        "Takes the attached file off what you write.",
        Scope.CONTACT,
        footer=3,
    ),
    Command(
        "contact.card", "i,f7", "card", "card", "Shows who it is, where the card is folded.", Scope.CONTACT, footer=7
    ),
    Command(
        "contact.copy_link",
        "y",
        "copy_link",
        "copy link",
        "Copies the link of our bot or page, for a person who has to write first.",
        Scope.CONTACT,
    ),
    Command(
        "contact.unread",
        "N",
        "unread",
        "mark unread",
        "Marks the conversation as unread; it stays so until you open it again.",
        Scope.CONTACT,
    ),
    Command(
        "contact.tab",
        "left_square_bracket,right_square_bracket,f5",
        "tab",
        "timeline",
        "Changes between the conversation and the timeline over all channels.",
        Scope.CONTACT,
        footer=8,
    ),
    Command(
        "contact.back",
        "escape",
        "back",
        "back",
        "Leaves the text for the thread, then goes back to People. What was typed is kept.",
        Scope.CONTACT,
        footer=2,
    ),
    Command(
        "contact.merge",
        "m,f8",
        "merge",
        "merge",
        "Merges this person with another contact of theirs, field by field.",
        Scope.CONTACT,
    ),
    Command(
        "contact.link",
        "L",
        "link",
        "link a chat",
        "Says who a Telegram or Messenger contact is; from anybody else, links such a contact to them.",
        Scope.CONTACT,
    ),
    Command(
        "contact.split",
        "S",
        "split",
        "move an address",
        "Moves an address that is somebody else's into a contact of its own.",
        Scope.CONTACT,
    ),
    Command(
        "contact.merges", "M", "merges", "merges", "Lists what was merged, linked and moved, to undo it.", Scope.CONTACT
    ),
    Command(
        "contact.undo",
        "U",
        "undo",
        "undo",
        "Undoes what you did last: a merge, a moved address, or a message marked as arrived.",
        Scope.CONTACT,
        footer=3,
    ),
    Command("messaging.write", "enter", "choose", "write", "Writes on the chosen channel.", Scope.MESSAGING, footer=1),
    Command("messaging.down", "down,j", "move(1)", "down", "Goes to the next channel.", Scope.MESSAGING),
    Command("messaging.up", "up,k", "move(-1)", "up", "Goes to the channel before.", Scope.MESSAGING),
    Command(
        "thread.details", "enter,v", "details", "details", "Shows every try to send a message.", Scope.THREAD, footer=1
    ),
    Command(
        "thread.retry",
        "r",
        "retry",
        "retry",
        "Tries a failed message again; asks first when it may have gone out already.",
        Scope.THREAD,
        footer=3,
    ),
    Command(
        "thread.save",
        "s",
        "save",
        "save file",
        "Fetches the selected message's files and saves them where you say.",
        Scope.THREAD,
        footer=3,
    ),
    Command(
        "thread.open",
        "o",
        "open",
        "open file",
        "Fetches the selected message's files and opens them in the desktop's own program.",
        Scope.THREAD,
        footer=4,
    ),
    Command(
        "thread.arrived",
        "a",
        "arrived",
        "it arrived",
        "Marks a message of which nobody knows whether it went out as arrived; asks first.",
        Scope.THREAD,
        footer=3,
    ),
    Command(
        "thread.instead",
        "w",
        "instead",
        "write elsewhere",
        "Puts the text of a failed message into the composer of the person's next channel; nothing is sent.",
        Scope.THREAD,
        footer=4,
    ),
    Command("thread.down", "down,j", "move(1)", "down", "Selects the next message.", Scope.THREAD),
    Command("thread.up", "up,k", "move(-1)", "up", "Selects the message before.", Scope.THREAD),
    Command("thread.page_down", "pagedown", "page(1)", "page down", "Moves one page down.", Scope.THREAD),
    Command("thread.page_up", "pageup", "page(-1)", "page up", "Moves one page up.", Scope.THREAD),
    Command("thread.first", "home,g", "edge(-1)", "first", "Goes to the first message read so far.", Scope.THREAD),
    Command("thread.last", "end,G", "edge(1)", "newest", "Goes to the newest message.", Scope.THREAD, footer=5),
    Command("composer.send", "enter", "send", "send", "Sends what is written.", Scope.COMPOSER, footer=1),
    Command(
        "composer.line",
        "alt+enter,shift+enter,ctrl+j",
        "line",
        "line",
        "Breaks the line; every terminal knows ctrl+j.",
        Scope.COMPOSER,
        footer=5,
    ),
    Command(
        "composer.page_up", "pageup", "page(-1)", "page up", "Scrolls the thread up while you write.", Scope.COMPOSER
    ),
    Command("composer.page_down", "pagedown", "page(1)", "page down", "Scrolls the thread down.", Scope.COMPOSER),
    Command(
        "closed.choose",
        "enter",
        "choose",
        "choose",
        "Takes the way on that is marked: a template, a link, another channel.",
        Scope.CLOSED,
        footer=1,
    ),
    Command("closed.next", "right,down", "move(1)", "next", "Goes to the next way on.", Scope.CLOSED, footer=3),
    Command("closed.previous", "left,up", "move(-1)", "previous", "Goes to the way before.", Scope.CLOSED),
    Command("templates.send", "ctrl+s", "send", "send", "Sends the template.", Scope.TEMPLATES, footer=1),
    Command("templates.next", "tab", "next_field", "fields", "Goes to the next field.", Scope.TEMPLATES, footer=3),
    Command(
        "templates.text",
        "ctrl+t",
        "typed_text",
        "your text",
        "Puts the text that you had typed into the field.",
        Scope.TEMPLATES,
        footer=4,
    ),
    Command(
        "templates.back",
        "escape",
        "back",
        "back",
        "Goes back to the contact; the text you had typed is kept.",
        Scope.TEMPLATES,
        footer=2,
    ),
    Command("picker.choose", "enter", "choose", "choose", "Takes the one under the cursor.", Scope.PICKER, footer=1),
    Command("picker.down", "down,j", "move(1)", "down", "Goes to the next one.", Scope.PICKER),
    Command("picker.up", "up,k", "move(-1)", "up", "Goes to the one before.", Scope.PICKER),
    Command("picker.page_down", "pagedown", "page(1)", "page down", "Moves one page down.", Scope.PICKER),
    Command("picker.page_up", "pageup", "page(-1)", "page up", "Moves one page up.", Scope.PICKER),
    Command("picker.first", "home,g", "edge(-1)", "first", "Goes to the first one.", Scope.PICKER),
    Command("picker.last", "end,G", "edge(1)", "last", "Goes to the last one.", Scope.PICKER),
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
    Command(
        "attach.choose", "enter", "choose", "attach", "Attaches the file under the cursor.", Scope.ATTACH, footer=1
    ),
    Command(
        "attach.complete",
        "tab",
        "complete",
        "complete",
        "Completes the path, then goes into what is under the cursor.",
        Scope.ATTACH,
        footer=3,
    ),
    Command("attach.down", "down", "move(1)", "down", "Goes to the next name.", Scope.ATTACH),
    Command("attach.up", "up", "move(-1)", "up", "Goes to the name before.", Scope.ATTACH),
    Command("attach.page_down", "pagedown", "page(1)", "page down", "Moves one page down.", Scope.ATTACH),
    Command("attach.page_up", "pageup", "page(-1)", "page up", "Moves one page up.", Scope.ATTACH),
    Command("attach.back", "escape", "back", "back", "Goes back without a file.", Scope.ATTACH, footer=2),
    Command("save.save", "enter", "save", "save", "Fetches and saves there.", Scope.SAVE, footer=1),
    Command("save.back", "escape", "back", "back", "Goes back without saving.", Scope.SAVE, footer=2),
    Command("picker.back", "escape", "screen.back", "back", "Goes back without choosing.", Scope.PICKER, footer=2),
)

# Merging two contacts, the journal, and whom to choose.
MERGE_COMMANDS: tuple[Command, ...] = (
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

COMMANDS: tuple[Command, ...] = (
    APP_COMMANDS
    + PEOPLE_COMMANDS
    + NAVIGATION_COMMANDS
    + CONTACT_COMMANDS
    + MERGE_COMMANDS
    + INBOX_COMMANDS
    + HELP_COMMANDS
)

BY_ID = {command.id: command for command in COMMANDS}
"""Every command by its id."""


def in_scopes(scopes: Iterable[Scope]) -> tuple[Command, ...]:
    """The commands of some scopes, in the order of the scopes."""
    return tuple(command for scope in scopes for command in COMMANDS if command.scope is scope)


def scopes_from(first: Sequence[Scope]) -> tuple[Scope, ...]:
    """Every scope that has commands, those in `first` before the others: the order of the help screen."""
    used = [*first, *(scope for scope in Scope if scope not in first)]
    return tuple(scope for scope in used if in_scopes((scope,)))


def key_table() -> str:
    """The keys as a Markdown page: `docs/keys.md` is this text."""
    lines = ["# Keys", "", "Keys are written as the footer shows them; the id names the command."]
    for scope in scopes_from(()):
        lines += ["", f"## {scope.label}", "", "| keys | what it does | id |", "| --- | --- | --- |"]
        lines += [_table_row(command) for command in in_scopes((scope,))]
    return "\n".join(lines) + "\n"


def _table_row(command: Command) -> str:
    keys = " ".join(f"`{word}`" for word in command.key_words) or "in the palette"
    return f"| {keys} | {command.help} | `{command.id}` |"
