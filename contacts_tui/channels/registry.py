"""The adapters of a process, and the explanations of providers' codes. Each adapter is imported when first needed."""

import importlib

from contacts_tui.channels import connectors, local_errors
from contacts_tui.channels.base import Adapter, ChannelError, Explain, ResolveSecret
from contacts_tui.channels.secrets import resolve as resolve_secret
from contacts_tui.domain.channel import Provider
from contacts_tui.domain.failure import Blame, Failure


class Adapters:
    """The adapters of one process, each made once. Belongs to the event loop on which it is used."""

    def __init__(self, resolve: ResolveSecret = resolve_secret) -> None:
        """Take `resolve`, which reads the inboxes' credentials."""
        self._resolve = resolve
        self._made: dict[str, Adapter] = {}

    def get(self, provider: Provider) -> Adapter:
        """Return the adapter of a provider. Raise ChannelError for one that only a newer version knows."""
        connector = connectors.of_provider(provider)
        if connector is None:
            raise ChannelError(
                f"This contacts-tui doesn't know {provider.value}: update it.", local_errors.UNKNOWN_PROVIDER
            )
        if connector.adapter not in self._made:
            module, _, name = connector.adapter.partition(":")
            self._made[connector.adapter] = getattr(importlib.import_module(module), name)(self._resolve)
        return self._made[connector.adapter]

    async def aclose(self) -> None:
        """Close every adapter's connections."""
        made, self._made = self._made, {}
        for adapter in made.values():
            await adapter.aclose()


def explain(provider: Provider, code: str) -> Failure:
    """Return the explanation of a provider's code, or of one of ours, without importing an SDK."""
    connector = connectors.of_provider(provider)
    if connector is None:
        return Failure(code, f"{provider.value} reported {code}", "update contacts-tui to read more", Blame.PASSING)
    read: Explain = importlib.import_module(connector.errors).explain
    return read(code)
