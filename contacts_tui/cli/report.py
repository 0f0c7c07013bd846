"""`contacts-tui report`: what was done in the days asked for."""

from typing import Annotated

from contacts_tui.cli.declare import Json, Option, command
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.open_store import open_to_read
from contacts_tui.cli.output import say, say_json, say_list
from contacts_tui.config import Config
from contacts_tui.domain.durations import remaining_short
from contacts_tui.domain.person_filter import ME
from contacts_tui.domain.report import AnswerTimes, Report
from contacts_tui.domain.text import counted
from contacts_tui.services import report

_DAY = "such as `yesterday`, `friday` or `2026-03-30`, in your time zone"


@command("contacts-tui report --since monday", only_tells=True)
def run(
    config: Config,
    since: Annotated[str, Option(f"the first day, {_DAY} (default: today)", "DAY")] = "",
    until: Annotated[str, Option("the last day, with all of it (default: today, up to now)", "DAY")] = "",
    of: Annotated[str, Option("only what this agent did, or `me`; without it, everybody", "AGENT", name="--of")] = "",
    as_json: Json = False,
) -> Exit:
    """Print who was answered and how long they had waited, what was closed and snoozed, and who waits now.

    Only the hours in which the inbox answers count. In JSON every span of time is in seconds.
    """
    with open_to_read(config) as store:
        period = store.call_read(report.typed_period, config.agent, since, until)
        found = store.call_read(report.of_period, config.agent, period, config.agent if of == ME else of)
    if as_json:
        say_json(found)
        return Exit.DONE
    say(found.words)
    say(_waiting(found))
    say()
    say_list(
        ("by", "name", "answered", "median wait", "longest", "closed", "snoozed"),
        (
            *(("channel", one.channel.label, *_times(one.answers), "", "") for one in found.channels),
            *(
                ("agent", one.agent or "-", *_times(one.answers), str(one.closed), str(one.snoozed))
                for one in found.agents
            ),
        ),
    )
    return Exit.DONE


def _times(times: AnswerTimes) -> tuple[str, str, str]:
    if times.median is None or times.longest is None:
        return "0", "", ""
    return str(times.count), remaining_short(times.median), remaining_short(times.longest)


def _waiting(found: Report) -> str:
    waiting = found.waiting
    if waiting.longest is None:
        return "nobody waits now"
    who = counted(waiting.people, "person waits", "people wait")
    return f"{who} now, {waiting.late:,} late, the longest for {remaining_short(waiting.longest)}"
