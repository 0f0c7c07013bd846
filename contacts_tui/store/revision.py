"""Which shape of the tables this program knows."""

HEAD = "0005"
"""The newest revision in `migrations/versions`."""
