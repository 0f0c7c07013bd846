"""Templates: listed from the store, synced from the provider."""

from sqlmodel import Session

from contacts_tui.channels.base import ChannelError
from contacts_tui.channels.registry import Adapters
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.health import Source
from contacts_tui.domain.template import Template
from contacts_tui.services import inbox_problems, inboxes
from contacts_tui.services.errors import NotFound
from contacts_tui.store import templates
from contacts_tui.store.store import Store


def listed(session: Session, clock: Clock, inbox_id: int) -> tuple[Template, ...]:
    """Return all templates of an inbox, the approved ones first."""
    return templates.listed(session, inbox_id)


async def sync(store: Store, adapters: Adapters, inbox_id: int) -> int:
    """Fetch all templates of an inbox's account and return how many there are.

    Raise ChannelError when the provider can't be asked (the stored list stays), NotFound for an unknown inbox.
    """
    inbox = await store.read(inboxes.get, inbox_id)
    if inbox is None:
        raise NotFound("there is no such inbox")
    try:
        found = await adapters.get(inbox.provider).templates(inbox, store.clock())
    except ChannelError as error:
        await store.run(inbox_problems.failed, inbox_id, Source.TEMPLATES, error.code)
        raise
    await store.run(_replace, inbox_id, tuple(found))
    return len(found)


def _replace(session: Session, clock: Clock, inbox_id: int, found: tuple[Template, ...]) -> None:
    templates.replace_all(session, clock, inbox_id, found)
    inbox_problems.worked(session, clock, inbox_id, Source.TEMPLATES)
