"""Opted-out addresses that are no longer in the store: kept as keyed hashes, for when they come back.

The key is made at random for each store and stays in it, so that addresses can't be tried against the hashes elsewhere.
"""

import hmac
import secrets
from collections.abc import Iterable
from hashlib import sha256

from sqlalchemy import String, delete
from sqlmodel import Session, col

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.contact import Identity
from contacts_tui.store import sql
from contacts_tui.store.people_tables import ForgottenOptOutRow
from contacts_tui.store.process_tables import SettingRow

_KEY = "forgotten_opt_out_key"
_GET_KEY = sql.statement(lambda: sql.query(SettingRow.value).where(SettingRow.key == _KEY))
_PUT_KEY = sql.insertion(SettingRow, "key", "value")
_PUT = sql.upsert(lambda insert: insert(ForgottenOptOutRow).on_conflict_do_nothing(), "hash")
_REMOVE = sql.statement(
    lambda: delete(ForgottenOptOutRow).where(col(ForgottenOptOutRow.hash).in_(sql.members("hashes", String())))
)
_AMONG = sql.statement(
    lambda: sql.query(ForgottenOptOutRow.hash).where(col(ForgottenOptOutRow.hash).in_(sql.members("hashes", String())))
)

Address = tuple[Channel, str, int]
"""Channel, alias key, and the inbox that knows it; 0 for a phone number."""


def remember(session: Session, gone: Iterable[Identity]) -> int:
    """Remember which of these identities, which are about to be removed, are opted out. Return how many are.

    Forget the opt-outs that were remembered of the others: these came back, and the people wanted messages again.
    """
    wanted: list[Address] = []
    unwanted: list[Address] = []
    for one in gone:
        (wanted if one.opted_out_at is None else unwanted).append((one.channel, one.key, one.inbox_id or 0))
    key = _key(session, make=bool(unwanted))
    if key is None:
        return 0
    for address in unwanted:
        sql.write(session, _PUT, hash=_hash(key, address))
    if wanted:
        sql.write(session, _REMOVE, hashes=[_hash(key, address) for address in wanted])
    return len(unwanted)


def among(session: Session, addresses: Iterable[Address]) -> set[Address]:
    """Return those of these addresses that were opted out when they were removed."""
    key = _key(session, make=False)
    if key is None:
        return set()
    hashes = {_hash(key, address): address for address in addresses}
    found = sql.several(session, _AMONG, hashes=list(hashes))
    return {hashes[known] for (known,) in found}


def _key(session: Session, *, make: bool) -> bytes | None:
    """Return the store's key. While there is none, make one if `make` is set, else return None."""
    row = sql.one(session, _GET_KEY)
    if row is not None:
        return bytes.fromhex(row[0])
    if not make:
        return None
    key = secrets.token_bytes(32)
    sql.write(session, _PUT_KEY, key=_KEY, value=key.hex())
    return key


def _hash(key: bytes, address: Address) -> str:
    channel, alias_key, inbox_id = address
    return hmac.new(key, f"{channel.value}:{inbox_id}:{alias_key}".encode(), sha256).hexdigest()
