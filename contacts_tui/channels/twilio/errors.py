"""Twilio's error codes in an agent's words, beside our own codes for failures on the way there.

Meanings: https://www.twilio.com/docs/api/errors, and `local_errors.own` for what never reached Twilio.
Imports no SDK, so that a screen can explain a failure cheaply.
"""

from contacts_tui.channels.base import CREDENTIALS
from contacts_tui.channels.local_errors import ANOTHER, EVIDENCE, LATER, OPTED_OUT, Meaning, own
from contacts_tui.domain.failure import Blame, Failure

RATE_LIMIT = "20429"
"""Twilio's code for too many requests: never processed."""

TOO_LARGE = "11751"
"""Twilio's code for a file that is too large for the channel."""
WRONG_TYPE = "12300"
"""Twilio's code for a file of a kind that the channel doesn't take."""

_WRONG_NUMBER = "check the number with the person, or use another channel"
_ADMIN = "ask an administrator to check the inbox at Twilio"
_TEMPLATE = "choose a template"
_OTHER_TEMPLATE = "choose another template, and tell an administrator"
_SHORTER = "make it shorter"

_RECIPIENT, _MESSAGE, _WINDOW, _SENDER, _PASSING = (
    Blame.RECIPIENT,
    Blame.MESSAGE,
    Blame.WINDOW,
    Blame.SENDER,
    Blame.PASSING,
)

_OWN = own("Twilio")

