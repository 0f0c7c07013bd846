"""Canned replies: the shared ones, and each agent's own."""

from sqlalchemy import delete
from sqlmodel import Session, col

from contacts_tui.domain.canned_reply import CannedReply
from contacts_tui.store import sql
from contacts_tui.store.queue_tables import CannedReplyRow

_PUT = sql.upsert(
    lambda insert: (put := insert(CannedReplyRow)).on_conflict_do_update(
        index_elements=[col(CannedReplyRow.name), col(CannedReplyRow.author)], set_={"text": put.excluded["text"]}
    ),
    "name",
    "author",
    "text",
)
_LISTED = sql.statement(
    lambda: (
        sql.query(CannedReplyRow.name, CannedReplyRow.text, CannedReplyRow.author)
        .where((col(CannedReplyRow.author) == "") | (col(CannedReplyRow.author) == sql.param("agent")))
        .order_by(col(CannedReplyRow.name), col(CannedReplyRow.author))
    )
)
_REMOVE = sql.statement(
    lambda: delete(CannedReplyRow).where(
        col(CannedReplyRow.name) == sql.param("reply"), col(CannedReplyRow.author) == sql.param("of")
    )
)


def listed(session: Session, agent: str) -> tuple[CannedReply, ...]:
    """Return the replies that an agent has, by name: the shared ones and their own."""
    return tuple(CannedReply(*row) for row in sql.several(session, _LISTED, agent=agent))


def put(session: Session, reply: CannedReply) -> None:
    """Store a reply; one of the same name and author is replaced."""
    sql.write(session, _PUT, name=reply.name, author=reply.author, text=reply.text)


def remove(session: Session, reply: CannedReply) -> None:
    """Remove a reply."""
    sql.write(session, _REMOVE, reply=reply.name, of=reply.author)
