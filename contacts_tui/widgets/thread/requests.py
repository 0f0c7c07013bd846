"""What a thread tells its screen: what it needs to go on, and what the agent wants to do with a message."""

from dataclasses import dataclass

from textual.message import Message

from contacts_tui.domain.links import Link
from contacts_tui.domain.views import MessageView


@dataclass
class AboutMessage(Message, namespace="thread_view"):
    """The agent wants something done with one message."""

    message_id: int


@dataclass
class OlderWanted(Message, namespace="thread_view"):
    """The agent scrolls near the first message held, and there are older ones. Answer with `put_older`."""

    before: int
    """Id of the first message held."""


@dataclass
class NewerWanted(Message, namespace="thread_view"):
    """The agent scrolls near the last message held, and newer ones were let go. Answer with `put_newer`."""

    after: int
    """Id of the last message held."""


@dataclass
class PicturesSeen(Message, namespace="thread_view"):
    """Messages with a picture came into view. Answer with `set_thumbnail`, sooner or later."""

    message_ids: tuple[int, ...]


class LatestWanted(Message, namespace="thread_view"):
    """The agent jumps to the end, and the end is not held. Answer with `show`."""


class EndSeen(Message, namespace="thread_view"):
    """The end of the thread came into sight, or something new came there."""


class DetailsWanted(AboutMessage, namespace="thread_view"):
    """The agent wants to know what happened to a message."""


class RetryWanted(AboutMessage, namespace="thread_view"):
    """The agent wants a message tried again; `MessageView.can_retry` holds for it."""


class ArrivedWanted(AboutMessage, namespace="thread_view"):
    """The agent knows that a message of unknown outcome arrived; `MessageView.unknown_outcome` is not None."""


class InsteadWanted(AboutMessage, namespace="thread_view"):
    """The agent wants to send the text on another channel; `MessageView.instead` has offers."""


@dataclass
class SaveWanted(Message, namespace="thread_view"):
    """The agent wants the files of a message saved."""

    view: MessageView


@dataclass
class OpenWanted(Message, namespace="thread_view"):
    """The agent wants the files of a message shown by the desktop."""

    view: MessageView


@dataclass
class LinkWanted(Message, namespace="thread_view"):
    """The agent wants to open a link in a message."""

    link: Link


@dataclass
class LinksWanted(Message, namespace="thread_view"):
    """The agent asks for the links of a message."""

    links: tuple[Link, ...]


@dataclass
class CopyWanted(Message, namespace="thread_view"):
    """The agent wants the words of a message on the clipboard."""

    words: str
