"""What can go wrong with the store, in sentences. A backend turns a database's own error into one of these."""

from contacts_tui.domain.contact import Identity


class StoreError(Exception):
    """The store can't be opened, read or written. Nothing of the call that met it was stored."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        """What happened, and what to do, for a status line or standard error."""


class Contradiction(StoreError):
    """What was to be stored contradicts what is there, or can't be kept at all: a busy store is not meant."""


class StoreBusy(StoreError):
    """Another program kept the store locked, or the caller could not wait any longer."""


class ReadOnlyStore(StoreError):
    """The store can be read, and nothing can be stored in it."""


class StoreLost(StoreError):
    """The store is not the one any more that this process opened: nothing it asks for can be done from now on."""


class InboxExists(StoreError):
    """An inbox with this name, or for this address, is there already."""


class IdentityTaken(Exception):
    """The address belongs to another contact."""

    def __init__(self, identity: Identity) -> None:
        super().__init__(f"{identity.address} belongs to another contact")
        self.identity = identity
        """The address as the other contact has it."""
