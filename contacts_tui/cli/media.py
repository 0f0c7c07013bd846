"""`contacts-tui media`: the files of messages, and the links under which providers fetch them."""

from argparse import Namespace

from contacts_tui import paths
from contacts_tui.cli import shutdown
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.open_store import open_store, open_to_read
from contacts_tui.cli.output import say, say_json
from contacts_tui.config import Config
from contacts_tui.services import media


def save(args: Namespace, config: Config) -> Exit:
    """Fetches the files of a message and says where they are."""
    with open_to_read(config) as store:
        saved = shutdown.run(media.save(store, args.message, args.to, folder=paths.downloads_folder()))
    if args.json:
        say_json({"message_id": args.message, "saved": [str(path) for path in saved]})
        return Exit.DONE
    for path in saved:
        say(f"saved: {path}")
    return Exit.DONE


def renew_links(args: Namespace, config: Config) -> Exit:
    """Ends every link under which a provider may fetch a file."""
    with open_store(config) as store:
        store.call(media.renew_links)
    if args.json:
        say_json({"renewed": True})
    else:
        say("all links to files are revoked; a message whose file the provider has not fetched yet may fail")
    return Exit.DONE
