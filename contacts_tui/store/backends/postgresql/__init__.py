"""PostgreSQL. What tells its stores from others stands here: no more of it is imported for a store in a file."""

SCHEMES = ("postgresql://", "postgres://")
"""What an address begins with."""

FORM = "postgresql://user@host/name"
"""An address, in words."""
