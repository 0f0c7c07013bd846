"""Who a person is, and at the bottom the channels on which they can be written to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region
from textual.message import Message

from contacts_tui.domain import local_time
from contacts_tui.domain.address import display_phone, is_of_inbox, time_zone_of
from contacts_tui.domain.bars import bars
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.contact import Identity
from contacts_tui.domain.durations import ago_words
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.presence import Presence, listed_words, with_person
from contacts_tui.domain.reachability import ChannelState
from contacts_tui.domain.text import clean, one_line
from contacts_tui.domain.urgency import QueueEntry, standing_words
from contacts_tui.domain.views import ContactCard
from contacts_tui.widgets.messaging_section import MessagingSection
from contacts_tui.widgets.person_lines import PersonLine, PersonLines
from contacts_tui.widgets.person_name import person_name

_NO_INBOXES: Mapping[int, Inbox] = MappingProxyType({})


class ActivityCard(VerticalScroll, can_focus=False):
    """The panel on the right of a contact. It scrolls when the terminal is low; the keys stay with its parts."""

    DEFAULT_CSS = """
    ActivityCard {
        padding: 0 1;
        scrollbar-size-vertical: 1;
        & > PersonLines { height: auto; margin-bottom: 1; }
    }
    """

    @dataclass
    class FieldChosen(Message):
        """A line that can be edited was chosen."""

        field: str
        """Which field of the person it shows, and which of several: "tags", "phones:1"."""
        place: Region
        """Where the line stands on the screen."""

    def __init__(self, clock: Clock, agent: str) -> None:
        """Show the card to `agent`: an owner of that name is "you"."""
        super().__init__()
        self._clock = clock
        self._agent = agent
        self._card: ContactCard | None = None
        self._present: Sequence[Presence] = ()

    def compose(self) -> ComposeResult:
        """Yield the person's data, and the messaging section."""
        yield PersonLines()
        yield MessagingSection(self._clock)

    def on_person_lines_chosen(self, event: PersonLines.Chosen) -> None:
        """Tell the screen which line was chosen."""
        event.stop()
        self.post_message(self.FieldChosen(event.field, event.place))

    def on_person_lines_left_below(self) -> None:
        """Go from the lines to the channels."""
        self.section.focus()

    def on_messaging_section_left_above(self) -> None:
        """Go from the channels to the lines."""
        if self._card is not None:
            self.query_one(PersonLines).enter_from_below()

    @property
    def section(self) -> MessagingSection:
        """The messaging section."""
        return self.query_one(MessagingSection)

    def set_card(
        self,
        card: ContactCard,
        inboxes: Mapping[int, Inbox] = _NO_INBOXES,
        channels: Sequence[ChannelState] | None = None,
        current: Channel | None = None,
    ) -> None:
        """Show another card, or the same one at a later time. `inboxes` by id, as far as known.

        `channels` replace the card's own where the agent writes on one of them by another route than the card would
        choose; `current` is the channel being written on.
        """
        self._card = card
        self._show_who()
        self.section.set_channels(card.channels if channels is None else channels, inboxes, current)

    def set_present(self, others: Sequence[Presence]) -> None:
        """Show which agents have the person open in other programs; `others` are those of all people."""
        self._present = others
        self._show_who()

    def _show_who(self) -> None:
        if (card := self._card) is not None:
            here = listed_words(with_person(self._present, card.contact.id), self._agent)
            self.query_one(PersonLines).set_lines(list(_lines(card, self._agent, self._clock(), here)))


def local_time_words(address: str, zone: str, now: datetime) -> str:
    """Return the time where a number is, "Lagos, 02:14 there, night", or nothing. `zone` overrides the number's."""
    name = zone or time_zone_of(address)
    there = local_time.words(name, now)
    place = one_line(name.rsplit("/", 1)[-1].replace("_", " "))
    return f"{place}, {there}" if there else ""


def _lines(card: ContactCard, agent: str, now: datetime, here: str) -> Iterator[PersonLine]:
    contact = card.contact
    yield PersonLine(person_name(contact.id, contact.name), "name")
    if contact.company:
        yield PersonLine(Content(one_line(contact.company)), "company")
    numbers = 0
    for identity in _once(card.identities):
        line = _address(identity, contact.time_zone, now)
        if identity.channel.by_phone and not is_of_inbox(identity.channel, identity.key):
            yield PersonLine(line, f"phones:{numbers}")
            numbers += 1
        else:
            yield PersonLine(line)
    for place, email in enumerate(contact.emails):
        yield PersonLine(Content(one_line(email)), f"emails:{place}")
    seen = "never" if card.last_seen_at is None else ago_words(now - card.last_seen_at)
    owner = "you" if contact.owner and contact.owner == agent else one_line(contact.owner) or "nobody"
    if card.entry is not None:
        yield PersonLine(_queue(card.entry, now))
    yield PersonLine(_named("owner", owner), "owner")
    if here:
        yield PersonLine(Content.assemble(("here  ", "$text-muted"), (here, "$text-accent")))
    yield PersonLine(_named("last seen", seen))
    if contact.blocked_at is not None:
        yield PersonLine(Content.styled("blocked by us", "$text-warning"), "blocked")
    if contact.language:
        yield PersonLine(_named("language", one_line(contact.language)), "language")
    if contact.tags:
        yield PersonLine(_named("tags", ", ".join(map(one_line, contact.tags))), "tags")
    for name, value in contact.attributes.items():
        yield PersonLine(_named(one_line(name), one_line(value)), f"attributes:{name}")
    if contact.note:
        yield PersonLine(_named("note", clean(contact.note)), "note")
    if any(card.weeks):
        yield PersonLine(_weeks(card.weeks))


def _queue(entry: QueueEntry, now: datetime) -> Content:
    is_late = entry.deadline is not None and entry.deadline <= now
    return Content.assemble(
        ("queue  ", "$text-muted"), (standing_words(entry, now), "$text-warning" if is_late else "")
    )


def _once(identities: tuple[Identity, ...]) -> list[Identity]:
    """Return the identities, with the same number on SMS and WhatsApp only once: it is one line."""
    found: dict[str, Identity] = {}
    for identity in identities:
        found.setdefault(identity.key if identity.channel.by_phone else f"{identity.channel} {identity.key}", identity)
    return list(found.values())


def _address(identity: Identity, zone: str, now: datetime) -> Content:
    if not identity.channel.by_phone:
        return _named(identity.channel.label, one_line(identity.address))
    there = local_time_words(identity.address, zone, now)
    number = one_line(display_phone(identity.address))
    return Content.assemble(number, (f"  {there}" if there else "", "$text-muted"))


def _named(name: str, value: str) -> Content:
    return Content.assemble((f"{name}  ", "$text-muted"), value)


def _weeks(weeks: tuple[int, ...]) -> Content:
    total = sum(weeks)
    words = f"  {total} message{'' if total == 1 else 's'} in {len(weeks)} weeks"
    return Content.assemble((bars(weeks), "$accent"), (words, "$text-muted"))
