"""Where a store is: an address as PostgreSQL's own programs take it, and its name in sentences.

https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
"""

import re
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from contacts_tui.store.backends.postgresql import SCHEMES

CONNECT_WAIT = 10
"""Seconds to wait for a server, unless the address has another time as `connect_timeout`."""

_PREPARED = "prepared"
"""An option of this program's own in an address: `off` where a pooler gives each transaction another connection."""
_SECRET = re.compile("password|secret|^scram_")
"""Options whose value no sentence shows, by their names."""

_LISTEN = "listen"
"""An option of this program's own, too: HOST or HOST:PORT of the server itself.

It is for the address of a pooler that keeps no connection for a program that listens.
"""

_WHERE = ("host", "hostaddr", "port")

_ADDRESS = re.compile(
    r"(?:(?P<login>[^@/]*)@)?(?P<hosts>[^/?]*)(?:/(?P<database>[^?]*))?(?:\?(?P<options>.*))?", re.DOTALL
)
"""Read as libpq does: the first @ ends the password."""
_HOSTS = re.compile(r"(?:(?:\[[^][@]*\]|[^][:,@]*)(?::\d*)?(?:,|$))*")
_NO_CODE = re.compile("%(?![0-9A-Fa-f]{2})|%00")

_CODES = "in a user, a password or a name @ is written as %40, : as %3A, / as %2F, ? as %3F, and % as %25"


class Location(NamedTuple):
    """An address in its parts."""

    name: str
    """The name of the store in sentences, without a password."""
    address: str
    """What the driver connects to."""
    listening: str
    """What the driver connects to in order to listen for changes: mostly the same."""
    prepares: bool
    """Whether statements that come often are prepared on the server."""


def parse(location: str) -> Location:
    """Return an address in its parts. Raise ValueError, which repeats nothing of a password, when it is invalid."""
    text = location.partition("://")[2]
    found = _ADDRESS.fullmatch(text)
    if found is None or _NO_CODE.search(text):
        raise ValueError(_CODES)
    login, hosts, database = found["login"], found["hosts"], found["database"] or ""
    if not _HOSTS.fullmatch(hosts) or "@" in database:
        # What is read as a host and a port may be half a password.
        raise ValueError(f"its host or its port can't be read: {_CODES}")
    options = [each.partition("=") for each in (found["options"] or "").split("&") if each]
    if not all(equals for _, equals, _ in options):
        raise ValueError(f"behind ? stands name=value, with & between: {_CODES}")
    named = {unquote(name): unquote(value) for name, _, value in options}
    prepared = named.get(_PREPARED, "on")
    if prepared not in ("on", "off"):
        raise ValueError(f"“{_PREPARED}={prepared}” in it is neither on nor off")
    theirs = [("".join(each), unquote(each[0])) for each in options if unquote(each[0]) not in (_PREPARED, _LISTEN)]
    shown = [text for text, name in theirs if not _SECRET.search(name)]
    if "connect_timeout" not in named:
        theirs.append((f"connect_timeout={CONNECT_WAIT}", ""))
    at = "" if login is None else "@"
    user = (login or "").partition(":")[0]
    address = _joined(f"{login or ''}{at}{hosts}", database, [text for text, _ in theirs])
    elsewhere = [text for text, name in theirs if name not in _WHERE]
    return Location(
        name=_joined(f"{user}{at}{hosts}", database, shown),
        address=address,
        listening=_joined(f"{login or ''}{at}", database, [*elsewhere, *_host(named[_LISTEN])])
        if _LISTEN in named
        else address,
        prepares=prepared == "on",
    )


def _host(place: str) -> list[str]:
    """Return the options for HOST, HOST:PORT or the folder of a socket. Raise ValueError for anything else."""
    found = urlsplit(f"//{place}")
    host = place if place.startswith("/") else found.hostname
    if not host:
        raise ValueError(f"“{_LISTEN}={place}” in it doesn't name a host: write HOST or HOST:PORT")
    return [f"host={quote(host)}", *([f"port={found.port}"] if found.port is not None else [])]


def shown(location: str) -> str:
    """Return an address without its password; only its scheme where it can't be read."""
    try:
        return parse(location).name
    except ValueError:
        return f"{SCHEMES[0]}…"


def _joined(place: str, database: str, options: list[str]) -> str:
    return f"{SCHEMES[0]}{place}/{database}{'?' if options else ''}{'&'.join(options)}"
