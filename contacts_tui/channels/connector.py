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
"""How a credential is given."""
PLACE = "Write env:NAME for an environment variable, file:PATH for a file, or keyring:NAME for the key ring."
"""The same in a sentence, for forms."""


class BadField(ChannelError):
    """What was given for an inbox can't be right."""


Rule = Callable[[InboxForm], str]
"""Brings a value of a form into its one spelling. Raises BadField."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Something that an inbox of a connector needs."""

    field: InboxField
    rule: Rule
    is_asked: bool = True
    """Whether a form asks for it; otherwise only the command takes it."""


class Ability(StrEnum):
    """What a connector can do besides carrying texts."""

    TEMPLATES = "templates"
    """It has pre-approved messages, with which an agent may write first."""
    TAGS = "tags"
    """It carries what a person wrote under a tag, after the window has closed."""
    FETCHES_FILES = "fetches_files"
    """It wants an address to fetch files from, and not the files themselves."""
    NAMES_APART = "names_apart"
    """Its messages don't say who wrote: people's names are asked for."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a webhook that was taken is answered."""

    status: int = 200
    body: str = ""
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Webhook:
    """How the provider calls our receiver."""

    kinds: tuple[WebhookKind, ...] = (WebhookKind.INBOUND,)
    """Which of an inbox's addresses it calls: messages and statuses may come to one."""
    replies: Mapping[WebhookKind, Reply] = field(default_factory=dict)
    """Other answers than a bare 200."""
    signature: str = ""
    """The header, in lower case, without which a request is nobody's of the provider; empty when there is none."""
    shared_by: str = ""
    """The option whose value inboxes have in common that share one webhook, which is then offered to all of them, and
    tells only of some; empty when each has its own."""


def no_link(address: str) -> str:
    """Return that there is no address by which a person could write first."""
    return ""


def nothing_to_enter(inbox: Inbox, inbound: str, status: str) -> Iterator[str]:
    """Return that nothing has to be set at the provider."""
    return iter(())


@dataclass(frozen=True, slots=True)
class Connector:
    """One provider's way of carrying one channel."""

    provider: Provider
    channel: Channel
    name: str
    """What people call the provider."""
    adapter: str
    """Where its adapter is, as `module:Class`; imported at its first use."""
    errors: str
    """The module whose `explain` reads its error codes."""
    limits: Limits
    settings: tuple[Setting, ...]
    """What an inbox needs besides its name, in the order in which it is asked for."""
    evidence: Evidence
    abilities: frozenset[Ability] = frozenset()
    webhook: Webhook = Webhook()
    kept_for: timedelta | None = None
    """How long it goes on trying to hand over what people wrote; None for one that never tries again, but lists it (see
    `base.Listing`)."""
    link: Callable[[str], str] = no_link
    """From an inbox's address, the one to share that lets people write first; empty when there is none."""
    to_enter: Callable[[Inbox, str, str], Iterator[str]] = nothing_to_enter
    """What is to be entered at the provider: lines, from the inbox and its addresses for messages and statuses (empty
    without a public URL)."""

    @property
    def key(self) -> tuple[str, str]:
        """Its provider and channel, as they stand in the store."""
        return self.provider.value, self.channel.value

    def can(self, ability: Ability) -> bool:
        """Return whether it can do this."""
        return ability in self.abilities


def reference(form: InboxForm) -> str:
    """Return where an inbox's credential is. Raises BadField."""
    if not secrets.is_reference(form.secret.strip()):
        raise BadField(f"the secret itself is never stored: give {REFERENCE}, where it can be read")
    return form.secret.strip()
