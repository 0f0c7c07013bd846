"""Files of messages: checked and copied on their way out, served to providers that fetch them, saved on their way in.

Imports no HTTP client and no adapter: an adapter is imported when a file is fetched.
"""

import asyncio
import base64
import hashlib
import hmac
import os
import re
import secrets
import stat
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Final

from sqlmodel import Session

from contacts_tui.channels import connectors
from contacts_tui.channels.base import OutgoingFile
from contacts_tui.channels.connector import Ability
from contacts_tui.channels.registry import Adapters
from contacts_tui.domain import attachments as rules
from contacts_tui.domain.attachments import Attachment
from contacts_tui.domain.clock import Clock, furthest
from contacts_tui.domain.delivery import FINAL
from contacts_tui.domain.file_types import HEAD, kind_of_name, safe_name
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.limits import MEGABYTE, NO_LIMITS, Limits
from contacts_tui.domain.media import media_word, size_words
from contacts_tui.domain.message import Media, Message
from contacts_tui.domain.roles import Right
from contacts_tui.paths import PathError, expanded
from contacts_tui.services import inboxes, rights
from contacts_tui.services.errors import BadInput, NotFound
from contacts_tui.store import attachments, contacts, messages, settings
from contacts_tui.store.store import Store

LARGEST: Final = 100 * MEGABYTE
"""Bytes of the largest file that is fetched or kept: no channel carries more."""

LINK_LIFE: Final = timedelta(hours=10, minutes=30)
"""How long a provider may fetch a file by its link, at most: Twilio keeps a message queued for up to ten hours.
A link ends before that when its message needs it no more, see `served`."""

LINK_PATH: Final = "/media/"
"""The path under which the receiver serves files; a token follows."""

MOST_COPIES: Final = 1000
"""How many numbers are tried after the name of a file that exists already."""

_LINK_KEY = "media_key"
_TOKEN = re.compile(r"(?P<claim>[0-9]{1,12}\.[0-9]{1,18}\.[0-9]{1,2})\.(?P<signature>[A-Za-z0-9_-]{32})")
"""The second at which a link ends, a message, and the number of its file, with our signature: see `_link`."""
_NO_URL = "no public URL is set from which {provider} can fetch a file: run `contacts-tui serve --public-url URL`"


# On the way out.


def limits_of(inbox: Inbox) -> Limits:
    """Return the limits of an inbox's connector."""
    connector = connectors.of(inbox)
    return NO_LIMITS if connector is None else connector.limits


def goes_with_text(inbox: Inbox, content_type: str, text: str) -> bool:
    """Return whether a file of this kind and a text fit in one message."""
    return rules.goes_with_text(limits_of(inbox), content_type, text)


def examine(text: str, inbox: Inbox) -> Attachment:
    """Return the file that a typed path names, if the channel takes it. May block on the disk. Raise BadInput."""
    if not text.strip():
        raise BadInput("there is no file of that name")
    path = located(text)
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise BadInput(f"{path.name or path} is a folder: choose a file in it")
        if not stat.S_ISREG(found.st_mode):
            raise BadInput(f"{path.name} is not a regular file")
        with path.open("rb"):
            pass
        path.name.encode()
    except FileNotFoundError:
        raise BadInput(f"there is no file {path}: it was moved or deleted, or the name is different") from None
    except UnicodeEncodeError:
        raise BadInput("the file's name is not valid text: rename it first") from None
    except OSError as error:
        raise BadInput(f"{path.name} can't be read: {error.strerror}") from error
    if not found.st_size:
        raise BadInput(f"{path.name} is empty: there is nothing to send")
    kind = kind_of_name(path.name)
    if problem := rules.problem(limits_of(inbox), inbox.channel.label, path.name, kind, found.st_size):
        raise BadInput(problem)
    return Attachment(str(path), path.name, kind, found.st_size)


def located(text: str) -> Path:
    """Return the absolute path of a typed one; `~` is the user's home. Raise BadInput."""
    try:
        return expanded(text.strip())
    except PathError as error:
        raise BadInput(error.sentence) from error


async def keep(store: Store, text: str, inbox: Inbox) -> Media:
    """Copy a file into the store's folder, where every attempt finds the same bytes. Raise BadInput."""
    return await asyncio.to_thread(kept, store.files, text, inbox)


def kept(folder: Path, text: str, inbox: Inbox) -> Media:
    """Copy a file into the store's folder of files, as `keep` does, but on the calling thread."""
    chosen = examine(text, inbox)
    try:
        with Path(chosen.path).open("rb") as source:
            url, size = attachments.put(folder, source, LARGEST)
    except ValueError as error:
        raise BadInput(f"{chosen.name} is still being written: wait until it is complete") from error
    except OSError as error:
        raise BadInput(f"{chosen.name} can't be kept for sending: {error.strerror}") from error
    return Media(url, chosen.content_type, chosen.name, size)


