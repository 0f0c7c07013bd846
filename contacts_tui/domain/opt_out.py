"""Words by which a person refuses further messages, or allows them again."""

from enum import StrEnum


class OptWord(StrEnum):
    """What a keyword asks for."""

    STOP = "stop"
    """No more messages to this address."""
    START = "start"
    """Messages are welcome again."""


_WORDS = {
    **dict.fromkeys(("stop", "unsubscribe", "end", "quit", "stopall", "revoke", "optout", "cancel"), OptWord.STOP),
    **dict.fromkeys(("start", "unstop", "yes"), OptWord.START),
}
"""Twilio's default opt-out and opt-in keywords for SMS. On no other channel is any word a keyword."""


def opt_word(text: str) -> OptWord | None:
    """Return what a message that is a keyword asks for; None for any other message.

    The keyword has to be the whole message, in any case, with nothing but white space around it: "Stop
    texting me", "Yes!" and "STOP." are none. The provider blocks only on the bare word, and an opt-out that
    the provider doesn't know could not be undone there; where it does block on more, its 21610 tells us at
    the next send.
    """
    return _WORDS.get(text.strip().casefold())
