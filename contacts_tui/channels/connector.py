"""What a connector is: one provider's way of carrying one channel, in one descriptor. Imports no SDK."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from contacts_tui.channels import secrets
from contacts_tui.channels.base import ChannelError, WebhookKind
from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.inbox import Inbox, InboxField, InboxForm
from contacts_tui.domain.limits import Limits
from contacts_tui.domain.unknown_outcome import Evidence

REFERENCE = "env:NAME, file:PATH or keyring:NAME"
"""The forms of a reference to a credential."""
PLACE = "Write env:NAME for an environment variable, file:PATH for a file, or keyring:NAME for the key ring."
"""The same in a sentence, for forms."""


class BadField(ChannelError):
    """A value that was entered for an inbox isn't valid."""


Rule = Callable[[InboxForm], str]
"""Returns a value of a form in its canonical spelling; raises BadField."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A value that a connector needs for each of its inboxes."""

    field: InboxField
    rule: Rule
    is_asked: bool = True
    """Whether the form asks for it; otherwise only the command takes it."""


class Ability(StrEnum):
    """What a connector can do besides carrying texts."""

    TEMPLATES = "templates"
    """It has templates, with which an agent may write first."""
    TAGS = "tags"
    """It carries text that an agent wrote, under a tag, after the window has closed."""
    FETCHES_FILES = "fetches_files"
    """It fetches files from an address, and doesn't take the files themselves."""
    NAMES_APART = "names_apart"
    """Its messages don't name their sender: the names are asked for separately."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a webhook that was accepted."""

    status: int = 200
    body: str = ""
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Webhook:
    """How the provider calls our receiver."""

    kinds: tuple[WebhookKind, ...] = (WebhookKind.INBOUND,)
    """Which of an inbox's addresses it calls: messages and statuses may go to the same one."""
    replies: Mapping[WebhookKind, Reply] = field(default_factory=dict)
    """Answers other than a bare 200."""
    signature: str = ""
    """The header, in lower case, that each of the provider's requests has; empty when there is none."""
    shared_by: str = ""
    """The option in which inboxes that share one webhook have the same value: each request is then offered to all of
    them, and may concern only some. Empty when each inbox has its own webhook."""


def no_link(address: str) -> str:
    """Return an empty link: no address lets a person write first."""
    return ""


def nothing_to_enter(inbox: Inbox, inbound: str, status: str) -> Iterator[str]:
    """Return no lines: nothing has to be set at the provider."""
    return iter(())


@dataclass(frozen=True, slots=True)
class Connector:
    """One provider's way of carrying one channel."""

    provider: Provider
    channel: Channel
    name: str
    """What people call the provider."""
    adapter: str
    """Its adapter, as `module:Class`; imported when first used."""
    errors: str
    """The module whose `explain` explains its error codes."""
    limits: Limits
    settings: tuple[Setting, ...]
    """What an inbox needs besides its name, in the order in which it is asked for."""
    evidence: Evidence
    abilities: frozenset[Ability] = frozenset()
    webhook: Webhook = Webhook()
    kept_for: timedelta | None = None
    """How long the provider keeps trying to deliver inbound messages; None for one that never retries, but lists them
    (see `base.Listing`)."""
    link: Callable[[str], str] = no_link
    """Returns, for an inbox's address, the link to share that lets people write first; empty when there is none."""
    to_enter: Callable[[Inbox, str, str], Iterator[str]] = nothing_to_enter
    """Returns the lines to show of what has to be entered at the provider, for an inbox and its addresses for messages
    and statuses (empty without a public URL)."""

    @property
    def key(self) -> tuple[str, str]:
        """Its provider and channel, as they stand in the store."""
        return self.provider.value, self.channel.value

    def can(self, ability: Ability) -> bool:
        """Return whether the connector has this ability."""
        return ability in self.abilities


def reference(form: InboxForm) -> str:
    """Return the reference to an inbox's credential. Raise BadField when it isn't one."""
    if not secrets.is_reference(form.secret.strip()):
        raise BadField(f"the secret itself is never stored: give {REFERENCE}, where it can be read")
    return form.secret.strip()
