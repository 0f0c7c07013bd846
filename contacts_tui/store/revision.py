"""Which shape of the tables this program knows."""

HEAD = "0007"
"""The newest revision in `migrations/versions`."""
