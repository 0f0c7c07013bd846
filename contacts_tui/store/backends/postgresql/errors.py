"""PostgreSQL's errors in sentences, by their code (https://www.postgresql.org/docs/current/errcodes-appendix.html).

A server that refuses a connection says why in words only: see `refusal`.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors as codes
from sqlalchemy.exc import DBAPIError

from contacts_tui.store.errors import Contradiction, ReadOnlyStore, StoreBusy, StoreError

DRIVER_ERRORS = (psycopg.Error, DBAPIError)
"""What the driver raises, by itself and through SQLAlchemy."""

MISSING = (codes.InsufficientPrivilege, codes.UndefinedFile, codes.FeatureNotSupported, codes.UndefinedObject)
"""The errors of a server that lacks something, or doesn't let this role have it."""

NO_EXTENSION = (
    "the store {name} needs the extension pg_trgm: let an administrator of the database run `CREATE EXTENSION pg_trgm` "
    "in it (where the server doesn't know it, its package is postgresql-contrib); nothing was changed"
)

NO_TABLES = (
    "your role may not make tables in the store {name} ({detail}): let it own the database (ALTER DATABASE … OWNER TO "
    "…); nothing was changed"
)
_BUSY = "the store {name} is busy: another program kept it locked; nothing was stored: try again"
_CUT = "the connection to the store {name} was cut ({detail}), and is made again at the next try; nothing was stored"
_NO_SPACE = "there is no space left for the store {name}: free some space on its server; nothing was stored"
_KINDS: tuple[tuple[tuple[type[psycopg.Error], ...], type[StoreError], str], ...] = (
    ((codes.LockNotAvailable, codes.DeadlockDetected, codes.SerializationFailure), StoreBusy, _BUSY),
    (
        (codes.ReadOnlySqlTransaction,),
        ReadOnlyStore,
        "the store {name} can't be written: its server is a replica, or takes no changes now",
    ),
    (
        (codes.InsufficientPrivilege,),
        StoreError,
        "your role has no right to do this in the store {name} ({detail}): its owner can give it",
    ),
    ((codes.DiskFull,), StoreError, _NO_SPACE),
    (
        (codes.DuplicatePreparedStatement, codes.InvalidSqlStatementName),
        StoreError,
        "a pooler gives each transaction to the store {name} another connection ({detail}): add prepared=off to the "
        "address; nothing was stored",
    ),
    ((codes.OutOfMemory,), StoreError, "the server of the store {name} has not enough memory; nothing was stored"),
    (
        (codes.DataCorrupted, codes.IndexCorrupted),
        StoreError,
        "the store {name} is damaged ({detail}): its administrator has to look at the server, or put a backup back",
    ),
    (
        (codes.ProgramLimitExceeded,),
        Contradiction,
        "a name, an address or an id is too long to be kept in the store {name} ({detail}); nothing was stored",
    ),
    (
        (psycopg.IntegrityError, psycopg.DataError),
        Contradiction,
        "this contradicts what is in the store {name} ({detail}); nothing was stored",
    ),
)


@contextmanager
def in_words(name: str) -> Iterator[None]:
    """Turn every error of the database in the block into a StoreError about the store of this name; others pass."""
    try:
        yield
    except DRIVER_ERRORS as error:
        raise _store_error(cause(error), name) from error
    except UnicodeEncodeError as error:
        raise Contradiction(f"a text holds half a character, which {name} can't keep; nothing was stored") from error


def cause(error: BaseException) -> BaseException:
    """Return the driver's own error, which SQLAlchemy may have wrapped."""
    return (error.orig or error) if isinstance(error, DBAPIError) else error


def is_cut(error: BaseException) -> bool:
    """Return whether an error says that the connection was cut."""
    error = cause(error)
    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) and (
        # What the client itself notices has no code; a server that ends says so with one of these.
        error.sqlstate is None or error.sqlstate.startswith(("08", "57P"))
    )


def detail_of(error: BaseException) -> str:
    """Return what an error says, in one line."""
    said = error.diag.message_primary if isinstance(error, psycopg.Error) else None
    return " ".join((said or str(error)).split())


def _store_error(error: BaseException, name: str) -> StoreError:
    for kinds, kind, sentence in _KINDS:
        if isinstance(error, kinds):
            return kind(sentence.format(name=name, detail=detail_of(error)))
    sentence = _CUT if is_cut(error) else "the store {name} refused: {detail}; nothing was stored"
    return StoreError(sentence.format(name=name, detail=detail_of(error)))


def reason_of(error: BaseException) -> str:
    """Return why there is no connection, without the place, in a few words."""
    return _AROUND.sub("", detail_of(error)).strip()


def refusal(error: psycopg.OperationalError, name: str) -> StoreError:
    """Return an error whose sentence says why a server refused this program's connection, and what to do."""
    said = reason_of(error)
    for words, sentence in _REFUSALS:
        if all(word in said for word in words):
            return StoreError(sentence.format(name=name, detail=said))
    return StoreError(f"the store {name} can't be reached ({said}): check its address, and that its server runs")


_AROUND = re.compile(
    r"connection failed:|connection is bad:|consuming input failed:|connection to server (on|at) .*? failed:|FATAL:"
    r"|This probably means .*$|Is the server running (locally|on that host) .*\?$"
)
"""What libpq says around the reason: the store's name says the place, and the sentence what to do."""

_REFUSALS: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("password authentication failed",),
        "the store {name} doesn't take this password: check the user and the password (in PGPASSWORD or ~/.pgpass)",
    ),
    (
        ("no password supplied",),
        "the store {name} asks for a password: give it in PGPASSWORD or ~/.pgpass",
    ),
    (
        ("database", "does not exist"),
        "there is no database for the store {name}: create it by `createdb`, or correct the name",
    ),
    (("role", "does not exist"), "the server of the store {name} doesn't know this user ({detail}): create the role"),
    (("permission denied for database",), "this user may not connect to the store {name}: grant CONNECT to its role"),
    (
        ("pg_hba.conf",),
        "the server of the store {name} lets nobody in from here ({detail}): its administrator can change pg_hba.conf",
    ),
    (
        ("definition of service",),
        "the store {name} names a service that isn't known ({detail}): add it to ~/.pg_service.conf",
    ),
    (
        ("resolve host",),
        "the server of the store {name} has a name that isn't known ({detail}): check the address",
    ),
    (
        ("server does not support SSL",),
        "the server of the store {name} encrypts nothing: let its administrator switch that on, or take sslmode out "
        "of the address where the way to it is safe",
    ),
    (
        ("certificate",),
        "the server of the store {name} can't prove who it is ({detail}): give its root certificate by sslrootcert, "
        "or another sslmode",
    ),
    (("invalid", "value"), "the address of the store {name} can't be used ({detail}): correct it"),
    (
        ("too many connections",),
        "the server of the store {name} lets no more in ({detail}): raise that limit there, or use a pooler",
    ),
    (("not permitted to log in",), "this user may not log in for the store {name}: let its role LOGIN"),
    (
        ("too many clients",),
        "the server of the store {name} has no connection left: raise max_connections there, or use a pooler",
    ),
    (
        ("remaining connection slots",),
        "the server of the store {name} has no connection left: raise max_connections there, or use a pooler",
    ),
    (("starting up",), "the server of the store {name} is just starting: try again in a moment"),
    (("not yet accepting connections",), "the server of the store {name} is just starting: try again in a moment"),
    (("in recovery mode",), "the server of the store {name} is just starting: try again in a moment"),
    (("shutting down",), "the server of the store {name} is just shutting down: try again when it runs"),
)
