"""Rows that stay in memory for the length of a transaction, so that reading one again costs no query."""

from sqlalchemy import event
from sqlmodel import Session

_KEPT = "kept_rows"


def keep_rows(session: Session) -> None:
    """From now on the session holds on to every row that it reads; by itself it forgets those that nobody uses.

    Only for transactions that write these rows through the session: a statement beside it would go unseen.
    """
    if _KEPT in session.info:
        return
    kept = session.info[_KEPT] = []

    @event.listens_for(session, "loaded_as_persistent")
    def _loaded(_session: object, row: object) -> None:
        kept.append(row)
