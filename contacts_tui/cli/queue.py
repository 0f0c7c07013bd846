"""`contacts-tui people assign`, `snooze`, `close`, `open`, `tag`, `mark`, `undo`, and `journal`."""

from typing import Annotated

from contacts_tui.cli.declare import CONTACT_HELP, Argument, DryRun, Json, Limit, Option, command, count
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.open_store import open_store, open_to_read
from contacts_tui.cli.output import local_time, say_done, say_json, say_list
from contacts_tui.cli.people import fitting
from contacts_tui.cli.progress import progress_line, show_progress
from contacts_tui.config import Config
from contacts_tui.domain import snooze as sleeping
from contacts_tui.domain.person_filter import ME
from contacts_tui.domain.text import counted
from contacts_tui.services import agents, messaging, people, queue
from contacts_tui.services.errors import BadInput
from contacts_tui.services.queue import Action, Done, Kind
from contacts_tui.store.store import Store

_MOST = 1_000_000
"""The most people whom one action may change."""

Whom = Annotated[tuple[str, ...], Argument(f"{CONTACT_HELP}; repeat it", "CONTACT")]
Filter = Annotated[str, Option("everybody who fits a filter or is in a view", "FILTER", name="--filter")]


@command("contacts-tui people assign 'Amara Okafor' --to me")
def assign(
    config: Config,
    contact: Whom = (),
    to: Annotated[str, Option("an agent's name, me, or none", "AGENT")] = ME,
    matching: Filter = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> Exit:
    """Assign people to an agent, or to nobody."""
    with open_to_read(config) as store:
        name = store.call_read(agents.meant, config.agent, to)
    return _apply(config, contact, matching, Action(Kind.ASSIGN, name), dry_run=dry_run, as_json=as_json)


@command("contacts-tui people snooze 'Amara Okafor' 'tomorrow 9:00'")
def snooze(
    config: Config,
    contact: Whom = (),
    until: Annotated[
        str,
        Argument("such as `2 hours`, `next friday 14:00`, `until reply` or `before window`, in your time zone", "WHEN"),
    ] = "",
    matching: Filter = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> Exit:
    """Snooze people: they come back at the time given, and at once when they write."""
    if bool(contact) == bool(matching) or not until:
        raise BadInput("say whom and until when: people by name, number or id, or --filter FILTER, then WHEN")
    with open_to_read(config) as store:
        ids = _ids(store, config, contact, matching)
        # Each person has a window of their own: `before window` needs one person.
        window = store.call_read(people.rows, ids)[0].window_until if len(ids) == 1 else None
        now, zone = store.clock(), store.call_read(agents.zone, config.agent)
    try:
        chosen = sleeping.read(until, now, zone, window)
    except ValueError as error:
        raise BadInput(str(error)) from error
    action = Action(Kind.SNOOZE, snooze=chosen)
    also = f" {sleeping.told(chosen, now, zone)}"
    return _apply(config, contact, matching, action, dry_run=dry_run, as_json=as_json, also=also)


@command("contacts-tui people close 'Amara Okafor'")
def close(
    config: Config,
    contact: Whom = (),
    matching: Filter = "",
    even_waiting: Annotated[bool, Option("also people whose last message nobody answered")] = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> Exit:
    """Close people. A new message reopens them. Raise BadInput when some wait for an answer, unless `even_waiting`."""
    action = Action(Kind.CLOSE)
    if not even_waiting and not dry_run:
        with open_to_read(config) as store:
            seen = store.call_read(queue.preview, _ids(store, config, contact, matching), action)
        if seen.waiting:
            raise BadInput(
                f"{counted(len(seen.waiting), 'person waits', 'people wait')} for an answer: answer first, or add "
                "--even-waiting"
            )
    return _apply(config, contact, matching, action, dry_run=dry_run, as_json=as_json)


@command("contacts-tui people open 'Amara Okafor'")
def reopen(
    config: Config, contact: Whom = (), matching: Filter = "", dry_run: DryRun = False, as_json: Json = False
) -> Exit:
    """Open people who are snoozed or closed."""
    return _apply(config, contact, matching, Action(Kind.OPEN), dry_run=dry_run, as_json=as_json)


@command("contacts-tui people tag 'Amara Okafor' --add vip")
def tag(
    config: Config,
    contact: Whom = (),
    add: Annotated[str, Option("the tag to add", "TAG")] = "",
    remove: Annotated[str, Option("the tag to remove", "TAG")] = "",
    matching: Filter = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> Exit:
    """Add a tag to people, or remove one."""
    if bool(add.strip()) == bool(remove.strip()):
        raise BadInput("decide: --add TAG or --remove TAG")
    action = Action(Kind.TAG, add.strip()) if add.strip() else Action(Kind.UNTAG, remove.strip())
    return _apply(config, contact, matching, action, dry_run=dry_run, as_json=as_json)


@command("contacts-tui people mark 'Amara Okafor' --unread")
def mark(
    config: Config,
    contact: Whom = (),
    read: Annotated[bool, Option("all that they wrote counts as read")] = False,
    unread: Annotated[bool, Option("their last message counts as unread")] = False,
    matching: Filter = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> Exit:
    """Mark people as read or unread; the other mark takes it back."""
    if read == unread:
        raise BadInput("decide: --read or --unread")
    with open_to_read(config) if dry_run else open_store(config) as store:
        ids = _ids(store, config, contact, matching)
        run = store.call_read if dry_run else store.call
        marks = run(messaging.set_unread, config.agent, ids, unread=unread, dry_run=dry_run)
    changed = tuple(dict.fromkeys(contact_id for contact_id, _, _ in marks))
    words = "would be marked" if dry_run else f"marked as {'unread' if unread else 'read'}"
    many = counted(len(changed), "person", "people")
    return _say_done(Done(0, changed, f"{many} {words}"), as_json=as_json)


@command("contacts-tui people undo")
def undo(
    config: Config,
    number: Annotated[int, Argument("the action's number in `journal`; without it, your last", "NUMBER", count)] = 0,
    as_json: Json = False,
) -> Exit:
    """Undo an action. People who have changed since stay as they are."""
    with open_store(config) as store, progress_line():
        done = queue.undo_whole(
            store,
            config.agent,
            number or None,
            lambda people: None if as_json else show_progress(f"{people:,} people done"),
        )
    return _say_done(done, as_json=as_json)


@command("contacts-tui journal --contact 'Amara Okafor'", only_tells=True)
def list_journal(
    config: Config,
    contact: Annotated[str, Option(f"only what was done with this person: {CONTACT_HELP}", "CONTACT")] = "",
    mine: Annotated[bool, Option("only what you did yourself")] = False,
    limit: Limit = 50,
    as_json: Json = False,
) -> Exit:
    """Print what agents did: who, when, what, with whom."""
    if contact and mine:
        raise BadInput("decide: --contact CONTACT or --mine")
    with open_to_read(config) as store:
        if mine:
            entries = store.call_read(queue.written_by, config.agent, limit)
        else:
            person = store.call_read(people.find, contact).id if contact else None
            entries = store.call_read(queue.written, config.agent, limit, person)
    if as_json:
        say_json({"entries": entries})
        return Exit.DONE
    say_list(
        ("number", "time", "agent", "person", "what"),
        (
            (
                str(entry.batch),
                local_time(entry.at),
                entry.agent,
                entry.name or f"id {entry.contact_id}",
                f"{entry.words}{f' (undone by {entry.undone_by})' if entry.undone_at else ''}",
            )
            for entry in entries
        ),
    )
    return Exit.DONE


def _apply(
    config: Config,
    contacts: tuple[str, ...],
    matching: str,
    action: Action,
    *,
    dry_run: bool,
    as_json: bool,
    also: str = "",
) -> Exit:
    with open_to_read(config) if dry_run else open_store(config) as store:
        ids = _ids(store, config, contacts, matching)
        if dry_run:
            seen = store.call_read(queue.preview, ids, action)
            done = Done(0, seen.contact_ids, f"{counted(len(seen.contact_ids), 'person', 'people')} would be changed")
        else:
            done = store.call(queue.apply, config.agent, ids, action)
    return _say_done(done, as_json=as_json, also=also if done.batch else "")


def _ids(store: Store, config: Config, contacts: tuple[str, ...], matching: str) -> tuple[int, ...]:
    """Return the ids of the people who are named, or who fit the filter. Raise BadInput for neither, or for both."""
    if bool(contacts) == bool(matching):
        raise BadInput("say whom: people by name, number or id, or --filter FILTER")
    if matching:
        return fitting(store, matching, config.agent, _MOST).ids
    return tuple(store.call_read(people.find, contact).id for contact in contacts)


def _say_done(done: Done, *, as_json: bool, also: str = "") -> Exit:
    return say_done(
        {"number": done.batch, "contact_ids": done.contact_ids, "words": f"{done.words}{also}"},
        f"{done.words}{also}",
        as_json=as_json,
    )
