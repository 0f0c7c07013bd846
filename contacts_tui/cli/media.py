"""`contacts-tui media`: the files of messages, and the links under which providers fetch them."""

from typing import Annotated

from contacts_tui import paths
from contacts_tui.cli import shutdown
from contacts_tui.cli.declare import Argument, Json, Option, command
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.open_store import open_store, open_to_read
from contacts_tui.cli.output import say, say_done, say_json
from contacts_tui.config import Config
from contacts_tui.services import media


@command("contacts-tui media save 4711 --to ~/Desktop/")
def save(
    config: Config,
    message: Annotated[int, Argument("the message's number, as `thread` shows it beside a file", "MESSAGE-ID")],
    to: Annotated[
        str, Option("a folder, or the new file's path (default: your downloads folder)", "PATH", completes="file")
    ] = "",
    as_json: Json = False,
) -> Exit:
    """Fetch and save the files of a message, and print where they are."""
    with open_to_read(config) as store:
        saved = shutdown.run(media.save(store, message, to, folder=paths.downloads_folder()))
    if as_json:
        say_json({"message_id": message, "saved": [str(path) for path in saved]})
        return Exit.DONE
    for path in saved:
        say(f"saved: {path}")
    return Exit.DONE


@command("contacts-tui media renew-links")
def renew_links(config: Config, as_json: Json = False) -> Exit:
    """Revoke every link by which a provider may fetch a file."""
    with open_store(config) as store:
        store.call(media.renew_links, config.agent)
    return say_done(
        {"renewed": True},
        "all links to files are revoked; a message whose file the provider has not fetched yet may fail",
        as_json=as_json,
    )
