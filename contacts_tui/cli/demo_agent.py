"""The process of the demo's second agent.

    python -m contacts_tui.cli.demo_agent LOCATION AGENT

works as AGENT on the store at LOCATION until standard input ends.
"""

import asyncio
import contextlib
import sys

from contacts_tui.cli import shutdown
from contacts_tui.cli.logs import log_to
from contacts_tui.demo import second_agent
from contacts_tui.paths import shipped_data
from contacts_tui.screens.session import AgentSession


async def work(location: str, agent: str) -> None:
    """Work on a store as this agent, at a person's pace, until standard input ends or a signal comes."""
    stop = shutdown.stop_event(with_stdin=True)
    session = AgentSession(location, agent)
    try:
        await session.open()
        at_work = second_agent.SecondAgent(session, second_agent.at_ease()).work(second_agent.visits(shipped_data()))
        working = asyncio.create_task(at_work)
        await asyncio.wait({working, asyncio.create_task(stop.wait())}, return_when=asyncio.FIRST_COMPLETED)
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working
    finally:
        session.close()


if __name__ == "__main__":
    log_to("second-agent", "info")
    shutdown.run(work(*sys.argv[1:]))
