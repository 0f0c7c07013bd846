"""What this process has done since it began, counted for its metrics."""

from collections import Counter

polls: Counter[str] = Counter()
"""Questions for new messages, by what came of them: `answered` or `failed`."""
restarts: Counter[str] = Counter()
"""How often something that goes on by itself began anew after a failure, by its name."""
