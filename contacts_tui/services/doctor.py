"""Checks of an installation: each finding in words, with what to do about it.

They work while no `serve` runs, and with a store that is locked, full, read-only, damaged or of another program: what
can't be checked is said, and the rest is checked all the same.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

from contacts_tui.channels import secrets
from contacts_tui.channels.base import SecretError
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.durations import ago_words
from contacts_tui.domain.health import InboxHealth, State
from contacts_tui.domain.inbox import Inbox
from contacts_tui.services import health, inboxes, vital_signs
from contacts_tui.services.workers.heartbeat import LEASE
from contacts_tui.store import backends, deadline, receivers
from contacts_tui.store.backends.protocol import Backend
from contacts_tui.store.errors import ReadOnlyStore, StoreError
from contacts_tui.store.revision import HEAD
from contacts_tui.store.store import Store

PATIENCE = 3.0
"""Seconds within which the store has to answer."""
LITTLE_ROOM = 500 * 1024 * 1024
"""Bytes of free disk below which it needs attention."""
NO_ROOM = 20 * 1024 * 1024
"""Bytes of free disk below which it fails."""
EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)
"""A clock that is earlier is wrong: this program didn't exist yet."""
AHEAD = timedelta(minutes=2)
"""How much later than this machine's clock the times in the store may be."""


_CARE = "contacts-tui store check says what is damaged; contacts-tui store restore puts a backup in its place"


class Verdict(StrEnum):
    """How well a thing works."""

    OK = "ok"
    ATTENTION = "attention"
    """It works, but needs a look."""
    FAILED = "failed"
    """It doesn't work."""


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of checking one thing."""

    about: str
    verdict: Verdict
    said: str
    """What was found, as a sentence without its full stop."""
    remedy: str = ""
    """What to do; empty where nothing has to be done."""


def examine(location: str, clock: Clock) -> Iterator[Finding]:
    """Check everything that can be checked, and yield the findings one after the other."""
    try:
        backend = backends.of(location)
    except StoreError as error:
        yield Finding("store", Verdict.FAILED, str(error), "correct the store's location in the configuration")
        return
    yield _clock_is_sane(clock())
    yield _room(backend.files.parent)
    try:
        is_there = backend.exists()
    except StoreError as error:
        yield _closed(error)
        return
    if not is_there:
        yield Finding(
            "store", Verdict.FAILED, f"{backend.name} doesn't exist yet", "start contacts-tui once, which makes it"
        )
        return
    yield _private(backend)
    yield _integrity(backend)
    yield from _database(backend)
    try:
        with deadline.within(PATIENCE):
            store = Store.open(location, clock)
    except StoreError as error:
        yield _closed(error)
        return
    with closing(store):
        yield Finding("store", Verdict.OK, f"{backend.name} opens, revision {HEAD}")
        for look in (_writable, _receiver, _public_url, _inboxes, _secrets, _queue, _times):
            yield from _guarded(store, look)


def _guarded(store: Store, look: Callable[[Store], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        with deadline.within(PATIENCE):
            found = list(look(store))
    except StoreError as error:
        about = look.__name__.strip("_").replace("_", " ")
        yield Finding(about, Verdict.FAILED, f"the store can't be read: {error}", "fix the store first")
    else:
        yield from found


def _clock_is_sane(now: datetime) -> Finding:
    if now < EARLIEST:
        return Finding("clock", Verdict.FAILED, f"this machine thinks it is {now:%Y-%m-%d}", "set its clock")
    return Finding("clock", Verdict.OK, f"it is {now.astimezone():%Y-%m-%d %H:%M} here")


def _room(place: Path) -> Finding:
    folder = next((each for each in (place, *place.parents) if each.exists()), Path("/"))
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return Finding("disk", Verdict.FAILED, f"{folder} can't be checked: {error.strerror}", "check the disk")
    said = f"{free // 1024**2:,} MB free under {folder}"
    if free < NO_ROOM:
        return Finding("disk", Verdict.FAILED, said, "free some space, or nothing can be stored")
    if free < LITTLE_ROOM:
        return Finding("disk", Verdict.ATTENTION, said, "free some space")
    return Finding("disk", Verdict.OK, said)


def _closed(error: StoreError) -> Finding:
    return Finding("store", Verdict.FAILED, f"it can't be opened: {error}", "follow this sentence, then check again")


def _private(backend: Backend) -> Finding:
    try:
        said = backend.exposure()
    except StoreError as error:
        return Finding("privacy", Verdict.FAILED, str(error), "follow this sentence, then check again")
    if said:
        what, _, remedy = said.partition(": ")
        return Finding("privacy", Verdict.ATTENTION, what, remedy)
    return Finding("privacy", Verdict.OK, "nobody else was let into the store")


def _integrity(backend: Backend) -> Finding:
    """Return what the database's own check says, the quick one, on a connection that can't write."""
    try:
        with backend.look(PATIENCE) as session:
            damage = backend.damage(session, quickly=True)
    except StoreError as error:
        said, _, remedy = error.sentence.partition(": ")
        verdict = Verdict.ATTENTION if isinstance(error, ReadOnlyStore) else Verdict.FAILED
        return Finding("integrity", verdict, said, remedy or _CARE)
    if damage:
        return Finding("integrity", Verdict.FAILED, f"the store is damaged: {damage}", _CARE)
    return Finding("integrity", Verdict.OK, "no damage was found")


def _database(backend: Backend) -> Iterator[Finding]:
    """Yield what the database says of itself; nothing where it can't be opened, which another finding says already."""
    with suppress(StoreError), backend.look(PATIENCE) as session:
        for concern in backend.concerns(session):
            worst = Verdict.FAILED if concern.is_failure else Verdict.ATTENTION
            verdict = worst if concern.remedy else Verdict.OK
            yield Finding(concern.about, verdict, concern.said, concern.remedy)


