"""`contacts-tui people export`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TextIO

from contacts_tui import paths
from contacts_tui.cli.declare import Argument, Json, Option, command
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.open_store import open_to_read
from contacts_tui.cli.output import complain, say, say_json
from contacts_tui.cli.people import fitting
from contacts_tui.cli.streams import streams
from contacts_tui.config import Config
from contacts_tui.domain.text import counted
from contacts_tui.services import people, people_export, person_archive
from contacts_tui.services.errors import BadInput
from contacts_tui.services.people_export import Format


@command("contacts-tui people export --format vcard --filter tag:vip vips.vcf")
def export(
    config: Config,
    target: Annotated[str, Argument("the file to write; - for stdout", "PATH", completes="file")] = "-",
    form: Annotated[
        Format | None, Option("how it is written (default: by the file's name, else csv)", name="--format")
    ] = None,
    matching: Annotated[str, Option("only who fits a filter or is in a view", "FILTER", name="--filter")] = "",
    everything: Annotated[
        str,
        Option(
            "all about one person: messages, notes, journal and files, into the new folder PATH",
            "CONTACT",
        ),
    ] = "",
    as_json: Json = False,
) -> Exit:
    """Write people into a file that `people import` reads back as they were, or all about one person into a folder."""
    if everything:
        if form is not None or matching or target == "-":
            raise BadInput("--everything takes the new folder, and no --format and no --filter")
        return _archive(config, everything, paths.expanded(target, "PATH"), as_json=as_json)
    if as_json and target == "-":
        raise BadInput("--json tells what was written: give a PATH beside it")
    chosen = form or people_export.format_of(target)
    with open_to_read(config) as store:
        ids = fitting(store, matching, config.agent).ids if matching else store.call_read(people_export.everybody)
        with _opened(target) as stream:
            barred = 0
            for some in people_export.pieces(store, config.agent, chosen, ids):
                stream.write(some.text)
                barred = some.barred
    if as_json:
        say_json({"people": len(ids), "blocked_or_opted_out": barred, "format": chosen, "path": target})
    elif target != "-":
        say(f"{counted(len(ids), 'person', 'people')} written to {target}")
    if barred:
        complain(people_export.barred_words(barred))
    return Exit.DONE


@contextmanager
def _opened(target: str) -> Iterator[TextIO]:
    """Open a file, or standard output for `-`, for the time of the block. Raise BadInput when it can't be written."""
    if target == "-":
        yield _Output()  # type: ignore[misc]  # only written to
        return
    path = paths.expanded(target, "PATH")
    try:
        with people_export.file(path) as stream:
            yield stream
    except OSError as error:
        raise BadInput(f"{path} can't be written: {error.strerror}") from error


class _Output:
    """Standard output, as the commands write to it."""

    def write(self, text: str) -> int:
        streams.write(text)
        return len(text)


def _archive(config: Config, contact: str, folder: Path, *, as_json: bool) -> Exit:
    with open_to_read(config) as store:
        found = store.call_read(people.find, contact)
        written = person_archive.write(store, config.agent, found.id, folder)
    if as_json:
        say_json({"folder": str(folder), **written.counts, "missing": written.missing})
    else:
        say(f"{written.words} written to {folder}")
    for name in written.missing:
        complain(f"{name} could not be copied: it lies at its provider, or is gone")
    return Exit.DONE
