"""Our own failure codes: for failures on the way to a provider, and for messages that our own rules withhold.

Every provider's module of errors puts these beside the provider's own codes. Imports no SDK.
"""

from collections.abc import Callable

from contacts_tui.channels.base import (
    CREDENTIALS,
    Accepted,
    ChannelError,
    NotSent,
    OutcomeUnknown,
    Refused,
    SendResult,
)
from contacts_tui.domain.failure import Blame, Failure
from contacts_tui.domain.text import sentence

NO_CONNECTION = "no_connection"
"""Nothing listened, no name resolved, or no connection was free in time: nothing was sent."""
TLS = "tls"
"""The connection could not be secured: nothing was sent."""
BASE_URL = "base_url"
"""The inbox's base URL is not valid."""
UNWRITABLE = "unwritable"
"""The message holds a character that no encoding has (half a surrogate pair)."""
FILE = "file"
"""A file that goes with the message can't be read here."""
APART = "apart"
"""A text and a file, or several files, that the channel doesn't carry in one message."""
FILE_URL = "file_url"
"""The provider has to fetch a file from our receiver, and no public URL is set."""
TIMEOUT = "timeout"
"""No answer in time, after the request had begun to leave."""
DROPPED = "dropped"
"""The connection broke after the request had begun to leave."""
SERVER_ERROR = "server_error"
"""HTTP 5xx: the message may have been sent all the same."""
UNREADABLE = "unreadable"
"""An answer that says neither that the message was accepted nor that it was refused."""
NOT_BEGUN = "not_begun"
"""A failure on this machine before the request began to leave: nothing was sent."""
STORE = "store"
"""The store couldn't be asked whether the message may still leave: nothing was sent."""
OVERTAKEN = "overtaken"
"""The program was suspended for so long that another process took over before the request left: nothing was sent."""
UNKNOWN_PROVIDER = "unknown_provider"
"""A newer version connected the inbox, through a provider that this one doesn't know."""
HERE = frozenset({NOT_BEGUN, STORE, OVERTAKEN})
"""Codes of failures in this program or on this machine, which say nothing about an inbox."""
INTERRUPTED = "interrupted"
"""Our program ended while it waited for the answer."""
CANCELED = "canceled"
"""Canceled at the provider before it left."""
NO_REASON = "undelivered"
"""Reported as failed without a code."""
OPTED_OUT = "opted_out"
"""We know that the person asked for no more messages."""
BLOCKED = "blocked_by_us"
"""An agent blocked the person before the message left."""
STOP_ASKED = "stop_asked"
"""The person wrote what reads like a wish for no more messages, and no agent has approved this message yet."""
WINDOW = "window"
"""We know that the window is closed."""
CONFLICT = "conflict"
"""Another program polls the same inbox for its updates."""
WEBHOOK = "webhook"
"""The inbox's updates go to a webhook, so they can't be polled."""
NOT_RECEIVED = "unheard"
"""Messages could not be fetched from the provider, for a reason that passes by itself."""
DISCONNECTED = "disconnected"
"""An administrator disconnected the inbox before the message left."""
UNCONFIRMED = "unconfirmed"
"""The provider's answer about the inbox differs from our settings."""
NO_WEBHOOK = "no_webhook"
"""The provider has no webhook of ours, or doesn't report messages to it."""
WEBHOOK_FAILS = "webhook_fails"
"""The provider calls our webhook, and its calls fail."""
NO_PUBLIC_URL = "no_public_url"
"""The inbox receives by webhook, and no public URL of our receiver is set."""

Meaning = tuple[str, str, Blame]
"""What happened, what to do now, and where the remedy lies."""

EVIDENCE = "wait for a report, or ask the person"
ANOTHER = "use another channel"
LATER = "try again later"


