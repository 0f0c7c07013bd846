"""The sentences that are shown when a command's key is pressed and it can't be used now: what is missing."""

import re
from collections.abc import Mapping

from contacts_tui.commands.registry import BY_ID, typing_key_of

_NOBODY = "Nobody is listed here."
_NOTHING_TO_UNDO = "There is nothing to undo."
_NOT_FAILED = "Only a message that failed, or may not have been sent, can be sent again."
_NOT_UNKNOWN = "Only a message that may or may not have been sent can be marked as sent."
_NO_OTHER_CHANNEL = "This message didn't fail, or there is no other channel to write it on."
_NOT_OFFERED = "That channel isn't offered for this message."
_NO_FILE = "This message has no file."
_NOBODY_ELSE = "No duplicate is suggested here."
_NO_MORE = "There is nothing more to see."
_NO_INBOX = "There is no inbox yet: {inboxes.connect} connects one."
_NOT_CONNECTED = "This needs a connected inbox: {inboxes.connect} connects one."
_NOT_FREE = "Nobody else has this number."
_NO_REPLY = "There is no reply under the cursor: {replies.new} writes one."
_NOTHING_WRITTEN = "The command wrote nothing: {piped.change} picks another one."
_NOTHING_SCHEDULED = "Nothing is scheduled."
_ONE_SIDE = "Both sides have the same here."
_GONE = "These two can't be merged now."

REFUSALS: Mapping[str, str] = {
    "people.open": _NOBODY,
    "people.back": "This is the first view: {people.quit} quits the program.",
    "people.order": "Clear the search to sort the list, or write order:name into the filter.",
    **dict.fromkeys(
        (
            "people.close", "people.snooze", "people.assign_me", "people.assign", "people.tag", "people.mark",
            "people.edit", "people.select_stretch", "people.select", "people.select_all", "people.merge",
            "people.export", "people.export_person", "people.forget",
        ),
        _NOBODY,
    ),
    "people.repeat": "There is nothing to repeat yet: close, snooze, assign or tag a person first.",
    "people.save_view": "This filter can't be saved yet: correct what is marked under it.",
    "people.remove_view": "Only a view that was saved can be removed: go to it first.",
    "people.undo": _NOTHING_TO_UNDO,
    "contact.template": "Templates go by WhatsApp, which isn't chosen or can't be used: {contact.whatsapp} chooses it.",
    "contact.attach": "No file can be sent here now: go to a channel that takes text first.",
    "contact.detach": "No file is attached.",
    "contact.copy_link": "There is no link to copy: one is needed only where the person must write first.",
    "contact.copy_address": "There is no address to copy.",
    "contact.close": "This person is closed already.",
    "contact.repeat": "There is nothing to repeat yet: close, snooze, assign or tag a person first.",
    "contact.unread": "There is no conversation here to mark as unread.",
    "contact.undo": _NOTHING_TO_UNDO,
    "thread.details": "No message is selected.",
    "thread.retry": _NOT_FAILED,
    "thread.save": _NO_FILE,
    "thread.open": _NO_FILE,
    "thread.copy": "There is no text to copy: select a message that has some.",
    "thread.links": "This message has no link.",
    "thread.arrived": _NOT_UNKNOWN,
    "thread.instead": _NO_OTHER_CHANNEL,
    "templates.send": "This template can't be sent: the reason stands beside it.",
    "templates.later": "This template can't be sent: the reason stands beside it.",
    "templates.next": "This template has no field to fill.",
    "templates.text": "There is no text of yours, or no field to put it into.",
    "picker.choose": "There is nothing here to choose.",
    "details.retry": _NOT_FAILED,
    "details.arrived": _NOT_UNKNOWN,
    "details.instead": _NO_OTHER_CHANNEL,
    "details.sms": _NOT_OFFERED,
    "details.whatsapp": _NOT_OFFERED,
    "details.telegram": _NOT_OFFERED,
    "details.messenger": _NOT_OFFERED,
    "details.undo": "This message wasn't marked as sent by an agent, so there is nothing to undo.",
    "save.turn_ending": "There is only one format.",
    "import.start": "This file can't be imported: the reason stands above.",
    "import.more": _NO_MORE,
    "candidates.stranger": _NOBODY_ELSE,
    "candidates.undo": _NOTHING_TO_UNDO,
    "merge.confirm": _GONE,
    "merge.keep": _ONE_SIDE,
    "merge.other": _ONE_SIDE,
    "merge.next": _ONE_SIDE,
    "merge.swap": _GONE,
    "merge.stranger": _GONE,
    "merges.undo": "This can't be undone: the reason stands below it.",
    "inboxes.check": _NOT_CONNECTED,
    "inboxes.change": _NO_INBOX,
    "inboxes.disconnect": _NOT_CONNECTED,
    "inboxes.acknowledge": "No messages of this inbox are known to be lost.",
    "inboxes.answer_target": _NO_INBOX,
    "inboxes.more": _NO_MORE,
    "inbox_form.done": "The provider is being asked: wait a moment.",
    "inbox_form.anyway": "First {inbox_form.done} asks the provider; only what it denies is saved anyway.",
    "person.save": "The person is being saved.",
    "person.line": "Only a note has lines.",
    "person.open_owner": _NOT_FREE,
    "person.merge_owner": _NOT_FREE,
    "scheduled.time": _NOTHING_SCHEDULED,
    "scheduled.text": "A template keeps its text: change its time, or cancel it.",
    "scheduled.cancel": _NOTHING_SCHEDULED,
    "scheduled.undo": _NOTHING_TO_UNDO,
    "replies.edit": _NO_REPLY,
    "replies.remove": _NO_REPLY,
    "piped.draft": "A draft needs words from the command, and a channel that takes text.",
    "piped.note": _NOTHING_WRITTEN,
}  # fmt: skip
"""The sentences by command id. A command's id between braces stands for its key."""

_KEY = re.compile(r"{([a-z_.]+)}")


def refusal(command_id: str) -> str:
    """Return the sentence for a command that can't be used now."""
    said = REFUSALS.get(command_id, f"“{BY_ID[command_id].label}” can't be used here, or not now.")
    return _KEY.sub(lambda named: typing_key_of(named[1]), said)
