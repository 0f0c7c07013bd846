"""`contacts-tui replies`: texts that are sent often."""

from typing import Annotated

from contacts_tui.cli.declare import Argument, Json, Option, command
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.open_store import open_store, open_to_read
from contacts_tui.cli.output import say_done, say_json, say_list
from contacts_tui.cli.standard_input import text_of_stdin
from contacts_tui.config import Config
from contacts_tui.domain.canned_reply import CannedReply
from contacts_tui.domain.text import one_line
from contacts_tui.services import canned_replies

Name = Annotated[str, Argument("the reply's name", "NAME")]


@command("contacts-tui replies list", only_tells=True)
def list_replies(config: Config, as_json: Json = False) -> Exit:
    """Print the agent's canned replies: the shared ones and their own."""
    with open_to_read(config) as store:
        found = store.call_read(canned_replies.listed, config.agent)
    if as_json:
        say_json({"replies": [_fields(reply) for reply in found]})
        return Exit.DONE
    say_list(
        ("name", "whose", "text"),
        ((reply.name, "everybody's" if reply.is_shared else "mine", one_line(reply.text)) for reply in found),
    )
    return Exit.DONE


@command(
    "contacts-tui replies save ready 'Hi {{first name}}, your order is ready.'",
    "contacts-tui replies save opening-hours -",
)
def save(
    config: Config,
    name: Name,
    text: Annotated[
        str,
        Argument(
            "the text, with {{name}}, {{first name}}, {{last name}}, {{company}}, {{email}} or {{agent}} in it; "
            "- reads standard input",
            "TEXT",
        ),
    ],
    mine: Annotated[bool, Option("keep it for yourself; else everybody on this store has it")] = False,
    as_json: Json = False,
) -> Exit:
    """Save a canned reply, in place of one with the same name and owner."""
    words = text_of_stdin() if text == "-" else text
    with open_store(config) as store:
        reply = store.call(canned_replies.save, config.agent, CannedReply(name, words, config.agent if mine else ""))
    return say_done(_fields(reply), f"saved: {reply.name}", as_json=as_json)


@command("contacts-tui replies remove ready")
def remove(config: Config, name: Name, as_json: Json = False) -> Exit:
    """Remove a canned reply: the agent's own of this name, else the shared one."""
    with open_store(config) as store:
        reply = store.call(canned_replies.remove, config.agent, name)
    return say_done(_fields(reply), f"removed: {reply.name}", as_json=as_json)


def _fields(reply: CannedReply) -> dict[str, str]:
    return {"name": reply.name, "text": reply.text, "author": reply.author}
