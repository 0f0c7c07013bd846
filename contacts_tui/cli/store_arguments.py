"""The options of `contacts-tui store`."""

from contacts_tui.cli.parser import Commands, Parser, add_json, command, group


def add_store(commands: Commands) -> None:
    """`store` and what an administrator does with it."""
    store = group(commands, "store", "back up, restore, check and describe the store")
    parser = command(
        store,
        "backup",
        "store:backup",
        "copy the store and the files of its messages into a new folder, while others work with it",
        "contacts-tui store backup /var/backups/contacts-2026-11-27",
    )
    _add_path(parser, "the folder to make; nothing is overwritten")
    parser = command(
        store,
        "restore",
        "store:restore",
        "put a backup in the store's place, while nobody works with it; the old one is kept beside it",
        "contacts-tui store restore /var/backups/contacts-2026-11-27",
    )
    _add_path(parser, "a folder that `store backup` made")
    parser = command(
        store,
        "check",
        "store:check",
        "look whether the file, the search and every number that derives from others is sound; 1 when something is not",
        "contacts-tui store check --repair",
    )
    parser.add_argument("--repair", action="store_true", help="derive anew what can be, and look again")
    add_json(parser)
    parser = command(
        store,
        "info",
        "store:info",
        "where the store is, how large, what it holds, and who works with it",
        "contacts-tui store info",
        only_tells=True,
    )
    add_json(parser)


def _add_path(parser: Parser, help_: str) -> None:
    parser.add_argument("path", metavar="PATH", help=help_)
    add_json(parser)
