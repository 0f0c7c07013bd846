"""The short form of the torture test, with some of everything in it; docs/torture.md tells of the long one."""

from pathlib import Path

import pytest

from tests.torture.plan import make
from tests.torture.run import torture

MESSAGES = 150

PLAYED = (
    "sms: opted out by word",
    "sms: opted in by word",
    "whatsapp: opted out by word",
    "whatsapp: opted in by word",
    "telegram: blocked",
    "telegram: allowed",
    "people's messages shown as edited",
    "batches",
    "taken under the tag",
    "settled by the agent",
)
"""What has to be in a short run too, as the two records tell it."""


@pytest.mark.timeout(300)
def test_nothing_is_lost_twice_unexplained_or_backwards_while_everything_fails(
    tmp_path: Path,
) -> None:
    said: list[str] = []
    outcome = torture(make(1, MESSAGES), "make test", said.append, tmp_path)
    assert not outcome.complaints, "\n".join(said)
    assert outcome.counts["our messages at the provider"] > MESSAGES / 4
    assert outcome.counts["of which we said yes to"] > MESSAGES / 4
    killed = {name for name in outcome.counts if name.startswith("killed")}
    assert killed == {"killed worker", "killed desk", "killed agent"}
    for played in PLAYED:
        assert outcome.counts[played], f"nothing came of this: {played}"
