"""Which shape of the tables this program knows."""

HEAD = "0009"
"""The newest revision in `migrations/versions`."""
