"""The short form of the torture test, with some of everything in it; docs/torture.md describes the long one."""

from pathlib import Path

import pytest

from tests.torture.plan import make, on_a_server
from tests.torture.run import torture
from tests.torture.steps import Ending

MESSAGES = 150
ON_A_SERVER = 24

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
"""The counts that a short run has to leave, too, as the two records tell them."""


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


@pytest.mark.timeout(300)
def test_nothing_is_lost_twice_or_unexplained_while_a_server_is_restarted_and_cuts_connections(tmp_path: Path) -> None:
    said: list[str] = []
    plan = on_a_server(make(1, ON_A_SERVER), len(Ending))
    outcome = torture(plan, "make test", said.append, tmp_path, engine="postgresql")
    assert not outcome.complaints, "\n".join(said)
    assert outcome.counts["of which we said yes to"] and outcome.counts["our messages at the provider"]
    for ended in (*(f"database server ended {how}" for how in Ending), "database connections cut"):
        assert outcome.counts[ended], f"nothing came of this: {ended}"
