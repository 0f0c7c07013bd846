"""A team on one store: roles of agents, who has whom open, and what a draft's writer knew when it was begun."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them. Agents who were added have the least role: while there is no administrator, everybody is one."""
    op.add_column("agent", sa.Column("role", sa.String(), nullable=False, server_default="agent"))
    op.add_column("draft", sa.Column("begun_after", sa.Integer(), nullable=False, server_default="0"))
    # A draft of before doesn't say when it was begun: as far as can be known, when it was saved last.
    op.execute(
        "UPDATE draft SET begun_after = "
        "coalesce((SELECT max(message.id) FROM message WHERE message.stored_at <= draft.saved_at), 0)"
    )
    op.create_table(
        "presence",
        sa.Column("process", sa.String(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("is_writing", sa.Boolean(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("process"),
    )
    op.create_index("ix_presence_until", "presence", ["until"])
    op.create_index("ix_presence_contact", "presence", ["contact_id"])
