"""Memory of a `serve` process that receives a hundred thousand messages."""

from pathlib import Path

from benchmarks.figures import Figure
from benchmarks.serving import prepare, serving

STEPS = (10_000, 50_000, 100_000)
"""Numbers of messages after which the memory is measured."""
SENDERS = 1_000
CONNECTIONS = 64


def figures(folder: Path) -> list[Figure]:
    """Measure the resident memory after each step, and the last to the first."""
    location, inbox_id = prepare(folder / "memory.db")
    found: dict[int, float] = {}
    with serving(location, inbox_id, folder) as receiver:
        taken = 0
        for step in STEPS:
            receiver.hear(taken, step - taken, senders=SENDERS, connections=CONNECTIONS)
            taken, found[step] = step, resident(receiver.pid)
    return [
        *(Figure(f"memory of serve after {step:,} messages", size, "MB") for step, size in found.items()),
        Figure(f"memory: {STEPS[-1]:,} messages to {STEPS[0]:,}", found[STEPS[-1]] / found[STEPS[0]], "×", 1.1),
    ]


def resident(pid: int) -> float:
    """Return the megabytes that a process has in memory now. Raise ValueError if the kernel doesn't say."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1000
    raise ValueError(f"the kernel says nothing of the memory of process {pid}")
