"""The options of `contacts-tui store`."""

from contacts_tui.cli.parser import Commands, Parser, add_json, command, group


def add_store(commands: Commands) -> None:
    """`store` and what an administrator does with it."""
    store = group(commands, "store", "back up, restore, check and describe the store")
    parser = command(
        store,
        "backup",
        "store:backup",
        "copy the store and the files of its messages into a new folder, while others use it",
        "contacts-tui store backup /var/backups/contacts-2026-11-27",
    )
    _add_path(parser, "the folder to create; nothing is overwritten")
    parser = command(
        store,
        "restore",
        "store:restore",
        "replace the store with a backup, while nobody uses it; the old one is kept beside it",
        "contacts-tui store restore /var/backups/contacts-2026-11-27",
    )
    _add_path(parser, "a folder made by `store backup`")
    parser = command(
        store,
        "check",
        "store:check",
        "check the file, the search index and every derived number; exits with 1 when something is wrong",
        "contacts-tui store check --repair",
    )
    parser.add_argument("--repair", action="store_true", help="rebuild what can be rebuilt, and check again")
    add_json(parser)
    parser = command(
        store,
        "info",
        "store:info",
        "show where the store is, how large, what it holds, and who uses it",
        "contacts-tui store info",
        only_tells=True,
    )
    add_json(parser)


def _add_path(parser: Parser, help_: str) -> None:
    parser.add_argument("path", metavar="PATH", help=help_)
    add_json(parser)
