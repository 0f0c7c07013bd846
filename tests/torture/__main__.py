"""`python -m tests.torture`: the torture test with a seed and a size."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from tests.torture import attack_plan, plan
from tests.torture.run import ENGINES, torture

PARTS: dict[str, dict[str, Callable[[int, int], plan.Plan]]] = {
    "sqlite": {"faults": plan.make, "attack": attack_plan.make},
    "postgresql": {
        "faults": lambda seed, messages: plan.on_a_server(plan.make(seed, messages)),
        "attack": lambda seed, messages: attack_plan.make(seed, messages, attack_plan.WITHOUT_A_FILE),
    },
}
"""The parts of a run: failures of programs and providers; attacks on processes, connections, disk and store."""
ATTACK_SHARE = 5
"""The attack has the number of messages divided by this, because its clock can't be moved ahead."""


def say(line: str) -> None:
    """Write a line to standard output at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Run the torture test, and return 0 when both records agree, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument(
        "--seed", type=int, default=1, help="decides who says what, and what goes wrong when (default: 1)"
    )
    parser.add_argument("--messages", type=int, default=10_000, help="in both directions (default: 10000)")
    parser.add_argument("--engine", choices=ENGINES, default=ENGINES[0], help="what the store is on (default: sqlite)")
    parser.add_argument("--only", choices=tuple(PARTS[ENGINES[0]]), help="one part, with all the messages")
    parser.add_argument("--folder", type=Path, help="keep the stores and the logs here, whatever comes of it")
    given = parser.parse_args()
    wrong = False
    for part, make in PARTS[given.engine].items():
        if given.only not in (None, part):
            continue
        messages = given.messages // ATTACK_SHARE if part == "attack" and given.only is None else given.messages
        say(f"{part}: {messages} messages")
        again = f"make torture ENGINE={given.engine} ONLY={part} SEED={given.seed} MESSAGES={messages}"
        folder = given.folder / part if given.folder else None
        wrong |= bool(torture(make(given.seed, messages), again, say, folder, engine=given.engine).complaints)
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