def refusal(session: Session, clock: Clock, identity_id: int, inbox_id: int) -> str:
    """Return why no file can go from this inbox to this address, and a remedy; "" when one can. Raise NotFound."""
    identity, inbox = contacts.identity(session, identity_id), inboxes.get(session, clock, inbox_id)
    if identity is None or inbox is None:
        raise NotFound("this address or inbox is no longer in the store: choose another way to write")
    if words := rules.no_files_to(limits_of(inbox), inbox.channel.label, inbox.address, identity.address):
        return words
    if _fetches(inbox) and not inboxes.public_url(session, clock):
        return _NO_URL.format(provider=connectors.name_of(inbox.provider))
    return ""


def check(session: Session, clock: Clock, identity_id: int, inbox_id: int, files: Sequence[Media]) -> None:
    """Check that these files, results of `keep`, may go, and add them to the store. Raise BadInput and NotFound."""
    if not files:
        return
    if words := refusal(session, clock, identity_id, inbox_id):
        raise BadInput(words)
    if len(files) > 1:
        raise BadInput("one file goes with a message: send the others after it")
    inbox = inboxes.get(session, clock, inbox_id)
    assert inbox is not None, "asked for above"
    for file in files:
        path = attachments.path_of(session, file.url)
        if path is None or not path.is_file():
            raise BadInput(f"{file.name} is no longer kept for sending: attach it again")
        if problem := rules.problem(
            limits_of(inbox), inbox.channel.label, file.name, file.content_type, path.stat().st_size
        ):
            raise BadInput(problem)
        attachments.hold(session, file.url)


def outgoing(session: Session, clock: Clock, message: Message, public_url: str) -> tuple[OutgoingFile, ...]:
    """Return the files of our message as its adapter takes them, with new links where `public_url` is given."""
    files = []
    for number, file in enumerate(message.media):
        path = attachments.path_of(session, file.url)
        if path is not None:
            url = _link(session, clock, message, number, public_url) if public_url else ""
            files.append(OutgoingFile(path, url, file.content_type, file.name, file.size or 0))
    return tuple(files)


# For a provider that fetches.


@dataclass(frozen=True, slots=True)
class Served:
    """A file that may be given out for a valid link."""

    path: Path
    content_type: str
    name: str


def served(session: Session, clock: Clock, token: str) -> Served | None:
    """Return the file that a link's token names; None when the token is wrong or too old, or the file is gone.

    Return None as well once the message was delivered or failed: the provider doesn't need the file any more.
    """
    parts = _TOKEN.fullmatch(token)
    key = settings.get(session, _LINK_KEY)
    if parts is None or not key or not hmac.compare_digest(_signature(key, parts["claim"]), parts["signature"]):
        return None
    until, message_id, number = (int(part) for part in parts["claim"].split("."))
    # Seconds are compared, because not every number is a date.
    now = clock()
    is_good = now.timestamp() <= until <= furthest(now, LINK_LIFE).timestamp()
    message = messages.get(session, message_id) if is_good else None
    if message is None or message.status in FINAL or number >= len(message.media):
        return None
    file = message.media[number]
    path = attachments.path_of(session, file.url)
    if path is None or not path.is_file():
        return None
    return Served(path, file.content_type, safe_name(file.name, file.content_type))


def renew_links(session: Session, clock: Clock, agent: str) -> None:
    """End every link made so far: links made from now on are signed with a new key. Raise NotAllowed."""
    rights.check(session, clock, agent, Right.SETTINGS)
    _sign_anew(session, clock)


def _sign_anew(session: Session, clock: Clock) -> str:
    key = secrets.token_hex(32)
    settings.put(session, clock, _LINK_KEY, key)
    return key


def _fetches(inbox: Inbox) -> bool:
    """Return whether the provider fetches files from a URL, instead of getting the files themselves."""
    return connectors.can(inbox, Ability.FETCHES_FILES)


def _link(session: Session, clock: Clock, message: Message, number: int, public_url: str) -> str:
    key = settings.get(session, _LINK_KEY) or _sign_anew(session, clock)
    claim = f"{int((clock() + LINK_LIFE).timestamp())}.{message.id}.{number}"
    return f"{public_url.rstrip('/')}{LINK_PATH}{claim}.{_signature(key, claim)}"


