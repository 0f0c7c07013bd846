"""Everything known of one person, as files in a folder: to give to the person, or before they are forgotten."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

from sqlmodel import Session

from contacts_tui.domain.clock import Clock
from contacts_tui.domain.file_types import safe_name
from contacts_tui.domain.message import Message
from contacts_tui.domain.text import counted
from contacts_tui.services import notes, people, people_export, queue
from contacts_tui.services.errors import BadInput
from contacts_tui.services.people_export import Format
from contacts_tui.store import attachments, messages
from contacts_tui.store.store import Store

_AT_ONCE = 500
"""Messages that are read in one transaction."""
_MOST = 1_000_000
"""Entries of the journal at most."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written."""

    counts: Mapping[str, int]
    missing: tuple[str, ...]
    """Names of messages' files that the store doesn't have."""

    @property
    def words(self) -> str:
        """How much was written, in words."""
        return ", ".join(counted(count, name.removesuffix("s")) for name, count in self.counts.items())


def write(store: Store, agent: str, contact_id: int, folder: Path) -> Written:
    """Write a person's card, messages, notes, journal and files into a new folder.

    Raise NotAllowed, and BadInput where the folder can't be written.
    """
    try:
        return _write(store, agent, contact_id, folder)
    except FileExistsError as error:
        raise BadInput(f"{folder} is there already: name a new folder") from error
    except OSError as error:
        raise BadInput(f"{folder} can't be written: {error.strerror}") from error


def _write(store: Store, agent: str, contact_id: int, folder: Path) -> Written:
    known = store.call_read(people_export.begin, agent)
    folder.mkdir(mode=0o700)
    (out,) = store.call_read(people_export.read, agent, [contact_id])
    _put(folder / "person.vcf", people_export.piece(Format.VCARD, [out], known))
    card = store.call_read(people.card, contact_id)
    assert card is not None, "found a moment ago"
    _put(folder / "person.json", _lines([{"contact": card.contact, "addresses": card.identities}]))
    written = store.call_read(notes.of_person, contact_id)
    _put(folder / "notes.jsonl", _lines(written))
    entries = store.call_read(queue.written, agent, _MOST, contact_id)
    _put(folder / "journal.jsonl", _lines(reversed(entries)))
    count, files, missing = _messages(store, contact_id, folder)
    counts = {"messages": count, "notes": len(written), "entries": len(entries), "files": files}
    return Written(counts, tuple(missing))


def _messages(store: Store, contact_id: int, folder: Path) -> tuple[int, int, list[str]]:
    pages: list[tuple[Message, ...]] = []
    while page := store.call_read(_page, contact_id, pages[-1][0].id if pages else None):
        pages.append(page)
    files, missing = 0, []
    with (folder / "messages.jsonl").open("x", encoding="utf-8") as stream:
        for page in reversed(pages):
            stream.write(_lines(page))
            for message in page:
                for number, file in enumerate(message.media, 1):
                    name = f"{message.id}-{number}-{safe_name(file.name, file.content_type)}"
                    source = store.call_read(_path_of, file.url)
                    if source is not None and source.is_file():
                        (folder / "files").mkdir(mode=0o700, exist_ok=True)
                        shutil.copyfile(source, folder / "files" / name)
                        files += 1
                    else:
                        missing.append(name)
    return sum(map(len, pages)), files, missing


def _page(session: Session, clock: Clock, contact_id: int, before: int | None) -> tuple[Message, ...]:
    return messages.page(session, contact_id=contact_id, limit=_AT_ONCE, before=before)


def _path_of(session: Session, clock: Clock, url: str) -> Path | None:
    return attachments.path_of(session, url)


def _put(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8", newline="") as stream:
        stream.write(text)


def _lines(records: Any) -> str:
    return "".join(f"{json.dumps(_plain(record), ensure_ascii=False)}\n" for record in records)


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat()
        case Enum():
            return value.value
        case Mapping():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case str() | int() | float() | bool() | None:
            return value
    return _plain(asdict(value))