CODES: dict[str, Meaning] = _OWN | {
    "10001": ("the Twilio account is not active", _ADMIN, _SENDER),
    "11200": ("Twilio couldn't fetch the attachment from us", "ask an administrator to check the public URL", _SENDER),
    TOO_LARGE: ("the file is too large for this channel", "send a smaller one, or a link to it", _MESSAGE),
    WRONG_TYPE: (
        "this channel doesn't accept this type of file",
        "send another kind of file, or a link to it",
        _MESSAGE,
    ),
    "14107": ("too many messages to this person at once", LATER, _PASSING),
    "20003": ("Twilio doesn't accept the inbox's credential", "ask an administrator to renew it", _SENDER),
    "20404": ("Twilio doesn't know this account or resource", _ADMIN, _SENDER),
    RATE_LIMIT: ("Twilio asks for a pause; nothing was sent", "it will be sent after the pause", _PASSING),
    "20500": ("Twilio had an internal error; it may have been sent", EVIDENCE, _PASSING),
    "20503": ("Twilio is unavailable; it may have been sent", EVIDENCE, _PASSING),
    "21211": ("the number is wrong", _WRONG_NUMBER, _RECIPIENT),
    "21212": ("our own number is not a valid sender", _ADMIN, _SENDER),
    "21266": ("the number is our own", _WRONG_NUMBER, _RECIPIENT),
    "21408": ("sending to this country is not enabled", "ask an administrator to enable it at Twilio", _SENDER),
    "21602": ("the message is empty", "write something", _MESSAGE),
    "21603": ("no sender was named", _ADMIN, _SENDER),
    "21604": ("no recipient was named", _WRONG_NUMBER, _RECIPIENT),
    "21606": ("our number can't send to this one", f"choose another inbox, or {ANOTHER}", _SENDER),
    "21608": ("a trial account can only message verified numbers", "ask an administrator to verify it", _SENDER),
    "21609": ("Twilio doesn't accept our status address", "ask an administrator to check the public URL", _SENDER),
    "21610": _OWN[OPTED_OUT],
    "21611": ("too many messages are waiting at our number", LATER, _PASSING),
    "21612": ("this number can't be reached from ours", f"choose another inbox, or {ANOTHER}", _RECIPIENT),
    "21614": ("the number is not a mobile", _WRONG_NUMBER, _RECIPIENT),
    "21617": ("the text is over 1600 characters", _SHORTER, _MESSAGE),
    "21620": ("an attachment's address is not valid", "attach it again", _MESSAGE),
    "21623": ("there are too many attachments", "remove some", _MESSAGE),
    "21655": ("Twilio doesn't know this template", "refresh the templates and choose again", _MESSAGE),
    "21656": ("a value of the template isn't allowed", "remove line breaks, tabs and repeated spaces", _MESSAGE),
    "21658": ("a part of the message is too long", _SHORTER, _MESSAGE),
    "21701": ("the messaging service doesn't exist", _ADMIN, _SENDER),
    "21703": ("the messaging service has no number", _ADMIN, _SENDER),
    "21910": ("sender and recipient are on different channels", _ADMIN, _SENDER),
    "30001": ("too many messages waited and this one was dropped", LATER, _PASSING),
    "30002": ("the Twilio account is suspended", _ADMIN, _SENDER),
    "30003": ("the handset is off or out of reach", "try again when the phone is likely on", _PASSING),
    "30004": ("the number blocks our messages", ANOTHER, _RECIPIENT),
    "30005": ("the number is unknown or no longer in service", _WRONG_NUMBER, _RECIPIENT),
    "30006": ("the number is a landline", _WRONG_NUMBER, _RECIPIENT),
    "30007": ("a carrier blocked it as spam", f"reword it without links, or {ANOTHER}", _MESSAGE),
    "30008": ("the carrier didn't say why it failed", f"{LATER}, or {ANOTHER}", _PASSING),
    "30034": ("our number is not registered for the United States", _ADMIN, _SENDER),
    "63001": ("WhatsApp doesn't accept our sender's login", _ADMIN, _SENDER),
    "63002": ("WhatsApp doesn't know our sender", _ADMIN, _SENDER),
    "63003": ("they are not on WhatsApp under this number", ANOTHER, _RECIPIENT),
    "63005": ("WhatsApp doesn't accept this content", "change the message or its attachment", _MESSAGE),
    "63006": ("WhatsApp can't show this content", "change the message or its attachment", _MESSAGE),
    "63007": ("our WhatsApp sender isn't set up at Twilio", _ADMIN, _SENDER),
    "63008": ("our WhatsApp sender is set up wrongly", _ADMIN, _SENDER),
    "63009": ("WhatsApp answered with an error", LATER, _PASSING),
    "63010": ("Twilio had an internal error", LATER, _PASSING),
    "63011": ("our sender's address is not valid", _ADMIN, _SENDER),
    "63012": ("WhatsApp had an internal error", LATER, _PASSING),
    "63013": ("WhatsApp says that it breaks its policy", f"reword it, or {ANOTHER}", _MESSAGE),
    "63014": ("they blocked us on WhatsApp", ANOTHER, _RECIPIENT),
    "63015": ("they haven't joined Twilio's WhatsApp sandbox", "ask them to send the join word first", _RECIPIENT),
    "63016": ("the window is closed", _TEMPLATE, _WINDOW),
    "63018": ("WhatsApp's rate limit is used up", LATER, _PASSING),
    "63019": ("WhatsApp couldn't fetch the attachment", "attach it again", _MESSAGE),
    "63020": ("the WhatsApp business account needs attention", _ADMIN, _SENDER),
    "63021": ("WhatsApp found the content invalid or over 1024 characters", "change or shorten a value", _MESSAGE),
    "63022": ("the name certificate of our sender is not valid", _ADMIN, _SENDER),
    "63023": ("WhatsApp answered with an error", LATER, _PASSING),
    "63024": ("they can't receive messages on WhatsApp", ANOTHER, _RECIPIENT),
    "63025": ("WhatsApp has this attachment already", "attach it again under another name", _MESSAGE),
    "63027": ("the template doesn't exist in this language", _OTHER_TEMPLATE, _MESSAGE),
    "63028": ("the template needs a different number of values", "refresh the templates and choose again", _MESSAGE),
    "63029": ("the person's WhatsApp couldn't load the template", "choose another template", _MESSAGE),
    "63030": ("WhatsApp rejects part of the message", "change the message", _MESSAGE),
    "63031": ("the number is our own", _WRONG_NUMBER, _RECIPIENT),
    "63032": ("WhatsApp won't let us message this person right now", f"{LATER}, or {ANOTHER}", _RECIPIENT),
    "63033": ("they don't accept messages from us on WhatsApp", ANOTHER, _RECIPIENT),
    "63038": ("the account has reached its limit of messages for today", "try again tomorrow", _PASSING),
    "63040": ("WhatsApp rejected the template", _OTHER_TEMPLATE, _MESSAGE),
    "63041": ("WhatsApp paused the template", _OTHER_TEMPLATE, _MESSAGE),
    "63042": ("WhatsApp disabled the template", _OTHER_TEMPLATE, _MESSAGE),
    "63049": ("Meta withheld this marketing template", f"{ANOTHER}, or a utility template", _RECIPIENT),
    "63051": ("the WhatsApp business account is locked", _ADMIN, _SENDER),
}
"""Code to what happened, what to do now, and where the remedy lies."""

PERMANENT = frozenset({"21211", "21614", "30005", "30006", "63003", "63024"})
"""Codes after which the address is useless on its channel."""

DOUBTFUL = frozenset({"20500", "20503"})
"""Codes of Twilio's own faults, after which it is unknown whether the message was sent."""

REJECTIONS = frozenset({CREDENTIALS, "20003"})
"""Codes after which nothing can be sent until the credential is right."""

OPT_OUTS = frozenset({"21610"})
"""Codes that show that the person sent a STOP word which was not reported to us."""


def explain(code: str) -> Failure:
    """Return the explanation of a code. An unknown code is quoted in it, so that it can be looked up."""
    known = CODES.get(code)
    if known is None:
        return Failure(
            code,
            f"Twilio gave error {code}, which this program doesn't know" if code else "Twilio gave no reason",
            "look it up at twilio.com/docs/api/errors" if code else LATER,
            Blame.SENDER if code else Blame.PASSING,
        )
    happened, remedy, blame = known
    return Failure(code, happened, remedy, blame, code in PERMANENT, code in OPT_OUTS, code in REJECTIONS)
