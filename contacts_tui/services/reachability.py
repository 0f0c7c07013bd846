"""Whether and how a person can be reached: the rules of `domain.reachability`, applied to what the store knows."""

from sqlmodel import Session

from contacts_tui.channels import connectors, registry
from contacts_tui.channels.connector import Ability
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import Identity
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.reachability import ChannelState, Contactability, Reach, channel_state, route_state
from contacts_tui.services import inbox_problems, route_choice
from contacts_tui.services.errors import NotFound
from contacts_tui.store import contacts, conversations, inboxes, pairs, templates
from contacts_tui.store.pairs import Pair


def routes(
    session: Session, clock: Clock, contact_id: int, channel: Channel, agent: str = ""
) -> tuple[Contactability, ...]:
    """Return every pair of the person's address and our inbox that can meet on a channel.

    A disconnected inbox is among them only for the conversations that it had. `agent` is whose choices count.
    """
    block = contacts.blocked_at(session, contact_id)
    found = (
        _contactability(
            session,
            Pair(identity, inbox, conversations.between(session, identity.id, inbox.id), block),
            route_choice.get(session, agent, identity.id),
        )
        for identity in contacts.identities(session, contact_id)
        for inbox in inboxes.list_all(session)
        if identity.channel is channel and _can_meet(identity, inbox)
    )
    return tuple(each for each in found if each.inbox.is_connected or each.conversation_id is not None)


def channels(session: Session, clock: Clock, contact_id: int, agent: str = "") -> tuple[ChannelState, ...]:
    """Return the messaging section: a state for each channel, reachable or not. `agent` is whose choices count."""
    known = contacts.identities(session, contact_id)
    connected: dict[Channel, list[Inbox]] = {channel: [] for channel in Channel}
    for inbox in inboxes.list_all(session):
        if inbox.is_connected and inbox.channel in connected:
            connected[inbox.channel].append(inbox)
    return tuple(
        channel_state(
            channel,
            inboxes=ours,
            identities=[identity for identity in known if identity.channel is channel],
            routes=routes(session, clock, contact_id, channel, agent),
            link=_link(ours[0]) if ours else "",
            now=clock(),
        )
        for channel, ours in connected.items()
    )


def state(session: Session, clock: Clock, identity_id: int, inbox_id: int) -> ChannelState:
    """Return what may be sent from this inbox to this address now. Raise NotFound when the two can't meet."""
    return state_of(session, clock, pair(session, identity_id, inbox_id))


def pair(session: Session, identity_id: int, inbox_id: int) -> Pair:
    """Return an address and an inbox, whether they can meet or not. Raise NotFound when one of them is gone."""
    found = pairs.between(session, identity_id, inbox_id)
    if found is None:
        raise NotFound("this address or inbox is no longer in the store: choose another way to write")
    return found


def state_of(session: Session, clock: Clock, pair: Pair) -> ChannelState:
    """Return what a pair that this transaction read may send now. Raise NotFound when the two can't meet."""
    if not _can_meet(pair.identity, pair.inbox):
        raise NotFound(f"{pair.inbox.name} can't write to this address: choose another inbox")
    return route_state(_contactability(session, pair), clock())


def allows(reach: Reach, *, has_template: bool, human_agent: bool) -> bool:
    """Return whether a message may be sent: a template, text that may be tagged as HUMAN_AGENT, or plain text."""
    match reach:
        case Reach.OPEN:
            return True
        case Reach.TEMPLATE:
            return has_template
        case Reach.TAGGED:
            return human_agent and not has_template
        case Reach.CLOSED:
            return False


def _link(inbox: Inbox) -> str:
    connector = connectors.of(inbox)
    return "" if connector is None else connector.link(inbox.address)


def _can_meet(identity: Identity, inbox: Inbox) -> bool:
    """Return whether the inbox can write to the address: a chat id or PSID belongs to one inbox, a number to none."""
    return identity.channel is inbox.channel and identity.inbox_id in (None, inbox.id)


def _contactability(session: Session, pair: Pair, chosen: route_choice.Choice | None = None) -> Contactability:
    identity, inbox, conversation = pair.identity, pair.inbox, pair.conversation
    code, connector = identity.refusal_code, connectors.of(inbox)
    return Contactability(
        identity=identity,
        inbox=inbox,
        last_inbound_at=None if conversation is None else conversation.last_inbound_at,
        closed_by_provider_at=None if conversation is None else conversation.closed_by_provider_at,
        approved_templates=templates.approved_count(session, inbox.id)
        if connectors.can(inbox, Ability.TEMPLATES)
        else 0,
        conversation_id=None if conversation is None else conversation.id,
        last_message_at=None if conversation is None else conversation.last_message_at,
        chosen_at=chosen.at if chosen is not None and chosen.inbox_id == inbox.id and inbox.is_connected else None,
        needs_care=inbox_problems.rejected(session, inbox),
        refusal=registry.explain(inbox.provider, code).happened if code else "",
        limits=None if connector is None else connector.limits,
        link=_link(inbox),
        our_block_at=pair.our_block_at,
    )