def _signature(key: str, claim: str) -> str:
    digest = hmac.new(bytes.fromhex(key), claim.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()


# On the way in.


@dataclass(frozen=True, slots=True)
class Fetching:
    """What is known of a message's files before one of them is fetched."""

    message: Message
    inbox: Inbox
    paths: tuple[Path | None, ...]
    """For each file our own copy; None for one that only the provider has."""

    @property
    def words(self) -> str:
        """The files in words, for a line while they are fetched: "photo.jpg (120 kB)"."""
        return ", ".join(_named(file) for file in self.message.media)


def of_message(session: Session, clock: Clock, message_id: int) -> Fetching:
    """Return the files of a message. Raise NotFound for an unknown message and for one without files."""
    message = messages.get(session, message_id)
    if message is None:
        raise NotFound(f"there is no message {message_id}")
    if not message.media:
        raise NotFound("this message has no file")
    inbox = inboxes.get(session, clock, messages.inbox_of(session, message_id))
    assert inbox is not None, "a message has its inbox"
    return Fetching(message, inbox, tuple(attachments.path_of(session, file.url) for file in message.media))


async def save(store: Store, message_id: int, to: str = "", *, folder: Path) -> tuple[Path, ...]:
    """Save the files of a message and return their paths. No existing file is ever overwritten.

    `to` is a folder, or the path of the one file; empty: into `folder`. Raise BadInput, NotFound and ChannelError.
    """
    wanted = await store.read(of_message, message_id)
    target = located(to) if to.strip() else folder
    named, target = await asyncio.to_thread(_place, target, one=len(wanted.message.media) == 1, slash=to.endswith("/"))
    saved = []
    adapters = Adapters()
    try:
        for number in range(len(wanted.message.media)):
            saved.append(await _save_one(adapters, wanted, number, target, named))
    finally:
        await adapters.aclose()
    return tuple(saved)


def _place(target: Path, *, one: bool, slash: bool) -> tuple[str, Path]:
    """Return the requested file name (empty: the file's own) and the folder, which is made. Raise BadInput."""
    if target.is_dir():
        return "", target
    if one and not slash and target.parent.is_dir():
        return target.name, target.parent
    try:
        (target if slash or not one else target.parent).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"the folder {error.filename or target} can't be made: {error.strerror}") from error
    return ("", target) if slash or not one else (target.name, target.parent)


async def _save_one(adapters: Adapters, wanted: Fetching, number: int, folder: Path, named: str) -> Path:
    file, here = wanted.message.media[number], wanted.paths[number]
    try:
        with await asyncio.to_thread(tempfile.NamedTemporaryFile, dir=folder, prefix=".", delete=False) as made:
            part = Path(made.name)
    except OSError as error:
        raise BadInput(f"nothing can be written to {folder}: {error.strerror}") from error
    try:
        if here is not None:
            await asyncio.to_thread(_copy, here, part, file.name)
        else:
            await adapters.get(wanted.inbox.provider).fetch(wanted.inbox, file, part, LARGEST)
        return await asyncio.to_thread(_named_free, part, folder, named, file)
    finally:
        await asyncio.to_thread(part.unlink, missing_ok=True)


def _copy(source: Path, target: Path, name: str) -> None:
    try:
        target.write_bytes(source.read_bytes())
    except FileNotFoundError as error:
        raise NotFound(f"{name} is no longer kept here") from error
    except OSError as error:
        raise BadInput(f"{name} can't be copied: {error.strerror}") from error


def _named_free(part: Path, folder: Path, named: str, file: Media) -> Path:
    """Give a finished file its name: the first of "a.pdf", "a (1).pdf", … that doesn't exist."""
    with part.open("rb") as stream:
        name = named or safe_name(file.name, file.content_type, stream.read(HEAD))
    stem, ending = os.path.splitext(name)
    for number in range(MOST_COPIES):
        target = folder / (f"{stem} ({number}){ending}" if number else name)
        try:
            _take_name(part, target)
        except FileExistsError:
            continue
        except OSError as error:
            raise BadInput(f"{target} can't be written: {error.strerror}") from error
        return target
    raise BadInput(f"there are {MOST_COPIES} files called {name} in {folder} already: choose another folder")


def _take_name(part: Path, target: Path) -> None:
    """Give a file its name. Raise FileExistsError when it exists; a link, unlike a renaming, never replaces a file."""
    try:
        target.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError:
        # A file system without links.
        with open(target, "xb", opener=_private) as stream, part.open("rb") as source:
            try:
                _pour(source, stream)
            except OSError:
                target.unlink()
                raise


def _private(path: str, flags: int) -> int:
    """Open a new file that only its owner can read."""
    return os.open(path, flags, 0o600)


def _pour(source: BinaryIO, target: BinaryIO) -> None:
    while piece := source.read(MEGABYTE):
        target.write(piece)


def _named(file: Media) -> str:
    name = file.name or media_word(file.content_type).lower()
    return f"{name} ({size_words(file.size)})" if file.size is not None else name
