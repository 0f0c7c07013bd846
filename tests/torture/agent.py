"""An agent without a screen: calls the services that the interface calls, as told by lines of JSON.

    python -m tests.torture.agent CLOCK LOCATION

Each command is answered by a line when its transaction is committed. When this process is killed before it answers, the
driver can't know whether the command was done, and may give the same one to another agent.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlmodel import Session

from contacts_tui.domain.clock import Clock
from contacts_tui.domain.message import NewMessage
from contacts_tui.domain.template import TemplateChoice
from contacts_tui.services import messaging, threads
from contacts_tui.services.errors import MayWantToStop, ServiceError
from contacts_tui.store import templates
from contacts_tui.store.errors import StoreError
from contacts_tui.store.store import Store
from tests.torture.clock import SharedClock

VALUES = ("Sam", "4711", "Friday")
"""The values of a template's variables, in their order."""

AWAY_LIMIT = 60.0
"""Seconds in which a store can be opened again after a restart of its server."""

Command = dict[str, Any]


def send(session: Session, clock: Clock, command: Command) -> int:
    """Queue a message, as Enter does in the composer or ctrl+s in the template picker; return its id."""
    # The person may have written what reads like a wish to stop: the agent says that the message is to go all the same.
    messaging.acknowledge_stop(session, clock, command["identity"])
    template = templates.listed(session, command["inbox"])[0] if command["template"] else None
    values = dict(zip(template.samples, (command["text"], *VALUES), strict=False)) if template else {}
    choice = TemplateChoice(template.id, values) if template else None
    message = messaging.send(
        session,
        clock,
        command["identity"],
        command["inbox"],
        NewMessage(
            uid=command["uid"],
            author=command["author"],
            body="" if template else command["text"],
            human_agent=command["human"],
        ),
        template=choice,
    )
    return message.id


def look(session: Session, clock: Clock, command: Command) -> int:
    """Open a conversation and mark it as read, as Enter does in the people list; return the number of its messages."""
    page = threads.page(session, clock, command["conversation"])
    messaging.mark_read(session, clock, command["conversation"])
    return len(page.messages)


def again(session: Session, clock: Clock, command: Command) -> int:
    """Send a failed or doubtful message again, as the agent's key does; return its id."""
    try:
        return messaging.retry(session, clock, command["message"], may_double=True).id
    except MayWantToStop as error:
        messaging.acknowledge_stop(session, clock, error.identity_id)
    return messaging.retry(session, clock, command["message"], may_double=True).id


def settle(session: Session, clock: Clock, command: Command) -> int:
    """Record that a doubtful message arrived, as the agent's key does; return its id."""
    return messaging.arrived(session, clock, command["message"], command["author"]).id


COMMANDS: dict[str, Callable[[Session, Clock, Command], int]] = {
    "send": send,
    "look": look,
    "again": again,
    "settle": settle,
}


def _opened(location: str, clock: SharedClock) -> Store:
    """Open the store as soon as its server answers. Raise StoreError when it doesn't within AWAY_LIMIT."""
    deadline = time.monotonic() + AWAY_LIMIT
    while True:
        try:
            return Store.open(location, clock)
        except StoreError:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.2)


def main(clock: str, location: str) -> None:
    """Carry out the commands on standard input until it ends."""
    store = _opened(location, SharedClock(Path(clock)))
    for line in sys.stdin:
        command: Command = json.loads(line)
        answer: dict[str, Any] = {"key": command["key"]}
        try:
            answer["done"] = store.call(COMMANDS[command["do"]], command)
        except ServiceError as error:
            answer["refused"] = error.sentence
        except StoreError as error:
            # Other processes hold the store for long on a busy machine. Nothing was stored.
            answer["failed"] = error.sentence
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
