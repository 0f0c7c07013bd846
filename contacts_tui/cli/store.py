"""`contacts-tui store`: backup, restore, copy, check and info."""

from datetime import datetime
from typing import Annotated

from contacts_tui import paths
from contacts_tui.cli.declare import Argument, Json, Option, command
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.output import complain, local_time, say, say_json
from contacts_tui.cli.progress import is_watched, progress_line, show_progress
from contacts_tui.config import Config, database_url
from contacts_tui.domain.clock import utc_now
from contacts_tui.domain.media import size_words
from contacts_tui.domain.text import counted
from contacts_tui.services import store_care, store_copy
from contacts_tui.store import backends
from contacts_tui.store.backup import Backup


@command("contacts-tui store backup /var/backups/contacts-2026-11-27")
def backup(
    config: Config,
    path: Annotated[str, Argument("the folder to create; nothing is overwritten", "PATH", completes="dir")],
    as_json: Json = False,
) -> Exit:
    """Make a backup of the store, and print what is in it."""
    target = paths.expanded(path, "PATH")
    made = store_care.take_backup(config.database, target, utc_now, _show_progress if is_watched() else None)
    if as_json:
        say_json({"path": str(target.absolute()), **_described(made)})
        return Exit.DONE
    say(f"{target} holds {_content(made)}; it was read back and is complete.")
    _complain_of_missing(made.missing)
    return Exit.DONE


@command("contacts-tui store restore /var/backups/contacts-2026-11-27")
def restore(
    config: Config,
    path: Annotated[str, Argument("a folder made by `store backup`", "PATH", completes="dir")],
    as_json: Json = False,
) -> Exit:
    """Replace the store with a backup, and print what is in it."""
    folder = paths.expanded(path, "PATH")
    held, kept, unknown, notice = store_care.restore(config.database, config.agent, folder, utc_now)
    if notice:
        complain(notice)
    if as_json:
        say_json({**_described(held), "kept": None if kept is None else str(kept), "in_doubt": unknown})
        return Exit.DONE
    say(f"the store is now that of {local_time(datetime.fromisoformat(held.taken_at))}: {_content(held)}")
    if kept is not None:
        say(f"the previous store is kept: {kept}")
    if unknown:
        say(
            f"{counted(unknown, 'message')} waiting to be sent at that time may have been sent since: their outcome "
            "counts as unknown, and none is resent until the provider reports or you decide."
        )
    _complain_of_missing(held.missing)
    return Exit.DONE


@command(
    f"contacts-tui store copy ~/contacts.db {backends.SERVER_FORM}",
    f"contacts-tui store copy {backends.SERVER_FORM} ~/contacts.db",
)
def copy(
    config: Config,
    source: Annotated[str, Argument("the store to copy", "FROM", completes="file")],
    target: Annotated[str, Argument("a new file, or an empty database", "TO", completes="file")],
    as_json: Json = False,
) -> Exit:
    """Copy a store to another database, and print what is in it."""
    with progress_line():
        made = store_copy.copy(
            database_url(source, "FROM"), database_url(target, "TO"), config.agent, utc_now, _show_progress
        )
    if made.is_behind:
        complain(f"something was stored in {made.source} while it was copied, and the copy doesn't have it")
    if as_json:
        say_json(made)
        return Exit.DONE
    counts = made.counts
    say(
        f"{made.target} holds {counts['contact']:,} people, {counted(counts['message'], 'message')} and "
        f"{counted(made.files, 'file')}, {sum(counts.values()):,} rows in all; they were read back and are the same."
    )
    _complain_of_missing(made.missing)
    if waiting := counts["outbox"]:
        complain(
            f"messages that wait to be sent ({waiting:,}) are now in both stores, and each would send them: use one "
            "only, and put the other aside"
        )
    return Exit.DONE


@command("contacts-tui store check --repair")
def check(
    config: Config,
    repair: Annotated[bool, Option("rebuild what can be rebuilt, and check again")] = False,
    as_json: Json = False,
) -> Exit:
    """Print what is wrong in the store; with `repair`, rebuild what can be. Exit with 1 when something is left."""
    found = store_care.check(config.database)
    repaired = repair and any(finding.repairable for finding in found)
    left = found
    if repaired:
        store_care.repair(config.database, config.agent, found, utc_now)
        left = store_care.check(config.database)
    if as_json:
        say_json({"found": found, "left": left})
        return Exit.FAILED if left else Exit.DONE
    for finding in found:
        say(finding.sentence)
    if not found:
        say("all is well: the database, the search index, and every derived number")
    elif not left:
        say("all of it was rebuilt, and is correct now")
    elif repaired:
        say("what could be rebuilt was rebuilt; what remains:")
        for finding in left:
            say(finding.sentence)
    if any(finding.repairable for finding in left):
        say("`contacts-tui store check --repair` rebuilds what it can")
    if any(not finding.repairable for finding in left):
        say("what can't be rebuilt is only in a backup: `contacts-tui store restore PATH`")
    return Exit.FAILED if left else Exit.DONE


@command("contacts-tui store info", only_tells=True)
def info(config: Config, as_json: Json = False) -> Exit:
    """Print where the store is, how large, what it holds, and who uses it."""
    found = store_care.info(config.database, utc_now)
    if as_json:
        say_json(found)
        return Exit.DONE
    say(found.path)
    log = "" if found.log_size is None else f", log {size_words(found.log_size)}"
    say(f"revision {found.revision}, {size_words(found.size)}{log}, in {found.engine}")
    if found.free is not None:
        say(f"{size_words(found.free)} free on its disk")
    say(", ".join(f"{name.replace('_', ' ')} {count:,}" for name, count in found.counts.items()))
    if found.tables:
        largest = ", ".join(f"{name.replace('_', ' ')} {size_words(size)}" for name, size in found.tables.items())
        say(f"what takes up the most room: {largest}")
    say(f"{counted(found.files, 'file')} of messages")
    if found.oldest_message_at is not None and found.newest_message_at is not None:
        say(f"messages from {local_time(found.oldest_message_at)} to {local_time(found.newest_message_at)}")
    if not found.holders:
        say("no process holds a lease")
    for holder in found.holders:
        say(f"{holder.process} holds “{holder.does}” until {local_time(holder.until)}")
    return Exit.DONE


def _show_progress(done: int, of: int) -> None:
    show_progress(f"{100 * done // max(1, of)} %" if done < of else "")


def _content(backup: Backup) -> str:
    counts = backup.counts
    return (
        f"{counts['contact']:,} people, {counted(counts['message'], 'message')} and "
        f"{counted(backup.files, 'file')}, {size_words(backup.size)}"
    )


def _described(backup: Backup) -> dict[str, object]:
    return {
        "taken_at": backup.taken_at,
        "revision": backup.revision,
        "size": backup.size,
        "sha256": backup.sha256,
        "counts": backup.counts,
        "files": backup.files,
        "missing": list(backup.missing),
    }


def _complain_of_missing(missing: tuple[str, ...]) -> None:
    if missing:
        complain(
            f"{counted(len(missing), 'file')} of messages missing in the store already: "
            "`contacts-tui store check` says of which"
        )
