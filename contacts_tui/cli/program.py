"""Every command: its name, its help, and where it is declared, in a module that is imported only when it is named."""

from dataclasses import dataclass

from contacts_tui.cli.declare import Option
from contacts_tui.store import backends


@dataclass(frozen=True, slots=True)
class Entry:
    """A command, or a word in front of several."""

    name: str
    """As it is typed, such as `people list`."""
    help: str
    """What it is for, as the list of commands and its own help say it."""
    target: str = ""
    """`module:name` of its declaration, in `contacts_tui.cli`; empty for a word in front of several."""


DESCRIPTION = "Contacts and conversations for support agents, in the terminal. Without a command: the interface."

EXAMPLE = "contacts-tui demo      look around, with made-up people and no account"

EVERYWHERE = {
    "database": Option(
        f"the store: {backends.FORMS} (default: CONTACTS_TUI_DATABASE_URL, else as configured)",
        "PATH",
        completes="file",
    ),
    "agent": Option(
        "who sits here: your name as the team sees it (default: CONTACTS_TUI_AGENT, else as configured)", "NAME"
    ),
}
"""The options that may stand before or after any command, by the names of `config.load`'s arguments."""

SECTIONS = {
    "look around": (
        Entry(
            "demo",
            "the interface with made-up people, conversations and a sandbox that answers; needs no account",
            "demo:run",
        ),
    ),
    "people": (
        Entry("people", "add, edit, list, import, export, merge and forget people"),
        Entry("people add", "add a person; `people undo` takes them out again", "people_edit:add"),
        Entry("people edit", "change what is known of a person, or block them", "people_edit:edit"),
        Entry("people list", "list people, latest activity first", "people:list_people"),
        Entry("people assign", "assign people to an agent, or to nobody", "queue:assign"),
        Entry("people snooze", "let people sleep until a time, or until they write", "queue:snooze"),
        Entry("people close", "close people: nothing is left to do", "queue:close"),
        Entry("people open", "open people who are snoozed or closed", "queue:reopen"),
        Entry("people tag", "add a tag to people, or remove it", "queue:tag"),
        Entry("people mark", "mark people as read or unread", "queue:mark"),
        Entry("people undo", "undo your last action on people, or one of the journal", "queue:undo"),
        Entry("people show", "show a person's card", "people:show"),
        Entry("people note", "write a note on a person, change it or remove it", "notes:note"),
        Entry("people notes", "list the notes on a person", "notes:list_notes"),
        Entry(
            "people import",
            "add people from a CSV, vCards or JSON lines; importing it twice changes nothing",
            "people_import:import_file",
        ),
        Entry(
            "people export",
            "write people into a CSV, vCards or JSON lines, or all about one person into a folder",
            "people_export:export",
        ),
        Entry("people forget", "take a person out of the store for good, with a receipt", "forget:forget"),
        Entry(
            "people merge",
            "merge two contacts of one person, field by field; `people unmerge` undoes it",
            "merging:merge",
        ),
        Entry(
            "people link",
            "link a Telegram or Messenger chat to a contact; `people unmerge` undoes it",
            "merging:link",
        ),
        Entry(
            "people split",
            "move an address, with its messages, to its own contact",
            "merging:split",
        ),
        Entry("people merges", "list what was merged, linked and moved", "merging:merges"),
        Entry(
            "people unmerge",
            "undo a merge, a link or a split; later messages go with their address",
            "merging:unmerge",
        ),
        Entry(
            "people duplicates",
            "list possible duplicates: the same email, or the same number in two spellings",
            "merging:list_duplicates",
        ),
        Entry(
            "people distinct",
            "mark two contacts as not the same person: they are no longer suggested",
            "merging:distinct",
        ),
        Entry("views", "list, save and remove views: named filters over people"),
        Entry("views list", "list the views, and how many people are in each", "views:list_views"),
        Entry("views save", "save a filter under a name", "views:save"),
        Entry("views remove", "remove a saved view", "views:remove"),
        Entry("agents", "add, list and disable agents: who answers people"),
        Entry("agents add", "add an agent, change one, or enable one again", "agents:add"),
        Entry("agents list", "list the agents, with their hours", "agents:list_agents"),
        Entry("agents disable", "let nobody be assigned to an agent any more", "agents:disable"),
        Entry("replies", "list, save and remove canned replies"),
        Entry("replies list", "list your canned replies", "replies:list_replies"),
        Entry("replies save", "save a text that is sent often, under a name", "replies:save"),
        Entry("replies remove", "remove a canned reply", "replies:remove"),
        Entry("journal", "list what agents did with people", "queue:list_journal"),
        Entry("report", "say who was answered and how soon, by channel, agent and hour", "report:run"),
        Entry(
            "channels",
            "show the channels that reach a person, which is cheapest, and why the others don't",
            "channels:run",
        ),
    ),
    "messages": (
        Entry("send", "send one message, and wait for the provider's answer", "send:run"),
        Entry("thread", "the last messages with a person, over all channels", "thread:run"),
        Entry("message", "see what happened to a message, and decide about it"),
        Entry(
            "message show",
            "show every attempt to send a message, what the provider said, and what you can do now",
            "message:show",
        ),
        Entry("message settle", "decide about a message that may or may not have been sent", "message:settle"),
        Entry("message retry", "retry a failed message", "message:retry"),
        Entry("scheduled", "list, change and cancel what is to be sent later; `send --at` schedules"),
        Entry("scheduled list", "list what is scheduled, to a person or to all", "scheduled:list_scheduled"),
        Entry("scheduled change", "give a scheduled message another time or text", "scheduled:change"),
        Entry("scheduled cancel", "cancel a scheduled message: its text is a draft again", "scheduled:cancel"),
        Entry("media", "save files of messages, and revoke the links to them"),
        Entry(
            "media save",
            "fetch the files of a message and save them; no file is overwritten",
            "media:save",
        ),
        Entry(
            "media renew-links",
            "revoke every link by which a provider may fetch a file",
            "media:renew_links",
        ),
    ),
    "senders": (
        Entry("inbox", "connect, change, list, check and disconnect your senders"),
        Entry(
            "inbox add",
            "connect a Twilio number, a WhatsApp sender, a Telegram bot or a Facebook page",
            "inbox:add",
        ),
        Entry("inbox set", "change how a sender is set up; its channel and address stay", "inbox:set_up"),
        Entry(
            "inbox disconnect",
            "disconnect a sender: its threads stay, nothing more is sent or received, waiting messages fail; "
            "`inbox add` with the same channel and address reconnects it",
            "inbox:disconnect",
        ),
        Entry(
            "inbox list",
            "list your senders and their health: problems, last received and sent, waiting messages",
            "inbox:list_inboxes",
        ),
        Entry(
            "inbox check",
            "ask the provider whether credentials and address are good, and store the answer; exits with 1 when not",
            "inbox:check",
        ),
        Entry(
            "inbox catch-up",
            "fetch what Twilio inboxes missed, once each; exits with 1 when it can't be fetched now",
            "catch_up:run",
        ),
        Entry("templates", "fetch and list WhatsApp templates"),
        Entry("templates sync", "fetch the templates of WhatsApp inboxes", "templates:sync"),
        Entry("templates list", "the templates fetched last, each with its state", "templates:list_templates"),
    ),
    "running": (
        Entry("serve", "receive webhooks and send waiting messages, without an interface, until stopped", "serve:run"),
        Entry(
            "doctor",
            "check that everything works: the store, serve, each inbox, credentials, waiting messages; exits with 1 "
            "when something fails, and says what to do",
            "doctor:run",
        ),
        Entry("store", "back up, restore, copy, check and describe the store"),
        Entry(
            "store backup",
            "copy the store and the files of its messages into a new folder, while others use it",
            "store:backup",
        ),
        Entry(
            "store restore",
            "replace the store with a backup, while nobody uses it; the old one is kept beside it",
            "store:restore",
        ),
        Entry(
            "store copy",
            "copy a whole store to a new file or an empty database on a server, and compare the copy",
            "store:copy",
        ),
        Entry(
            "store check",
            "check the file, the search index and every derived number; exits with 1 when something is wrong",
            "store:check",
        ),
        Entry("store info", "show where the store is, how large, what it holds, and who uses it", "store:info"),
        Entry("sandbox", "stand in for the providers on this machine, until stopped", "sandbox:run"),
    ),
    "your settings": (
        Entry("config", "show, check and begin your configuration"),
        Entry(
            "config show",
            "list every setting with its value and where that comes from; exits with 2 when something is wrong",
            "config:show",
        ),
        Entry(
            "config check",
            "check every value, wherever it is written, and the keys; exits with 2 when something is wrong",
            "config:check",
        ),
        Entry("config path", "show where your configuration file is, or would be", "config:path"),
        Entry("config init", "write a file in which every setting is explained and none is set", "config:init"),
    ),
    "your shell": (
        Entry(
            "completion",
            "print what bash, zsh or fish reads to complete commands and options",
            "completion:run",
        ),
    ),
}
"""The commands by what they are about, in the order of the help."""

COMMANDS = {entry.name: entry for entries in SECTIONS.values() for entry in entries}
"""All commands by their names."""


def below(name: str) -> dict[str, Entry]:
    """Return the entries that can follow a word (an empty one: the program's name), by their last word."""
    prefix = f"{name} " if name else ""
    return {
        rest: entry
        for full, entry in COMMANDS.items()
        if full.startswith(prefix) and " " not in (rest := full.removeprefix(prefix))
    }