def own(provider: str) -> dict[str, Meaning]:
    """Return the meanings of our codes for a provider of that name, whose own table may replace some of them."""
    sender, message, passing = Blame.SENDER, Blame.MESSAGE, Blame.PASSING
    return {
        CREDENTIALS: ("the inbox's credential can't be read", "ask an administrator to set it", sender),
        NO_CONNECTION: (
            f"{provider} can't be reached from here",
            "it will be sent when the connection is back",
            passing,
        ),
        TLS: (
            f"the connection to {provider} isn't secure",
            "ask an administrator to check the certificates and the clock",
            sender,
        ),
        BASE_URL: ("the inbox's base URL is not valid", "ask an administrator to correct the inbox", sender),
        UNWRITABLE: ("the text has a broken character", "remove it and send again", message),
        FILE: ("an attachment can no longer be read", "attach it again", message),
        APART: (f"{provider} can't send this in one message", "send the text and the file separately", message),
        FILE_URL: (
            f"{provider} can't fetch the file, as no public URL is set",
            "run `contacts-tui serve --public-url https://…` once, then try again",
            message,
        ),
        TIMEOUT: (f"no answer from {provider}; it may have been sent", EVIDENCE, passing),
        DROPPED: ("the connection broke while sending; it may have been sent", EVIDENCE, passing),
        SERVER_ERROR: (f"{provider} had an internal error; it may have been sent", EVIDENCE, passing),
        UNREADABLE: (f"{provider}'s answer can't be read; it may have been sent", EVIDENCE, passing),
        NOT_BEGUN: (
            f"it could not be passed to {provider}; nothing was sent",
            "it will be retried; the log says why",
            passing,
        ),
        STORE: ("the store could not be read; nothing was sent", "it will be sent when the store can be read", passing),
        OVERTAKEN: ("the program was suspended for a while; nothing was sent", "it will be retried", passing),
        INTERRUPTED: ("the program ended while sending; it may have been sent", EVIDENCE, passing),
        CANCELED: (f"it was canceled at {provider} before it was sent", "resend it if it is still needed", sender),
        NO_REASON: (f"it was not delivered, and {provider} gave no reason", f"{LATER}, or {ANOTHER}", passing),
        OPTED_OUT: ("they asked us to stop", f"{ANOTHER}, or wait until they send START", Blame.RECIPIENT),
        BLOCKED: ("you or a colleague blocked this person", "unblock them, then try again", Blame.RECIPIENT),
        STOP_ASKED: (
            "it was held back, for they may want no more messages",
            "read what they wrote, then try it again or leave it",
            Blame.RECIPIENT,
        ),
        WINDOW: ("the window is closed", "choose a template", Blame.WINDOW),
        CONFLICT: (
            f"another program receives this inbox's messages from {provider}",
            "ask an administrator to stop it",
            sender,
        ),
        WEBHOOK: (
            f"{provider} sends this inbox's messages to a webhook",
            "ask an administrator to check the inbox",
            sender,
        ),
        DISCONNECTED: ("the inbox was disconnected", f"reconnect it and retry, or {ANOTHER}", message),
        UNCONFIRMED: (f"{provider} doesn't confirm the inbox", "check it to see what is wrong", sender),
        NO_WEBHOOK: (f"{provider} has no webhook set for it", "check it to see what is missing", sender),
        WEBHOOK_FAILS: (f"{provider}'s calls to our webhook fail", "check it to see why", sender),
        NO_PUBLIC_URL: ("no public URL is set for its webhook", "ask an administrator to run serve with one", sender),
        NOT_RECEIVED: (
            f"new messages can't be fetched from {provider}",
            "they will arrive when it can be reached again",
            passing,
        ),
    }


def query_error(provider: str, result: SendResult, explain: Callable[[str], Failure]) -> ChannelError:
    """Return the failure of a query (a check, a list, a profile) as an error with a sentence for the agent.

    `provider` is its name in sentences. `explain` is that of the provider's module of errors; its words for what may
    have been sent aren't taken, as a query sends nothing.
    """
    match result:
        case Accepted():
            return ChannelError(f"{provider}'s answer can't be read.", UNREADABLE)
        case OutcomeUnknown(code=code, detail=detail):
            words = {
                TIMEOUT: f"{provider} didn't answer in time",
                DROPPED: f"The connection to {provider} broke",
                UNREADABLE: f"{provider}'s answer can't be read",
            }
            return ChannelError(f"{words.get(code, f'{provider} had an internal error')} ({detail}).", code)
        case NotSent(code=code, retry_after=retry_after):
            return ChannelError(sentence(explain(code).happened), code, retry_after)
        case Refused(code=code):
            return ChannelError(sentence(explain(code).happened), code)
