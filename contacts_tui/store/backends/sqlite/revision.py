"""The marks of a file that is a store of this program, and of its revision."""

APPLICATION_ID = 0x43545549
"""Marks the file as ours ("CTUI"): another program's database is never taken for an old store."""

REVISION_QUERY = "SELECT version_num, (SELECT application_id FROM pragma_application_id) FROM alembic_version"
"""The file's revision and mark; fails in a database without migrations."""
