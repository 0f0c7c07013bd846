"""The short forms of the attack, one for each kind; docs/torture.md describes the long one."""

from pathlib import Path

import pytest

from tests.torture import attack_plan
from tests.torture.run import torture
from tests.torture.steps import Besiege, Disturb, Fill, Kill, Replace, Stop

MESSAGES = 24
DONE = {
    Disturb: ("connections to the providers: answer cut", "connections to the receiver: answer cut"),
    Kill: ("killed worker",),
    Stop: ("stopped worker",),
    Fill: ("full disks",),
    Besiege: ("connections of strangers that stood still", "forgeries answered with 403"),
    Replace: ("stores replaced", "in files that were put aside, as we had said"),
}
"""The counts that each attack has to leave."""


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", DONE)
def test_nothing_is_lost_doubled_taken_from_strangers_or_left_unsound(tmp_path: Path, kind: type) -> None:
    said: list[str] = []
    outcome = torture(attack_plan.make(1, MESSAGES, (kind,)), "make test", said.append, tmp_path)
    assert not outcome.complaints, "\n".join(said)
    assert outcome.counts["stores that were checked"]
    for done in DONE[kind]:
        assert outcome.counts[done], f"nothing came of this: {done}"
