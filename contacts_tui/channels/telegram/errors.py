"""Telegram's refusals in an agent's words, beside our own codes for failures on the way there.

The Bot API has no codes but the HTTP status, so ours add a word for its description: `403` or `403_never`. The texts
are those of the Bot API's server; one that isn't known here is explained by the status alone. Imports no SDK.
"""

from typing import Final

from contacts_tui.channels import local_errors
from contacts_tui.channels.base import CREDENTIALS
from contacts_tui.channels.local_errors import ANOTHER, Meaning
from contacts_tui.domain.failure import Blame, Failure

PROVIDER: Final = "Telegram"

NO_CHAT = "400_chat"
"""Telegram or the bot doesn't know this chat."""
EMPTY = "400_empty"
"""Neither text nor file."""
NO_FILE = "400_file"
"""A file that Telegram doesn't accept, or doesn't have."""
BAD_TOKEN = "401"
BLOCKED = "403"
"""The person blocked the bot."""
NEVER_STARTED = "403_never"
"""The person never started a chat with the bot, according to Telegram."""
TOO_LARGE = "413"
"""A file over Telegram's limit."""
RATE_LIMIT = "429"
BAD_WEBHOOK = "bad_webhook"
"""Our own code: Telegram doesn't accept a webhook at the receiver's public address."""

_DESCRIPTIONS = (
    ("400", "chat not found", NO_CHAT),
    ("400", "text is empty", EMPTY),
    ("400", "text must be non-empty", EMPTY),
    ("400", "is too long", "400_long"),
    ("400", "photo", NO_FILE),
    ("400", "file", NO_FILE),
    ("403", "initiate conversation", NEVER_STARTED),
    ("403", "deactivated", "403_gone"),
)
"""HTTP status, a part of the description in lower case, and our code for them; the first match counts."""

_ADMIN = "ask an administrator to renew the bot's token"
_WRITE_FIRST = "share the bot's link with them"

CODES: dict[str, Meaning] = local_errors.own(PROVIDER) | {
    local_errors.OPTED_OUT: ("they blocked the bot", "they must unblock it and message it", Blame.RECIPIENT),
    local_errors.WINDOW: ("they have never messaged the bot", _WRITE_FIRST, Blame.RECIPIENT),
    BAD_WEBHOOK: (
        "Telegram doesn't accept our webhook's address",
        "ask an administrator to check the URL",
        Blame.SENDER,
    ),
    "400": ("Telegram didn't accept the message", "change it and resend it", Blame.MESSAGE),
    NO_CHAT: ("Telegram doesn't know this chat", _WRITE_FIRST, Blame.RECIPIENT),
    EMPTY: ("the message is empty", "write something", Blame.MESSAGE),
    "400_long": ("the text is over 4096 characters", "make it shorter", Blame.MESSAGE),
    NO_FILE: ("Telegram didn't accept the file", "send another file, or a link to it", Blame.MESSAGE),
    BAD_TOKEN: ("Telegram doesn't accept the bot's token", _ADMIN, Blame.SENDER),
    "404": ("Telegram knows no bot with this token", _ADMIN, Blame.SENDER),
    BLOCKED: ("they blocked the bot", "they must unblock it and message it", Blame.RECIPIENT),
    NEVER_STARTED: ("Telegram says they never started the bot", _WRITE_FIRST, Blame.RECIPIENT),
    "403_gone": ("they deleted their Telegram account", ANOTHER, Blame.RECIPIENT),
    TOO_LARGE: ("the file is too large for Telegram", "send a smaller one, or a link to it", Blame.MESSAGE),
    RATE_LIMIT: ("Telegram asks for a pause; nothing was sent", "it will be sent after the pause", Blame.PASSING),
}
"""Code to what happened, what to do now, and where the remedy lies."""

PERMANENT = frozenset({NO_CHAT, NEVER_STARTED, "403_gone"})
"""Codes after which the address is useless until the person writes again."""

REJECTIONS = frozenset({CREDENTIALS, BAD_TOKEN, "404"})
"""Codes after which nothing can be sent until the token is right."""

OPT_OUTS = frozenset({BLOCKED})
"""Codes that show that the person blocked the bot, which was not reported to us."""


def code_of(status: int, description: str) -> str:
    """Return our code for a refusal."""
    said = description.lower()
    for known, part, code in _DESCRIPTIONS:
        if known == str(status) and part in said:
            return code
    return str(status)


def explain(code: str) -> Failure:
    """Return the explanation of a code. An unknown code is quoted in it, so that it can be looked up."""
    known = CODES.get(code)
    if known is None:
        return Failure(
            code,
            f"Telegram gave error {code}, which this program doesn't know" if code else "Telegram gave no reason",
            "see the message's attempts for Telegram's own words" if code else local_errors.LATER,
            Blame.SENDER if code else Blame.PASSING,
        )
    happened, remedy, blame = known
    return Failure(code, happened, remedy, blame, code in PERMANENT, code in OPT_OUTS, code in REJECTIONS)
