"""How long tests wait for what has to happen: no figure of theirs says how fast a machine is."""

LIMIT = 120.0
"""Seconds after which a wait counts as in vain, on the slowest and busiest machine."""
POLL_LIMIT = 25.0
"""Seconds, less than the thirty for which a test's long poll may wait: the answer came for another reason."""
