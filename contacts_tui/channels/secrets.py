"""Credentials by reference: the place of a secret is stored, never the secret itself."""

import asyncio
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from contacts_tui.channels.base import CREDENTIALS, SecretError
from contacts_tui.paths import PathError, expanded
from contacts_tui.text_files import UnreadableText, decoded

T = TypeVar("T")

KEYRING_SERVICE = "contacts-tui"
"""The service name under which `keyring:NAME` is looked up."""

FILE_LIMIT = 64 * 1024
"""The longest secret file that is read, in bytes; a wrong path may lead to anything."""

_SYSTEMD = Path("/run/credentials")


def is_reference(text: str) -> bool:
    """Return whether `text` is a reference to a secret; a literal secret isn't, and must be refused."""
    scheme, colon, place = text.partition(":")
    return bool(colon) and scheme in _READERS and bool(place.strip())


def asks_another_process(reference: str) -> bool:
    """Return whether reading this credential may take long: a key ring may ask the person at the screen."""
    return reference.startswith("keyring:")


def exposed(reference: str) -> str:
    """Return a warning when others on this machine can read a `file:` credential; empty when not, or without a file."""
    scheme, _, place = reference.partition(":")
    if scheme != "file":
        return ""
    try:
        path = expanded(place.strip())
        mode = path.stat().st_mode
    except (PathError, OSError, ValueError):
        return ""
    # systemd keeps a service's credentials in a folder of that service, where the group bits stand for an access list.
    if path.is_relative_to(_SYSTEMD) or not stat.S_ISREG(mode) or not mode & (stat.S_IRWXG | stat.S_IRWXO):
        return ""
    return f"Others on this machine can read the credential file {path}: chmod 600 it, and ask for a new credential."


def resolve(reference: str) -> str:
    """Return the secret at `env:NAME`, `file:PATH` or `keyring:NAME`; a file's without its trailing newline.

    May block (a key ring asks another process). Raise SecretError, which names the place and never the secret.
    """
    if not is_reference(reference):
        # The text may be a secret that was entered by mistake, so the error doesn't repeat it.
        raise SecretError("The credential isn't a reference: write env:NAME, file:PATH or keyring:NAME.", CREDENTIALS)
    scheme, _, place = reference.partition(":")
    secret = _READERS[scheme](place.strip())
    if not secret.strip():
        raise SecretError(f"The credential at {reference} is empty.", CREDENTIALS)
    return secret


async def read_aside(reference: str, read: Callable[[], T]) -> T:
    """Return what `read` returns for a credential. Use a thread only for a key ring: elsewhere it would cost more."""
    return await asyncio.to_thread(read) if asks_another_process(reference) else read()


def _from_environment(name: str) -> str:
    try:
        return os.environ[name]
    except KeyError:
        raise SecretError(f"The environment variable {name} is not set.", CREDENTIALS) from None


def _from_file(path: str) -> str:
    try:
        with expanded(path).open("rb") as file:
            content = file.read(FILE_LIMIT + 1)
    except PathError as error:
        raise SecretError(f"The credential file {path} can't be found: {error.sentence}.", CREDENTIALS) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "bad path"
        raise SecretError(f"The credential file {path} can't be read: {reason}.", CREDENTIALS) from None
    if len(content) > FILE_LIMIT:
        raise SecretError(f"The credential file {path} is too long to be a credential.", CREDENTIALS)
    try:
        return decoded(content).rstrip("\r\n")
    except UnreadableText as error:
        raise SecretError(f"The credential file {path} can't be used: {error.sentence}.", CREDENTIALS) from None


def _from_keyring(name: str) -> str:
    try:
        import keyring

        secret = keyring.get_password(KEYRING_SERVICE, name)
    except Exception as error:
        # A key ring's backend is foreign code, which may raise anything.
        raise SecretError(f"The key ring can't be asked for {name}: {type(error).__name__}.", CREDENTIALS) from None
    if secret is None:
        raise SecretError(f"The key ring has no entry {name} for {KEYRING_SERVICE}.", CREDENTIALS)
    return secret


_READERS: dict[str, Callable[[str], str]] = {
    "env": _from_environment,
    "file": _from_file,
    "keyring": _from_keyring,
}
