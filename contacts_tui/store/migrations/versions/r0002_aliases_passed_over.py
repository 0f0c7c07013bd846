"""Second names of an address, what was passed over, and wishes to stop that are no opt-out."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Words of a chat, and of WhatsApp without the provider's own word, opted people out before: nobody refuses messages
# there by a keyword. What was said stays known as a wish. A STOP has the time of its message, a refusal by the
# provider (21610) has none of a message.
_BY_KEYWORD = """
    UPDATE identity SET stop_asked_at = opted_out_at, opted_out_at = NULL
    WHERE opted_out_at IS NOT NULL AND (
        channel IN ('telegram', 'messenger')
        OR (channel = 'whatsapp' AND EXISTS (
            SELECT 1 FROM conversation JOIN message ON message.conversation_id = conversation.id
            WHERE conversation.identity_id = identity.id AND direction = 'in' AND message.at = opted_out_at
        ))
    )
"""
# A WhatsApp user id belongs to the inbox that it came in at, and its case matters.
_USER_IDS = """
    UPDATE identity SET key = trim(address), scope = coalesce(
        (SELECT min(inbox_id) FROM conversation WHERE conversation.identity_id = identity.id), 0)
    WHERE channel = 'whatsapp' AND address GLOB '[A-Za-z][A-Za-z].[^ ]*'
"""


def upgrade() -> None:
    """Add the tables and the column, and read what is there by the present rules."""
    op.create_table(
        "identity_alias",
        sa.Column("inbox_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("identity_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"]),
        sa.ForeignKeyConstraint(["identity_id"], ["identity.id"]),
        sa.PrimaryKeyConstraint("inbox_id", "key"),
    )
    op.create_index("ix_identity_alias_identity_id", "identity_alias", ["identity_id"])
    op.create_table(
        "passed_over",
        sa.Column("inbox_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["inbox_id"], ["inbox.id"]),
        sa.PrimaryKeyConstraint("inbox_id", "kind"),
    )
    op.add_column("identity", sa.Column("stop_asked_at", sa.BigInteger(), nullable=True))
    op.execute(_BY_KEYWORD)
    op.execute(_USER_IDS)
