"""What Alembic runs for each command. The connection, its lock and its transaction belong to the caller."""

from alembic import context
from sqlmodel import SQLModel

from contacts_tui.store import message_tables, people_tables, process_tables, queue_tables  # noqa: F401  # declare them

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    transactional_ddl=True,
    # Not every database can alter a table in place: Alembic copies it where that can't be done.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
