"""PostgreSQL. Only what tells its stores from others is here: no more of it is imported for a store in a file."""

SCHEMES = ("postgresql://", "postgres://")
"""Prefixes of an address."""

FORM = "postgresql://user@host/name"
"""The form of an address, in words."""
