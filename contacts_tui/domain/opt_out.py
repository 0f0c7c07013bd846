"""Words by which a person refuses further messages, or allows them again."""

from enum import StrEnum


class OptWord(StrEnum):
    """What a keyword asks for."""

    STOP = "stop"
    """No more messages on this address."""
    START = "start"
    """Messages are welcome again."""


_WORDS = {
    **dict.fromkeys(("stop", "unsubscribe", "end", "quit", "stopall", "revoke", "optout", "cancel"), OptWord.STOP),
    **dict.fromkeys(("start", "unstop", "yes"), OptWord.START),
}
"""Twilio's default opt-out and opt-in keywords for SMS. No other channel has any: there a word is a word."""


def opt_word(text: str) -> OptWord | None:
    """The keyword a message is, or None.

    The keyword has to be the whole message, in any case, with nothing but white space around it: "Stop
    texting me" is none, and neither is "Yes!" nor "STOP.". The provider blocks only on the bare word, and an
    opt-out that the provider doesn't share could not be undone at its side; where it does block more, its
    21610 tells us at the next send.
    """
    return _WORDS.get(text.strip().casefold())
