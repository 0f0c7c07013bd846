"""Downloading a file from an address that came with a message, and never from inside our own network.

Imports httpx: import it late, and off the event loop.
"""

import asyncio
import contextlib
import socket
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpx

from contacts_tui.channels import local_errors
from contacts_tui.channels.base import ChannelError
from contacts_tui.channels.public_address import is_public
from contacts_tui.channels.transport import SERVER_ERRORS

GONE: Final = "media_gone"
"""Code of a file that can't be downloaded from its address, now or ever."""
TOO_LONG: Final = "media_too_long"
"""Code of a file over the limit."""

MOST_REDIRECTS: Final = 5

_REDIRECTS = (301, 302, 303, 307, 308)
_OK = 200


@dataclass(frozen=True, slots=True)
class Credentials:
    """The credentials that a provider's own host demands for a file."""

    host: str
    """Host, and port where the address has one."""
    header: str
    """The value of the Authorization header."""


async def download(
    pool: httpx.AsyncClient,
    url: str,
    target: Path,
    limit: int,
    seconds: float,
    *,
    own_host: str = "",
    credentials: Credentials | None = None,
) -> None:
    """Download `url` into `target`: at most `limit` bytes, within `seconds`.

    `own_host` is a host and port that may be in our own network and without TLS, such as a sandbox. `credentials` are
    sent to their own host only, not to another one after a redirect. Raise ChannelError, and leave no `target` then.
    """
    try:
        async with asyncio.timeout(seconds):
            await _load(pool, url, target, limit, own_host, credentials)
    except BaseException as error:
        await asyncio.shield(asyncio.to_thread(_forget, target))
        if isinstance(error, ChannelError) or not isinstance(error, Exception):
            raise
        raise _trouble(error) from error


def _forget(target: Path) -> None:
    with contextlib.suppress(OSError):
        target.unlink(missing_ok=True)


async def _load(
    pool: httpx.AsyncClient, url: str, target: Path, limit: int, own_host: str, credentials: Credentials | None
) -> None:
    for _ in range(MOST_REDIRECTS + 1):
        address, headers, extensions = await _pinned(url, own_host)
        if credentials is not None and urlsplit(url).netloc == credentials.host:
            headers["authorization"] = credentials.header
        async with pool.stream("GET", address, headers=headers, extensions=extensions) as answer:
            if answer.status_code in _REDIRECTS:
                url = urljoin(url, answer.headers.get("location", ""))
                continue
            if answer.status_code >= SERVER_ERRORS:
                raise ChannelError(
                    f"The file is unavailable (HTTP {answer.status_code}): try again later.",
                    local_errors.SERVER_ERROR,
                )
            if answer.status_code != _OK:
                raise ChannelError(f"The file no longer exists (HTTP {answer.status_code}).", GONE)
            with await asyncio.to_thread(target.open, "wb") as file:
                size = 0
                async for chunk in answer.aiter_bytes():
                    size += len(chunk)
                    if size > limit:
                        raise ChannelError(f"The file is over {limit:,} bytes, so it was not loaded.", TOO_LONG)
                    await asyncio.to_thread(file.write, chunk)
            return
    raise ChannelError("The file's address redirects in a loop.", GONE)


async def _pinned(url: str, own_host: str) -> tuple[str, dict[str, str], dict[str, str]]:
    """Return a URL with its host's IP address instead of the name, and the headers and extensions that name the host.

    So the address that was checked is the one that is asked. A URL of `own_host` stays as it is. Raise ChannelError for
    any other one without HTTPS or at a private address.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _bad_address() from error
    if own_host and parts.scheme in ("http", "https") and parts.netloc == own_host:
        return url, {}, {}
    if parts.scheme != "https" or not host or "@" in parts.netloc:
        raise _bad_address()
    number = await _public_address(host, port or 443)
    netloc = f"[{number}]" if ":" in number else number
    if port is not None:
        netloc += f":{port}"
    pinned = urlunsplit((parts.scheme, netloc, parts.path or "/", parts.query, ""))
    return pinned, {"host": parts.netloc}, {"sni_hostname": host}


async def _public_address(host: str, port: int) -> str:
    """Return the first address of a host. Raise ChannelError unless every address of the host is public."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ChannelError(f"The file's host {host} was not found.", local_errors.NO_CONNECTION) from error
    numbers = [str(entry[4][0]) for entry in found]
    if not all(map(is_public, numbers)):
        raise ChannelError("The file's address is in a private network, so it was not loaded.", GONE)
    return numbers[0]


def _bad_address() -> ChannelError:
    return ChannelError("The file's address isn't a safe web address, so it was not loaded.", GONE)


def _trouble(error: Exception) -> ChannelError:
    if isinstance(error, (TimeoutError, httpx.TimeoutException)):
        return ChannelError("The file took too long to load.", local_errors.TIMEOUT)
    if isinstance(error, OSError):
        return ChannelError(f"The file can't be written: {error.strerror or type(error).__name__}.", local_errors.FILE)
    return ChannelError(f"The file can't be loaded ({type(error).__name__}).", local_errors.NO_CONNECTION)
