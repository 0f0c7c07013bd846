"""The revision of the tables that this program knows."""

HEAD = "0009"
"""The newest revision in `migrations/versions`."""
