"""`contacts-tui scheduled`: what is to be sent later."""

from datetime import datetime
from typing import Annotated

from contacts_tui.cli.declare import CONTACT_HELP, Argument, Json, Option, command
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.open_store import open_store, open_to_read
from contacts_tui.cli.output import local_time, say, say_done, say_json, say_list
from contacts_tui.cli.standard_input import text_of_stdin
from contacts_tui.config import Config
from contacts_tui.domain import typed_time
from contacts_tui.domain.media import NO_TEXT
from contacts_tui.services import agents, people, scheduled
from contacts_tui.services.errors import BadInput
from contacts_tui.services.queue import Done
from contacts_tui.store.store import Store

Message = Annotated[int, Argument("its id, as `scheduled list` shows it", "MESSAGE")]


@command("contacts-tui scheduled list", only_tells=True)
def list_scheduled(
    config: Config,
    contact: Annotated[str, Argument(f"{CONTACT_HELP}; without it, all", "CONTACT")] = "",
    as_json: Json = False,
) -> Exit:
    """Print the scheduled messages, the next one first."""
    with open_to_read(config) as store:
        found = store.call_read(people.find, contact) if contact else None
        listed = store.call_read(scheduled.listed, None if found is None else found.id)
    if as_json:
        say_json({"scheduled": listed})
        return Exit.DONE
    if not listed:
        say("nothing is scheduled: contacts-tui send CONTACT --channel CHANNEL --text TEXT --at WHEN")
        return Exit.DONE
    say_list(
        ("message", "time", "to", "channel", "by", "they wrote since", "text"),
        (
            (
                str(one.message.id),
                local_time(one.due_at),
                one.name,
                one.message.channel.label,
                one.message.author,
                "yes" if one.wrote_since else "no",
                one.message.body or NO_TEXT,
            )
            for one in listed
        ),
    )
    return Exit.DONE


@command("contacts-tui scheduled change 41 --at 'friday 10:00'")
def change(
    config: Config,
    message: Message,
    at: Annotated[str, Option("when to send it instead, such as `2 hours`, in your time zone", "WHEN")] = "",
    text: Annotated[str | None, Option("the text instead; - reads it from stdin", "TEXT")] = None,
    as_json: Json = False,
) -> Exit:
    """Give a scheduled message another time, another text, or both."""
    if not at and text is None:
        raise BadInput("say what to change: --at WHEN, --text TEXT, or both")
    text = text_of_stdin() if text == "-" else text
    with open_store(config) as store:
        due = moment(store, config.agent, at) if at else None
        done = store.call(scheduled.change, config.agent, message, text=text, due=due)
        return say_scheduled(store, message, done, as_json=as_json)


@command("contacts-tui scheduled cancel 41")
def cancel(config: Config, message: Message, as_json: Json = False) -> Exit:
    """Cancel a scheduled message; its text becomes a draft."""
    with open_store(config) as store:
        done = store.call(scheduled.cancel, config.agent, message)
    told = {"number": done.batch, "contact_ids": done.contact_ids, "words": done.words}
    return say_done(told, f"{done.words}; its text is a draft", as_json=as_json)


def moment(store: Store, agent: str, typed: str) -> datetime:
    """Return the time that an agent typed in their time zone. Raise BadInput."""
    try:
        return typed_time.read(typed, store.clock(), store.call_read(agents.zone, agent))
    except ValueError as error:
        raise BadInput(str(error)) from error


def say_scheduled(store: Store, message_id: int, done: Done, *, as_json: bool) -> Exit:
    """Print what was scheduled, and for when. Return DONE."""
    one = store.call_read(scheduled.get, message_id)
    how = f"by {one.message.channel.label}, from {one.inbox_name}"
    return say_done(
        {"number": done.batch, "words": done.words, "scheduled": one},
        f"{done.words}: {local_time(one.due_at)} {how} (message {message_id})",
        as_json=as_json,
    )
