"""How long a message is on its way between provider and screen, in both directions."""

import time
from datetime import datetime
from pathlib import Path
from statistics import median, quantiles

import httpx

from benchmarks.driving import program, rest
from benchmarks.figures import Figure
from benchmarks.sender import form, signature
from benchmarks.serving import ACCOUNT, ADDRESS, TOKEN, Serving, prepare, serving
from tests.e2e.cli.program import Program, Server
from tests.e2e.terminal import Terminal

MESSAGES = 40
"""Messages in each direction, one after the other."""
_FIRST = 1_000
"""The first number. All have as many digits, so no message's text is part of another's."""


def figures(folder: Path) -> list[Figure]:
    """Measure both directions: the median and the p95 of each."""
    with Program(folder).serving("sandbox") as sandbox:
        sandbox.control(
            "seed",
            {
                "accounts": [{"sid": ACCOUNT, "auth_token": TOKEN}],
                "senders": [{"account_sid": ACCOUNT, "address": ADDRESS}],
                "settings": {"small_talk": False, "delays": {"sent": 0.05, "delivered": 0.05}},
            },
        )
        location, inbox_id = prepare(folder / "latency.db", sandbox.url)
        with serving(location, inbox_id, folder) as receiver, httpx.Client(trust_env=False) as client:
            _post(client, receiver, _FIRST)
            with program(location, folder) as terminal:
                terminal.wait_for("nothing waiting", f"order {_FIRST}")
                terminal.press("enter")
                terminal.wait_for("from Shop")
                rest(terminal)
                heard = [_heard(terminal, client, receiver, _FIRST + place) for place in range(1, MESSAGES + 1)]
                sent = _sent(terminal, sandbox)
    return [
        *_of("from the receiver's 200 to the bubble on the screen", heard),
        *_of("from Enter to the request at the provider", sent),
    ]


def _of(name: str, seconds: list[float]) -> list[Figure]:
    return [
        Figure(f"{name}: median", median(seconds) * 1000, "ms"),
        Figure(f"{name}: p95", quantiles(seconds, n=20)[-1] * 1000, "ms"),
    ]


def _post(client: httpx.Client, receiver: Serving, place: int) -> float:
    """Send a message from the only person. Return the time of the answer, by `time.perf_counter`."""
    fields = form(place, senders=1)
    headers = {"X-Twilio-Signature": signature(receiver.path, fields)}
    client.post(receiver.url + receiver.path, data=fields, headers=headers).raise_for_status()
    return time.perf_counter()


def _heard(terminal: Terminal, client: httpx.Client, receiver: Serving, place: int) -> float:
    """Return the seconds from the receiver's answer to a message until its text is shown in the open thread."""
    answered = _post(client, receiver, place)
    shown = terminal.wait_for(f"order {place}")
    rest(terminal)
    return shown - answered


def _sent(terminal: Terminal, sandbox: Server) -> list[float]:
    """Return the seconds from each Enter until the sandbox had the request, by its own record."""
    pressed = {}
    for place in range(_FIRST, _FIRST + MESSAGES):
        text = f"Reply {place}"
        terminal.type(text)
        terminal.wait_for(text)
        pressed[text] = terminal.press("enter")
        rest(terminal)
    between_clocks = time.time() - time.perf_counter()
    record = httpx.get(f"{sandbox.url}/control/messages", trust_env=False).json()["messages"]
    arrived = {entry["body"]: datetime.fromisoformat(entry["created_at"]).timestamp() for entry in record}
    return [arrived[text] - between_clocks - at for text, at in pressed.items()]
