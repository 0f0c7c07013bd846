"""`contacts-tui channels`: the channels that reach a person, and why the others don't."""

from collections.abc import Iterable

from contacts_tui.cli.declare import Contact, Json, command
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.open_store import open_to_read
from contacts_tui.cli.output import say, say_json, say_table
from contacts_tui.config import Config
from contacts_tui.domain.fallback import by_cost, cheapest_open
from contacts_tui.domain.reachability import ChannelState
from contacts_tui.domain.text import one_line
from contacts_tui.services import people, reachability


@command("contacts-tui channels +12025550142", only_tells=True)
def run(config: Config, contact: Contact, as_json: Json = False) -> Exit:
    """Print every channel of a person with its state, whether it can be used or not, and the cheapest open one."""
    with open_to_read(config) as store:
        found = store.call_read(people.find, contact)
        states = store.call_read(reachability.channels, found.id)
    best, usable = cheapest_open(states), by_cost(states)
    if as_json:
        say_json(
            {
                "contact_id": found.id,
                "name": found.name,
                "channels": states,
                "cheapest_open": best.channel if best else None,
                "usable": [state.channel for state in usable],
            }
        )
        return Exit.DONE
    say(one_line(found.name))
    say_channels(states)
    if best is not None:
        say(f"the cheapest open channel is {best.channel.label}: --channel {best.channel}")
    else:
        ways = [f"{state.channel.label}, {state.caution or state.words}" for state in usable]
        say(f"no channel takes free text now{': ' if ways else ''}{'; '.join(ways)}")
    return Exit.DONE


def say_channels(states: Iterable[ChannelState]) -> None:
    """Print the messaging section. It is part of a card and no list, so it is laid out as a table in a pipe, too."""
    say_table(
        ("channel", "state", "why", "what to do"),
        (
            (
                state.channel.label,
                state.words + (", may want you to stop" if state.stop_asked_at else ""),
                state.caution or state.reason,
                state.way_out,
            )
            for state in states
        ),
        # These are our own sentences, which must be read in full.
        longest={"state": 60, "why": 200, "what to do": 200},
    )
