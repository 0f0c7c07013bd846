"""Which shape of the tables this program knows."""

HEAD = "0008"
"""The newest revision in `migrations/versions`."""
