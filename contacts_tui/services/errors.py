"""What services raise on purpose. Each error carries one sentence for the agent."""

from collections.abc import Sequence

from contacts_tui.domain.contact import Contact
from contacts_tui.domain.message import Message
from contacts_tui.domain.reachability import ChannelState


class ServiceError(Exception):
    """Something the agent asked for can't be done."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        """What is wrong and what to do."""


class BadInput(ServiceError):
    """The input can't be right."""


class NotFound(ServiceError):
    """There is nothing of that name, number or id."""


class NotAllowed(ServiceError):
    """The agent has no right to do this."""


class Ambiguous(ServiceError):
    """Several people fit."""

    def __init__(self, sentence: str, candidates: Sequence[Contact]) -> None:
        super().__init__(sentence)
        self.candidates = tuple(candidates)


class Refused(ServiceError):
    """The person can't be reached like this now."""

    def __init__(self, state: ChannelState) -> None:
        super().__init__(f"{state.channel.label}: {state.why_closed}")
        self.state = state


class MayWantToStop(ServiceError):
    """The person wrote what reads like a wish for no more messages, and no agent has decided yet to write anyway."""

    def __init__(self, sentence: str, identity_id: int) -> None:
        super().__init__(sentence)
        self.identity_id = identity_id


class AnsweredSince(ServiceError):
    """The person was answered after the text was begun, by another agent or from another terminal."""

    def __init__(self, sentence: str, answers: Sequence[Message]) -> None:
        super().__init__(sentence)
        self.answers = tuple(answers)
        """The answers, newest first."""
