"""What Alembic runs for each command. The connection, its lock and its transaction belong to the caller."""

from alembic import context

from contacts_tui.store import tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.ContactRow.metadata,
    transactional_ddl=True,
    # SQLite can't alter most of a table in place: Alembic copies it instead.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
