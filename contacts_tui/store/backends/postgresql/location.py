"""Where a store is: an address as PostgreSQL's own programs take it, and what sentences call it.

https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

SCHEMES = ("postgresql://", "postgres://")
"""What an address begins with."""

FORM = "postgresql://user@host/name"
"""An address, in words."""

CONNECT_WAIT = 10
"""Seconds that are waited for a server, unless the address says another time by `connect_timeout`."""

_PREPARED = "prepared"
"""Of this program's own in an address: `off` where a pooler gives each transaction another connection."""

_LISTEN = "listen"
"""Of this program's own, too: HOST or HOST:PORT of the server itself, where the address is that of a pooler which
keeps no connection for somebody who listens."""

_SECRETS = ("password", "sslpassword")
_WHERE = ("host", "hostaddr", "port")


@dataclass(frozen=True, slots=True)
class Location:
    """An address in its parts."""

    name: str
    """What sentences call the store, without a password."""
    address: str
    """What the driver connects to."""
    listening: str
    """What the driver connects to in order to be told of changes: mostly the same."""
    prepares: bool
    """Whether statements that come often are prepared on the server."""


def parse(location: str) -> Location:
    """Return an address in its parts. Raises ValueError for what is none."""
    parts = urlsplit(location)
    given = parse_qsl(parts.query, keep_blank_values=True)
    ours = {name: value for name, value in given if name in (_PREPARED, _LISTEN)}
    prepared = ours.get(_PREPARED, "on")
    if prepared not in ("on", "off"):
        raise ValueError(f"“{_PREPARED}={prepared}” in it is neither on nor off")
    options = [(name, value) for name, value in given if name not in ours]
    shown = [(name, value) for name, value in options if name not in _SECRETS]
    if not any(name == "connect_timeout" for name, _ in options):
        options.append(("connect_timeout", str(CONNECT_WAIT)))
    login, at, host = parts.netloc.rpartition("@")
    user, _, _ = login.partition(":")
    address = _joined(parts.netloc, parts.path, options)
    elsewhere = [(name, value) for name, value in options if name not in _WHERE]
    return Location(
        name=_joined(f"{user}{at}{host}", parts.path, shown),
        address=address,
        listening=_joined(f"{login}{at}", parts.path, [*elsewhere, *_host(ours[_LISTEN])])
        if _LISTEN in ours
        else address,
        prepares=prepared == "on",
    )


def _host(place: str) -> list[tuple[str, str]]:
    """Return the options that say HOST, HOST:PORT or the folder of a socket. Raises ValueError for anything else."""
    found = urlsplit(f"//{place}")
    host = place if place.startswith("/") else found.hostname
    if not host:
        raise ValueError(f"“{_LISTEN}={place}” in it doesn't name a host: write HOST or HOST:PORT")
    return [("host", host), *([("port", str(found.port))] if found.port is not None else [])]


def _joined(netloc: str, path: str, options: list[tuple[str, str]]) -> str:
    query = urlencode(options, quote_via=quote, safe="/")
    return f"{SCHEMES[0]}{netloc}{path or '/'}{'?' if query else ''}{query}"
