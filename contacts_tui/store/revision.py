"""Which shape of the tables this program knows, and how a file tells which it has."""

HEAD = "0005"
"""The newest revision in `migrations/versions`."""

APPLICATION_ID = 0x43545549
"""Marks the SQLite file as ours ("CTUI"): another program's database is never taken for an old store."""

REVISION_QUERY = "SELECT version_num, (SELECT application_id FROM pragma_application_id) FROM alembic_version"
"""The file's revision and mark; fails in a database without migrations."""
