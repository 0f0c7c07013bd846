"""`python -m tests.torture`: the torture test with a seed and a size."""

import argparse
import sys
from pathlib import Path

from tests.torture import attack_plan, plan
from tests.torture.run import ENGINES, torture

PARTS = {"faults": plan.make, "attack": attack_plan.make}
"""What fails of itself and at the providers; and what is done to processes, connections, the disk and the store."""
ATTACK_SHARE = 5
"""The attack has one of so many messages: in it the clock goes as it does."""


def say(line: str) -> None:
    """Writes a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> int:
    """Runs it. 0 when both records agree, else 1."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument(
        "--seed", type=int, default=1, help="decides who says what, and what goes wrong when (default: 1)"
    )
    parser.add_argument("--messages", type=int, default=10_000, help="in both directions (default: 10000)")
    parser.add_argument("--engine", choices=ENGINES, default=ENGINES[0], help="what the store is on (default: sqlite)")
    parser.add_argument("--only", choices=tuple(PARTS), help="one part, with all the messages")
    parser.add_argument("--folder", type=Path, help="keep the stores and the logs here, whatever comes of it")
    given = parser.parse_args()
    on_server = given.engine != ENGINES[0]
    if on_server and given.only == "attack":
        parser.error("the attack is on the file of a store: it runs on sqlite")
    wrong = False
    for part, make in PARTS.items():
        if given.only not in (None, part) or (on_server and part == "attack"):
            continue
        messages = given.messages // ATTACK_SHARE if part == "attack" and given.only is None else given.messages
        say(f"{part}: {messages} messages")
        again = f"make torture ENGINE={given.engine} ONLY={part} SEED={given.seed} MESSAGES={messages}"
        folder = given.folder / part if given.folder else None
        made = make(given.seed, messages)
        played = plan.on_a_server(made) if on_server else made
        wrong |= bool(torture(played, again, say, folder, engine=given.engine).complaints)
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