def _writable(store: Store) -> Iterator[Finding]:
    if store.read_only:
        yield Finding("writing", Verdict.FAILED, store.read_only, "make the store writable for this user")
        return
    try:
        store.call(vital_signs.write)
    except StoreError as error:
        yield Finding(
            "writing", Verdict.FAILED, str(error), "stop the program that keeps it locked, or free some space"
        )
        return
    yield Finding("writing", Verdict.OK, "it can be written")


def _receiver(store: Store) -> Iterator[Finding]:
    now = store.clock()
    known = store.call_read(lambda session, _: receivers.listed(session))
    live = [receiver for receiver in known if not receiver.left and abs(now - receiver.at) <= LEASE]
    if live:
        yield Finding("serve", Verdict.OK, f"{len(live)} running, last heartbeat {ago_words(now - live[0].at)}")
    elif any(not inbox.is_polled for inbox in store.call_read(inboxes.listed)):
        last = max((receiver.at for receiver in known), default=None)
        said = "it never ran" if last is None else f"it isn't running; the last heartbeat was {ago_words(now - last)}"
        yield Finding("serve", Verdict.FAILED, said, "start contacts-tui serve: it fetches what was missed at Twilio")
    else:
        yield Finding("serve", Verdict.OK, "it isn't running, and no inbox needs it")


def _public_url(store: Store) -> Iterator[Finding]:
    url = store.call_read(inboxes.public_url)
    needed = any(not inbox.is_polled for inbox in store.call_read(inboxes.listed))
    if not url and needed:
        remedy = "start contacts-tui serve --public-url https://… once"
        yield Finding("public URL", Verdict.FAILED, "none is set, so providers can't report", remedy)
    elif url and not url.startswith("https://") and needed:
        yield Finding(
            "public URL", Verdict.ATTENTION, f"{url} is not https", "providers need https, except in a sandbox"
        )
    else:
        yield Finding("public URL", Verdict.OK, url or "none is needed")


def _inboxes(store: Store) -> Iterator[Finding]:
    now = store.clock()
    for found in store.call_read(health.listed):
        if found.state is not State.DISCONNECTED:
            yield _inbox(found, now)


def _inbox(found: InboxHealth, now: datetime) -> Finding:
    inbox = found.inbox
    received, sent = (ago_words(now - at) if at else "never" for at in (inbox.last_received_at, inbox.last_outbound_at))
    about = f"inbox {inbox.name}"
    since = f"last received {received}, last sent {sent}"
    match found.state:
        case State.LIVE:
            return Finding(about, Verdict.OK, f"live; {since}")
        case State.MISSING:
            waits = any(gap.is_lost for gap in found.gaps)
            remedy = f"contacts-tui inbox catch-up {'--acknowledge ' if waits else ''}{inbox.name!r}"
            return Finding(about, Verdict.FAILED, f"{found.missing}; {since}", remedy)
        case _:
            said, _, remedy = found.care.partition(": ")
            missing = f"; {found.missing}" if found.missing else ""
            return Finding(about, Verdict.FAILED, f"{said}{missing}; {since}", remedy)


def _secrets(store: Store) -> Iterator[Finding]:
    for inbox in store.call_read(inboxes.listed):
        for reference in _references(inbox):
            yield _secret(inbox, reference)


def _references(inbox: Inbox) -> list[str]:
    return [each for each in (inbox.secret, inbox.options.get("app_secret", "")) if each]


def _secret(inbox: Inbox, reference: str) -> Finding:
    about = f"secret of {inbox.name}"
    try:
        secrets.resolve(reference)
    except SecretError as error:
        remedy = "set it for this user; `serve` may still have it if it runs as another"
        return Finding(about, Verdict.ATTENTION, error.sentence.rstrip("."), remedy)
    if said := secrets.exposed(reference):
        what, _, remedy = said.partition(": ")
        return Finding(about, Verdict.ATTENTION, what, remedy.rstrip("."))
    return Finding(about, Verdict.OK, "it can be read")


def _queue(store: Store) -> Iterator[Finding]:
    now, signs = store.clock(), store.call_read(vital_signs.read)
    if signs.oldest_due is not None and signs.is_late(now):
        said = f"a message has been due for {ago_words(now - signs.oldest_due).removesuffix(' ago')}"
        yield Finding("queue", Verdict.FAILED, said, "start contacts-tui serve, and look at the inbox it goes from")
    else:
        yield Finding("queue", Verdict.OK, f"{signs.due:,} messages due, none for long")
    if signs.unknown:
        said = f"{signs.unknown:,} messages may or may not have been sent"
        yield Finding("unknown outcomes", Verdict.ATTENTION, said, "decide about each: People shows them as failed")
    for inbox in signs.unasked:
        remedy = "start contacts-tui or contacts-tui serve with its token"
        yield Finding(f"polling {inbox.name}", Verdict.FAILED, "its provider hasn't answered for minutes", remedy)


def _times(store: Store) -> Iterator[Finding]:
    """Yield a finding when stored times are ahead of our clock: it was put back, or another machine's clock is fast."""
    latest = max((r.at for r in store.call_read(lambda session, _: receivers.listed(session))), default=None)
    now = store.clock()
    if latest is not None and latest - now > AHEAD:
        said = f"a receiver's last heartbeat is {(latest - now) // timedelta(minutes=1)} minutes ahead of this clock"
        yield Finding("clocks", Verdict.ATTENTION, said, "keep the clocks of all machines right (NTP)")
