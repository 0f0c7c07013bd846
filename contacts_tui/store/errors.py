"""What can go wrong with the store, in sentences. A backend turns the errors of its database into these."""

from contacts_tui.domain.contact import Identity


class StoreError(Exception):
    """The store can't be opened, read or written. Nothing of the call that raised it was stored."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        """What happened, and what to do, for a status line or standard error."""


class Contradiction(StoreError):
    """What was to be stored contradicts what is there, or can't be stored at all. A busy store is a StoreBusy."""


class StoreBusy(StoreError):
    """Another program kept the store locked, or the caller could not wait any longer."""


class ReadOnlyStore(StoreError):
    """The store can be read, and nothing can be stored in it."""


class StoreLost(StoreError):
    """The store is no longer the one that this process opened: every further call fails."""


class InboxExists(StoreError):
    """An inbox with this name, or for this address, exists already."""


class IdentityTaken(Exception):
    """The address belongs to another contact."""

    def __init__(self, identity: Identity) -> None:
        super().__init__(f"{identity.address} belongs to another contact")
        self.identity = identity
        """The address as the other contact has it."""
