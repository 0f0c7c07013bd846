"""`python -m tests.torture`: the torture test with a seed and a size."""

import argparse
import sys
from pathlib import Path

from tests.torture.run import torture


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
    parser.add_argument("--folder", type=Path, help="keep the store and the logs here, whatever comes of it")
    given = parser.parse_args()
    return 1 if torture(given.seed, given.messages, say, given.folder).complaints else 0


if __name__ == "__main__":
    sys.exit(main())
