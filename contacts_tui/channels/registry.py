"""Which adapter carries which provider. Each is imported when it is first needed."""

import importlib
from datetime import timedelta

from contacts_tui.channels import local_errors
from contacts_tui.channels.base import Adapter, ChannelError, Explain, ResolveSecret
from contacts_tui.channels.secrets import resolve as resolve_secret
from contacts_tui.domain.channel import Provider
from contacts_tui.domain.failure import Blame, Failure
from contacts_tui.domain.unknown_values import is_known

ADAPTERS: dict[Provider, tuple[str, str, str]] = {
    Provider.TWILIO: ("contacts_tui.channels.twilio.adapter", "TwilioAdapter", "contacts_tui.channels.twilio.errors"),
    Provider.TELEGRAM: (
        "contacts_tui.channels.telegram.adapter",
        "TelegramAdapter",
        "contacts_tui.channels.telegram.errors",
    ),
    Provider.META: ("contacts_tui.channels.meta.adapter", "MessengerAdapter", "contacts_tui.channels.meta.errors"),
}
"""Provider to the module and class of its adapter, and the module whose `explain` reads its error codes."""


KEPT_FOR: dict[Provider, timedelta] = {Provider.TELEGRAM: timedelta(hours=24), Provider.META: timedelta(days=7)}
"""How long a provider goes on trying to hand over what people wrote. One that is left out never tries again, but can be
asked (see `Listing`). https://core.telegram.org/bots/api#getting-updates; Meta's is that of the Cloud API."""


class Adapters:
    """The adapters of one process, each made once. Belongs to the event loop it is used on."""

    def __init__(self, resolve: ResolveSecret = resolve_secret) -> None:
        """`resolve` reads the inboxes' credentials."""
        self._resolve = resolve
        self._made: dict[Provider, Adapter] = {}

    def get(self, provider: Provider) -> Adapter:
        """The adapter of a provider. Raises ChannelError for one that only a newer version knows."""
        if not is_known(provider):
            raise ChannelError(
                f"This contacts-tui doesn't know {provider.value}: update it.", local_errors.UNKNOWN_PROVIDER
            )
        if provider not in self._made:
            module, name, _ = ADAPTERS[provider]
            self._made[provider] = getattr(importlib.import_module(module), name)(self._resolve)
        return self._made[provider]

    async def aclose(self) -> None:
        """Close every adapter's connections."""
        made, self._made = self._made, {}
        for adapter in made.values():
            await adapter.aclose()


def explain(provider: Provider, code: str) -> Failure:
    """A provider's code, or one of ours, in words. Imports no SDK."""
    if not is_known(provider):
        return Failure(code, f"{provider.value} reported {code}", "update contacts-tui to read more", Blame.PASSING)
    read: Explain = importlib.import_module(ADAPTERS[provider][2]).explain
    return read(code)
