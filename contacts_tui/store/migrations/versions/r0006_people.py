"""What is known of people beyond their names: language, attributes, notes, who is blocked, and forgotten opt-outs."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the tables. Nobody has anything in them yet."""
    op.add_column("contact", sa.Column("language", sa.String(), nullable=False, server_default=""))
    op.add_column("contact", sa.Column("attributes", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("contact", sa.Column("blocked_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("edited_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"]),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_note_contact", "note", ["contact_id", "at", "id"])
    op.create_table(
        "attribute",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "forgotten_opt_out",
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
