"""Which shape of the tables this program knows."""

HEAD = "0006"
"""The newest revision in `migrations/versions`."""
