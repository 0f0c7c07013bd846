"""The Graph API's error codes in an agent's words, beside our own codes for failures on the way to Messenger.

Meanings: https://developers.facebook.com/docs/messenger-platform/error-codes. A code is written with its subcode, as in
`10/2018278`; a subcode that isn't known here is explained by its code alone. Imports no HTTP client.
"""

from contacts_tui.channels import local_errors
from contacts_tui.channels.base import CREDENTIALS
from contacts_tui.channels.local_errors import ANOTHER, EVIDENCE, LATER, Meaning
from contacts_tui.domain.failure import Blame, Failure

BAD_TOKEN = "190"
"""Graph's code for a token that it doesn't accept."""
RATE_LIMIT = "613"
"""Graph's code for too many calls: never processed."""
BAD_PARAMETER = "100"
"""Graph's code for a wrong parameter."""
PROOF = "proof"
"""Our own code: Graph doesn't accept the proof of the app's secret, for which it uses its code for any parameter."""
UPLOAD = "upload"
"""Our own code: a file could not be uploaded before its message, so nothing was sent."""
NO_PROFILE = "100/2018218"
"""Graph's code for a person without a profile, such as one without a Facebook account."""
TOO_LARGE = "100/2018109"
"""Graph's code for a file that is too large."""

RATE_LIMITS = frozenset({4, 17, 32, 613, 80006})
"""Codes of rate limits of an app, a user, a page or Messenger. Nothing of the request was done."""
DOUBTFUL = frozenset({1, 2, 1200})
"""Codes of Graph's own faults. Its documentation reports cases of 1 in which every message was sent all the same."""

_PAGE = "ask an administrator to check the page at Meta"
_WRITE = "wait until they write again"
_OTHER_FILE = "send another file, or a link to it"

_RECIPIENT, _MESSAGE, _WINDOW, _SENDER, _PASSING = (
    Blame.RECIPIENT,
    Blame.MESSAGE,
    Blame.WINDOW,
    Blame.SENDER,
    Blame.PASSING,
)

CODES: dict[str, Meaning] = local_errors.own("Messenger") | {
    local_errors.WINDOW: ("the window is closed", _WRITE, _WINDOW),
    PROOF: ("Messenger doesn't accept our app secret", "ask an administrator to check it", _SENDER),
    UPLOAD: ("Messenger didn't accept the file", "it will be retried automatically", _PASSING),
    "1": ("Messenger had an internal error; it may have been sent", EVIDENCE, _PASSING),
    "2": ("Messenger had an internal error; it may have been sent", EVIDENCE, _PASSING),
    "3": ("our app at Meta isn't allowed to do this", _PAGE, _SENDER),
    "4": ("Messenger asks for a pause; nothing was sent", "it will be sent after the pause", _PASSING),
    "10": ("our page isn't allowed to send this", _PAGE, _SENDER),
    "10/1893063": ("Meta has restricted our page", _PAGE, _SENDER),
    "10/2018065": ("the window is closed", _WRITE, _WINDOW),
    "10/2018108": ("they don't accept messages from us on Messenger", ANOTHER, _RECIPIENT),
    "10/2018278": ("the window is closed", _WRITE, _WINDOW),
    "10/2018300": (
        "another app holds this conversation",
        "take it over in the page's inbox, or wait until it is handed back",
        _RECIPIENT,
    ),
    "17": ("Messenger asks for a pause; nothing was sent", "it will be sent after the pause", _PASSING),
    "32": ("Messenger asks for a pause; nothing was sent", "it will be sent after the pause", _PASSING),
    BAD_PARAMETER: ("Messenger rejects part of the message", "change the message", _MESSAGE),
    "100/33": ("Messenger no longer knows this person or page", ANOTHER, _RECIPIENT),
    "100/2018001": ("Messenger doesn't know this person", ANOTHER, _RECIPIENT),
    "100/2018007": ("Messenger doesn't accept this file", _OTHER_FILE, _MESSAGE),
    "100/2018008": ("Messenger couldn't load the file", _OTHER_FILE, _MESSAGE),
    "100/2018047": ("Messenger doesn't accept this file", _OTHER_FILE, _MESSAGE),
    "100/2018074": ("Messenger can no longer find the file", "attach it again", _MESSAGE),
    TOO_LARGE: ("the file is too large for Messenger", _OTHER_FILE, _MESSAGE),
    NO_PROFILE: ("Messenger has no profile of this person", "ask them for their name", _RECIPIENT),
    "100/2018294": ("Messenger took too long to read the video", "send a shorter one, or a link to it", _MESSAGE),
    "102": ("Messenger doesn't accept the page's token", "ask an administrator to renew it", _SENDER),
    "104": ("Messenger requires proof of the app secret", "ask an administrator to check the app secret", _SENDER),
    BAD_TOKEN: ("Messenger doesn't accept the page's token", "ask an administrator to renew it", _SENDER),
    "200": ("our app at Meta lacks a permission", _PAGE, _SENDER),
    "200/1545041": ("they don't accept messages from us on Messenger", ANOTHER, _RECIPIENT),
    "230": ("our app at Meta lacks a permission", _PAGE, _SENDER),
    "368": ("Meta has temporarily blocked our page", _PAGE, _SENDER),
    "551": ("this person can't be reached on Messenger right now", f"{LATER}, or {ANOTHER}", _RECIPIENT),
    RATE_LIMIT: ("Messenger asks for a pause; nothing was sent", "it will be sent after the pause", _PASSING),
    "803": ("Messenger doesn't know our page", _PAGE, _SENDER),
    "1200": ("Messenger had an internal error; it may have been sent", EVIDENCE, _PASSING),
    "80006": ("Messenger asks for a pause; nothing was sent", "it will be sent after the pause", _PASSING),
}
"""Code to what happened, what to do now, and where the remedy lies."""

REJECTIONS = frozenset({CREDENTIALS, PROOF, "102", "104", BAD_TOKEN})
"""Codes after which nothing can be sent until token and app secret are right."""

PERMANENT = frozenset({"100/2018001"})
"""Codes after which the address is useless. Not 551: a person can allow messages again."""


def is_known(code: str) -> bool:
    """Return whether a code, with or without its subcode, has an explanation of its own."""
    return _meaning(code) is not None


def _meaning(code: str) -> Meaning | None:
    return CODES.get(code) or CODES.get(code.partition("/")[0])


def explain(code: str) -> Failure:
    """Return the explanation of a code. An unknown code is quoted in it, so that it can be looked up."""
    known = _meaning(code)
    if known is None:
        return Failure(
            code,
            f"Messenger gave error {code}, which this program doesn't know" if code else "Messenger gave no reason",
            "look it up in Meta's Messenger error codes" if code else LATER,
            Blame.SENDER if code else Blame.PASSING,
        )
    happened, remedy, blame = known
    return Failure(
        code,
        happened,
        remedy,
        blame,
        permanent_for_address=code in PERMANENT,
        rejects_credential=code.partition("/")[0] in REJECTIONS,
    )
