"""What this process has done since it began, counted for its metrics."""

from collections import Counter

polls: Counter[str] = Counter()
"""Requests for new messages, by their result: `answered` or `failed`."""
restarts: Counter[str] = Counter()
"""How often a worker started again after a failure, by its name."""
