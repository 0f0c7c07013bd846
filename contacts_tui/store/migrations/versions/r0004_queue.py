"""The queue: states of people, answer targets, agents, saved views, and the journal of what agents did."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Whose last message is theirs waits since the first one after our last; everybody else who was spoken to is closed.
_ANSWERED = (
    "(SELECT max(o.at) FROM message o WHERE o.contact_id = contact.id AND o.direction = 'out' AND o.status <> 'failed')"
)
_WAITING = (
    "(SELECT min(m.at) FROM message m WHERE m.contact_id = contact.id AND m.direction = 'in' "
    f"AND m.at > coalesce({_ANSWERED}, 0))"
)


def upgrade() -> None:
    """Make the tables, and an entry for each person who has a message."""
    op.create_table(
        "queue",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("waiting_since", sa.BigInteger(), nullable=True),
        sa.Column("deadline", sa.BigInteger(), nullable=True),
        sa.Column("wake", sa.String(), nullable=False),
        sa.Column("wake_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("contact_id"),
    )
    op.create_index("ix_queue_deadline", "queue", ["state", "deadline", "waiting_since", "contact_id"])
    op.create_index("ix_queue_wake", "queue", ["wake_at"], sqlite_where=sa.text("state = 'snoozed'"))
    op.create_table(
        "answer_target",
        sa.Column("inbox_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("hours", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"]),
        sa.PrimaryKeyConstraint("inbox_id"),
    )
    op.create_table(
        "agent",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("hours", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("disabled_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "saved_view",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("filter", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "journal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.Column("undone_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_journal_batch", "journal", ["batch"])
    op.create_index("ix_journal_contact", "journal", ["contact_id", "id"])
    op.create_index("ix_contact_owner", "contact", ["owner", "id"], sqlite_where=sa.text("owner <> ''"))
    op.execute(
        "INSERT INTO queue (contact_id, state, waiting_since, deadline, wake, wake_at) "
        "SELECT id, CASE WHEN waiting IS NULL THEN 'closed' ELSE 'open' END, waiting, waiting + 3600000000, '', NULL "
        f"FROM (SELECT id, {_WAITING} AS waiting FROM contact WHERE activity_at > 0)"
    )
