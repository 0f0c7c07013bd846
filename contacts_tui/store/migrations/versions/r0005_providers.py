"""Who carried each message and each try, and whose the last error of an inbox was."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns. Until now an inbox kept its provider, so that everything of it was its present one's."""
    for table, column in (("message", "provider"), ("attempt", "provider"), ("inbox", "last_error_provider")):
        op.add_column(table, sa.Column(column, sa.String(), nullable=False, server_default=""))
    op.execute("UPDATE message SET provider = (SELECT provider FROM inbox WHERE inbox.id = message.inbox_id)")
    op.execute("UPDATE attempt SET provider = (SELECT provider FROM message WHERE message.id = attempt.message_id)")
    op.execute("UPDATE inbox SET last_error_provider = provider WHERE last_error_at IS NOT NULL")
