"""`contacts-tui people list` and `show`."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from contacts_tui.cli.channels import say_channels
from contacts_tui.cli.declare import Contact, Json, Limit, Option, command
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.open_store import open_to_read
from contacts_tui.cli.output import local_time, say, say_json, say_list
from contacts_tui.config import Config
from contacts_tui.domain import delivery
from contacts_tui.domain.address import display_phone
from contacts_tui.domain.durations import ago_short, remaining_short
from contacts_tui.domain.listing import PersonRow, SearchResult
from contacts_tui.domain.local_time import words as time_there
from contacts_tui.domain.media import NO_TEXT, media_word
from contacts_tui.domain.message import Direction
from contacts_tui.domain.text import one_line
from contacts_tui.domain.view import EVERYBODY
from contacts_tui.domain.views import ContactCard
from contacts_tui.services import people, views
from contacts_tui.services.errors import BadInput
from contacts_tui.store.store import Store


class Place(StrEnum):
    """A built-in view, by a short name."""

    ALL = "all"
    UNREAD = "unread"
    CLOSING = "closing"
    FAILED = "failed"


_VIEWS = {
    Place.ALL: EVERYBODY,
    Place.UNREAD: "Unread",
    Place.CLOSING: "Closing soon",
    Place.FAILED: "Failed or unknown",
}
_MOST = 10_000_000
"""More people than any store has."""


@command("contacts-tui people list --place unread", only_tells=True)
def list_people(
    config: Config,
    place: Annotated[
        Place,
        Option("which people: everyone, with unread messages, whose window closes soon, whose last message failed"),
    ] = Place.ALL,
    search: Annotated[str, Option("people whose name, number, email or messages contain this", "TEXT")] = "",
    matching: Annotated[
        str,
        Option(
            "people who fit a filter, such as `assignee:me tag:vip waiting>30m order:urgent`, or the name of a view",
            "FILTER",
            name="--filter",
        ),
    ] = "",
    limit: Limit = 50,
    as_json: Json = False,
) -> Exit:
    """Print the people of a place, or those who match a search or a filter."""
    if matching and (search or place is not Place.ALL):
        raise BadInput("--filter goes without --search and --place: write their part into the filter")
    with open_to_read(config) as store:
        more = False
        if matching:
            found = fitting(store, matching, config.agent, limit)
            ids, more = found.ids, found.more
        elif search:
            found = store.call_read(people.search, search, limit)
            ids, more = found.ids, found.more
            if place is not Place.ALL:
                there = set(fitting(store, _VIEWS[place], config.agent).ids)
                ids = tuple(contact_id for contact_id in ids if contact_id in there)
        else:
            found = fitting(store, _VIEWS[place], config.agent, limit)
            ids, more = found.ids, found.more
        rows = store.call_read(people.rows, ids)
        now = store.clock()
    if as_json:
        say_json({"people": rows, "more": more})
        return Exit.DONE
    if not rows:
        say(
            "no one matches"
            if search or matching or place is not Place.ALL
            else "no people yet: contacts-tui people import FILE"
        )
        return Exit.DONE
    say_list(
        ("id", "name", "channels", "unread", "age", "window", "last message"),
        (
            (
                str(row.contact_id),
                row.name,
                ", ".join(channel.label for channel in row.channels) or "-",
                str(row.unread or ""),
                ago_short(now - row.last_at) if row.last_at else "",
                remaining_short(row.window_until - now) if row.window_until and row.window_until > now else "",
                _last(row),
            )
            for row in rows
        ),
    )
    if more:
        say(f"the first {len(rows)}; there are more: --limit N shows them")
    return Exit.DONE


def fitting(store: Store, line: str, agent: str, limit: int = _MOST) -> SearchResult:
    """Return at most `limit` people who fit a filter or are in the view of this name. Raise BadInput."""
    names = {view.name.casefold(): view.filter for view in store.call_read(views.listed)}
    return store.call_read(views.matching, names.get(line.strip().casefold(), line), agent, limit)


def _last(row: PersonRow) -> str:
    if row.last_failure is not None:
        return f"not delivered: {row.last_failure.happened}"
    if row.last_at is None:
        return "no conversation yet"
    words = one_line(row.last_text) or (media_word(row.last_media) if row.last_media else NO_TEXT)
    if row.last_direction is Direction.OUT and row.last_status is not None:
        return f"{delivery.mark(row.last_status)} {words}"
    return words


@command("contacts-tui people show 'Amara Okafor'", only_tells=True)
def show(config: Config, contact: Contact, as_json: Json = False) -> Exit:
    """Print a person's card: who they are, and on which channels to reach them."""
    with open_to_read(config) as store:
        found = store.call_read(people.find, contact)
        card = store.call_read(people.card, found.id)
        assert card is not None, "found a moment ago"
        now = store.clock()
    if as_json:
        say_json(card)
        return Exit.DONE
    _say_card(card, now)
    return Exit.DONE


def _say_card(card: ContactCard, now: datetime) -> None:
    contact = card.contact
    say(f"{one_line(contact.name)}  (id {contact.id})")
    addresses = {
        display_phone(item.address) if item.channel.by_phone else item.address: None for item in card.identities
    }
    facts = (
        ("company", contact.company),
        ("numbers", ", ".join(addresses)),
        ("emails", ", ".join(contact.emails)),
        ("tags", ", ".join(contact.tags)),
        ("owner", contact.owner),
        ("time zone", ", ".join(filter(None, (contact.time_zone, time_there(contact.time_zone, now))))),
        ("language", contact.language),
        *((name, value) for name, value in contact.attributes.items()),
        ("last seen", local_time(card.last_seen_at) if card.last_seen_at else ""),
        ("note", contact.note),
    )
    for label, value in facts:
        if value:
            say(f"{one_line(label):<10} {one_line(value)}")
    if contact.blocked_at is not None:
        say(f"{'blocked':<10} since {local_time(contact.blocked_at)}: `people edit {contact.id} --unblock` ends it")
    say()
    say_channels(card.channels)
