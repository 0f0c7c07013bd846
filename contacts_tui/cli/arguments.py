"""Every command with its options. Imports little but argparse: a command of its own waits for this to be read."""

import sys
from argparse import (
    SUPPRESS,
    Action,
    ArgumentParser,
    ArgumentTypeError,
    RawDescriptionHelpFormatter,
    _SubParsersAction,
)
from typing import NoReturn, TypeAlias

from contacts_tui.cli.main import INTERFACE
from contacts_tui.paths import PROGRAM

CHANNELS = ("sms", "whatsapp", "telegram", "messenger")
"""The names of the channels."""

MERGED_FIELDS = ("name", "company", "emails", "tags", "note", "owner", "time_zone")
"""The fields of a contact that a merge chooses from: those of `domain.merge.Field`."""
MERGE_SIDES = ("keep", "other", "both")
"""Where a merge takes a field from: `domain.merge.Take`."""

_Commands: TypeAlias = "_SubParsersAction[Parser]"

CONTACT_HELP = "an id, a number in any spelling, or a name that only one person has"


class Parser(ArgumentParser):
    """A parser whose complaints can't command the terminal, whatever was pasted after the program's name."""

    def error(self, message: str) -> NoReturn:
        """Says the usage and what is wrong, and leaves with 2."""
        from contacts_tui.domain.text import one_line

        super().error(one_line(message))


def build_parser() -> Parser:
    """The whole command line. `handler` of the parsed arguments names the function that runs it."""
    parser = Parser(
        prog=PROGRAM,
        description="Contacts and conversations for support agents, in the terminal. Without a command: the interface.",
        epilog="example:\n  contacts-tui demo      a look around, with made-up people and no account",
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version)
    _add_database(parser, default=None)
    parser.set_defaults(handler=INTERFACE)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_demo(commands)
    _add_people(commands)
    _add_inbox(commands)
    _add_channels(commands)
    _add_templates(commands)
    _add_send(commands)
    _add_thread(commands)
    _add_media(commands)
    _add_message(commands)
    _add_serve(commands)
    _add_sandbox(commands)
    return parser


class _Version(Action):
    """Prints the installed version. Looked up when asked for: it costs a search through the installed packages."""

    def __init__(self, **options: object) -> None:
        super().__init__(option_strings=["--version"], dest=SUPPRESS, nargs=0, help="say the version and leave")

    def __call__(self, parser: ArgumentParser, *unused: object) -> NoReturn:
        from importlib.metadata import version

        sys.stdout.write(f"{PROGRAM} {version(PROGRAM)}\n")
        parser.exit()


def _command(commands: _Commands, name: str, handler: str, help_: str, example: str) -> Parser:
    parser = commands.add_parser(
        name,
        help=help_,
        description=f"{help_[0].upper()}{help_[1:]}.",
        epilog=f"example:\n  {example}",
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.set_defaults(handler=handler)
    # SUPPRESS, so that leaving it out here keeps what was given before the command.
    _add_database(parser, default=SUPPRESS)
    return parser


def _group(commands: _Commands, name: str, help_: str) -> _Commands:
    parser = commands.add_parser(name, help=help_, description=f"{help_[0].upper()}{help_[1:]}.", allow_abbrev=False)
    _add_database(parser, default=SUPPRESS)
    return parser.add_subparsers(title="commands", metavar="COMMAND", required=True)


def _add_database(parser: ArgumentParser, default: str | None) -> None:
    parser.add_argument(
        "--database",
        metavar="PATH",
        default=default,
        help="the store: a SQLite file or a sqlite:/// URL (default: CONTACTS_TUI_DATABASE_URL, else as configured)",
    )


def _add_json(parser: ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")


def _add_demo(commands: _Commands) -> None:
    parser = _command(
        commands,
        "demo",
        "demo:run",
        "the interface with made-up people, conversations and a sandbox that answers; needs no account",
        "contacts-tui demo",
    )
    parser.add_argument(
        "--folder",
        metavar="DIR",
        help="keep the demo's store here, begun afresh each time (default: a temporary folder)",
    )


def _add_people(commands: _Commands) -> None:
    people = _group(commands, "people", "list, show, import and merge people")
    parser = _command(
        people, "list", "people:list_people", "people, latest activity first", "contacts-tui people list --place unread"
    )
    parser.add_argument(
        "--place",
        choices=("all", "unread", "closing", "failed"),
        default="all",
        help="whom: everyone, with unread messages, whose window closes soon, whose last message failed (default: all)",
    )
    parser.add_argument("--search", metavar="TEXT", help="whose name, number, email or messages hold this")
    parser.add_argument("--limit", metavar="N", type=_count, default=50, help="how many at most (default: 50)")
    _add_json(parser)
    parser = _command(people, "show", "people:show", "one person's card", "contacts-tui people show 'Amara Okafor'")
    parser.add_argument("contact", metavar="CONTACT", help=CONTACT_HELP)
    _add_json(parser)
    parser = _command(
        people,
        "import",
        "people:import_file",
        "add people from a CSV file; doing it twice changes nothing",
        "contacts-tui people import contacts.csv --region NG",
    )
    parser.add_argument(
        "file", metavar="FILE", help="a CSV with a header, also as Google Contacts exports it; - for stdin"
    )
    parser.add_argument(
        "--region",
        metavar="CC",
        help="country of numbers without a country code (default: default_region as configured)",
    )
    _add_json(parser)
    _add_merging(people)


def _add_merging(people: _Commands) -> None:
    for name, help_, example in (
        (
            "merge",
            "make one contact of two that are one person, field by field; `people unmerge` undoes it",
            "contacts-tui people merge 'Amara Okafor' 57 --take name=other --dry-run",
        ),
        (
            "link",
            "say who somebody is who is known by Telegram or Messenger only; `people unmerge` undoes it",
            "contacts-tui people link 'Amara Okafor' 57",
        ),
    ):
        parser = _command(people, name, f"merging:{name}", help_, example)
        parser.add_argument("keep", metavar="KEEP", help=f"the contact that stays: {CONTACT_HELP}")
        parser.add_argument("other", metavar="OTHER", help="the contact that goes into it, named likewise")
        parser.add_argument(
            "--take",
            metavar="FIELD=SIDE",
            action="append",
            type=_taken,
            default=[],
            help=f"take a field ({', '.join(MERGED_FIELDS)}) from a side ({', '.join(MERGE_SIDES)}; both only for "
            "emails, tags and note); repeat it. Left out, nothing is lost: lists and notes are united, and KEEP's "
            "name and other texts stay where there are any",
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would come out")
        _add_json(parser)
    parser = _command(
        people,
        "split",
        "merging:split",
        "move an address that is somebody else's, with its messages, into a contact of its own",
        "contacts-tui people split 'Amara Okafor' +447700900115",
    )
    parser.add_argument("contact", metavar="CONTACT", help=CONTACT_HELP)
    parser.add_argument(
        "address", metavar="ADDRESS", help="a number in any spelling, a chat id, a PSID or a profile name"
    )
    _add_json(parser)
    parser = _command(
        people, "merges", "merging:merges", "what was merged, linked and moved", "contacts-tui people merges"
    )
    parser.add_argument("--limit", metavar="N", type=_count, default=50, help="how many at most (default: 50)")
    _add_json(parser)
    parser = _command(
        people,
        "unmerge",
        "merging:unmerge",
        "undo a merge, a link or a split; messages that came since go with their address",
        "contacts-tui people unmerge 3",
    )
    parser.add_argument("number", metavar="NUMBER", type=_count, help="its number in `people merges`")
    _add_json(parser)
    parser = _command(
        people,
        "duplicates",
        "merging:list_duplicates",
        "contacts that may be one person: equal emails, and one number in two spellings",
        "contacts-tui people duplicates",
    )
    parser.add_argument("--limit", metavar="N", type=_count, default=50, help="how many pairs at most (default: 50)")
    _add_json(parser)
    parser = _command(
        people,
        "distinct",
        "merging:distinct",
        "say that two contacts are not the same person: they are suggested no more",
        "contacts-tui people distinct 12 57",
    )
    parser.add_argument("contact", metavar="CONTACT", help=CONTACT_HELP)
    parser.add_argument("other", metavar="OTHER", help="the other one, named likewise")


def _add_inbox(commands: _Commands) -> None:
    inbox = _group(commands, "inbox", "connect, change, list, check and disconnect your senders")
    parser = _command(
        inbox,
        "add",
        "inbox:add",
        "connect a Twilio number, a WhatsApp sender, a Telegram bot or a Facebook page",
        "contacts-tui inbox add Shop --channel sms --address +12025550101 \\\n"
        "      --account AC0123456789abcdef0123456789abcdef --secret env:TWILIO_AUTH_TOKEN\n"
        "  contacts-tui inbox add Bot --channel telegram --address shop_support_bot --secret env:BOT_TOKEN\n"
        "  contacts-tui inbox add Page --channel messenger --address 102030405060708 \\\n"
        "      --secret env:PAGE_TOKEN --app-secret env:APP_SECRET",
    )
    parser.add_argument("name", metavar="NAME", help="what the team calls it")
    parser.add_argument("--channel", choices=CHANNELS, required=True, help="what it carries")
    parser.add_argument(
        "--address",
        metavar="ADDRESS",
        required=True,
        help="its number, MG… of a messaging service, the bot's user name or the page's id",
    )
    parser.add_argument(
        "--account",
        metavar="ID",
        default="",
        help="at Twilio the Account SID, AC…; else the bot's or the app's id, which may be left out",
    )
    parser.add_argument(
        "--secret",
        metavar="REFERENCE",
        required=True,
        help="where the token is: env:NAME, file:PATH or keyring:NAME; never the token itself",
    )
    parser.add_argument("--app-secret", metavar="REFERENCE", help="Messenger: where the app's secret is, likewise")
    parser.add_argument("--graph-version", metavar="VERSION", help="Messenger: of the Graph API (default: v26.0)")
    parser.add_argument(
        "--human-agent",
        action="store_true",
        help="Messenger: Meta lets this page answer for seven days under the HUMAN_AGENT tag",
    )
    parser.add_argument(
        "--receive", choices=("polling", "webhook"), help="Telegram: how the bot hears (default: polling)"
    )
    parser.add_argument("--base-url", metavar="URL", default="", help="another host for the API, such as a sandbox")
    _add_json(parser)
    parser = _command(
        inbox,
        "set",
        "inbox:set_up",
        "change how a sender is set up; its channel and address stay",
        "contacts-tui inbox set Page human-agent=yes\n"
        "  contacts-tui inbox set Bot receive=webhook secret=file:/etc/bot-token",
    )
    parser.add_argument("name", metavar="NAME", help="the inbox")
    parser.add_argument(
        "settings",
        metavar="KEY=VALUE",
        nargs="+",
        type=_variable,
        help="name, account, secret, base-url; human-agent=yes|no, app-secret and graph-version for Messenger; "
        "receive=polling|webhook for Telegram",
    )
    _add_json(parser)
    parser = _command(
        inbox,
        "disconnect",
        "inbox:disconnect",
        "put a sender aside: its threads stay, nothing more is sent or received, what waits to leave fails; "
        "`inbox add` with the same channel and address connects it again",
        "contacts-tui inbox disconnect Bot",
    )
    parser.add_argument("name", metavar="NAME", help="the inbox")
    _add_json(parser)
    parser = _command(
        inbox,
        "list",
        "inbox:list_inboxes",
        "your senders and how each one is: what it is in trouble with, when it last heard and sent, what waits",
        "contacts-tui inbox list",
    )
    _add_json(parser)
    parser = _command(
        inbox,
        "check",
        "inbox:check",
        "ask the provider whether credentials and address are good, and keep what it says; leaves with 1 when not",
        "contacts-tui inbox check Shop",
    )
    parser.add_argument("name", metavar="NAME", help="the inbox")
    _add_json(parser)


def _add_channels(commands: _Commands) -> None:
    parser = _command(
        commands,
        "channels",
        "channels:run",
        "on which channels a person can be reached, which costs least, and why not on the others",
        "contacts-tui channels +12025550142",
    )
    parser.add_argument("contact", metavar="CONTACT", help=CONTACT_HELP)
    _add_json(parser)


def _add_templates(commands: _Commands) -> None:
    templates = _group(commands, "templates", "fetch and list WhatsApp templates")
    parser = _command(
        templates, "sync", "templates:sync", "fetch the templates of WhatsApp inboxes", "contacts-tui templates sync"
    )
    parser.add_argument("inbox", metavar="INBOX", nargs="?", help="only of this one (default: of every WhatsApp inbox)")
    parser = _command(
        templates,
        "list",
        "templates:list_templates",
        "the templates fetched last, each with its state",
        "contacts-tui templates list",
    )
    parser.add_argument("inbox", metavar="INBOX", nargs="?", help="only of this one (default: of every WhatsApp inbox)")
    _add_json(parser)


def _add_send(commands: _Commands) -> None:
    parser = _command(
        commands,
        "send",
        "send:run",
        "send one message, and stay until the provider has answered",
        "contacts-tui send 'Amara Okafor' --channel sms --text 'Your order is ready.'\n"
        "  contacts-tui send 12 --channel whatsapp --template order_ready --var name=Amara --var order=4711 --wait 30\n"
        "  contacts-tui send 12 --channel telegram --file invoice.pdf --text 'Your invoice'",
    )
    parser.add_argument("contact", metavar="CONTACT", help=CONTACT_HELP)
    parser.add_argument("--channel", choices=CHANNELS, required=True, help="by which channel")
    content = parser.add_mutually_exclusive_group()
    content.add_argument("--text", metavar="TEXT", help="what to say; - reads it from stdin")
    content.add_argument("--template", metavar="NAME", help="the WhatsApp template to send")
    parser.add_argument(
        "--file", metavar="PATH", help="a file to send, with the text under it or before it; without --text, alone"
    )
    parser.add_argument(
        "--var",
        metavar="NAME=VALUE",
        action="append",
        type=_variable,
        default=[],
        help="a template variable; repeat it",
    )
    parser.add_argument("--language", metavar="CODE", help="the template's language, when it has several")
    parser.add_argument("--from", metavar="INBOX", dest="inbox", help="the inbox to send from, when there are several")
    parser.add_argument("--to", metavar="NUMBER", help="the number to send to, when the person has several")
    parser.add_argument(
        "--human-agent",
        action="store_true",
        help="Messenger: a person wrote this, and it may go under the HUMAN_AGENT tag once the 24 hours are over",
    )
    parser.add_argument(
        "--wait",
        metavar="SECONDS",
        type=_seconds,
        help="also wait for delivered, read or failed, which a running `contacts-tui serve` receives; "
        "when the time is up first, the message counts as sent",
    )
    _add_json(parser)


def _add_thread(commands: _Commands) -> None:
    parser = _command(
        commands,
        "thread",
        "thread:run",
        "the last messages with a person, over all channels",
        "contacts-tui thread 'Amara Okafor' --limit 20",
    )
    parser.add_argument("contact", metavar="CONTACT", help=CONTACT_HELP)
    parser.add_argument("--limit", metavar="N", type=_count, default=50, help="how many at most (default: 50)")
    _add_json(parser)


def _add_media(commands: _Commands) -> None:
    media = _group(commands, "media", "save the files of messages")
    parser = _command(
        media,
        "save",
        "media:save",
        "fetch the files of a message and save them; nothing that is there is overwritten",
        "contacts-tui media save 4711 --to ~/Desktop/",
    )
    parser.add_argument(
        "message", metavar="MESSAGE-ID", type=_count, help="the message's number, as `thread` shows it beside a file"
    )
    parser.add_argument(
        "--to", metavar="PATH", default="", help="a folder, or the new file's path (default: your downloads folder)"
    )
    _add_json(parser)


def _add_message(commands: _Commands) -> None:
    message = _group(commands, "message", "what became of a message, and what you decide about it")
    parser = _command(
        message,
        "show",
        "message:show",
        "every try to send a message, what the provider said, and what can be done now",
        "contacts-tui message show 41",
    )
    _add_message_id(parser)
    parser = _command(
        message,
        "settle",
        "message:settle",
        "decide about a message of which nobody knows whether it went out",
        "contacts-tui message settle 41 --arrived",
    )
    decision = parser.add_mutually_exclusive_group(required=True)
    decision.add_argument("--arrived", action="store_true", help="you know that it arrived: it counts as sent")
    decision.add_argument("--again", action="store_true", help="send it again, though they may get it twice")
    _add_message_id(parser)
    parser = _command(message, "retry", "message:retry", "try a failed message again", "contacts-tui message retry 41")
    _add_message_id(parser)


def _add_message_id(parser: Parser) -> None:
    parser.add_argument(
        "message", metavar="MESSAGE", type=_count, help="its id, as `thread CONTACT --json` and `send --json` show it"
    )
    _add_json(parser)


def _add_serve(commands: _Commands) -> None:
    parser = _command(
        commands,
        "serve",
        "serve:run",
        "receive webhooks and send what waits, without an interface, until stopped",
        "contacts-tui serve --port 8080 --public-url https://support.example.com",
    )
    _add_address(parser, port=8080)
    parser.add_argument(
        "--public-url",
        metavar="URL",
        help="how the provider reaches this receiver; kept in the store, for everyone who sends from it; "
        "`local` is the address it listens on, for a sandbox on this machine",
    )


def _add_sandbox(commands: _Commands) -> None:
    parser = _command(
        commands,
        "sandbox",
        "sandbox:run",
        "stand in for the providers on this machine, until stopped",
        "contacts-tui sandbox --port 8081 --seed seed.json",
    )
    _add_address(parser, port=8081)
    parser.add_argument("--seed", metavar="FILE", help="a JSON document with accounts, senders, templates, people")


def _add_address(parser: ArgumentParser, port: int) -> None:
    parser.add_argument("--host", metavar="HOST", default="127.0.0.1", help="where to listen (default: 127.0.0.1)")
    parser.add_argument(
        "--port",
        metavar="PORT",
        type=_port,
        default=port,
        help=f"where to listen; 0 takes a free one (default: {port})",
    )
    parser.add_argument(
        "--exit-with-stdin", action="store_true", help="also stop when stdin ends, so that no parent leaves it behind"
    )


_LONGEST_NUMBER = 18
"""Digits of what a store can count."""


def _count(text: str) -> int:
    if text.isdecimal() and len(text) > _LONGEST_NUMBER:
        raise ArgumentTypeError(f"a number has at most {_LONGEST_NUMBER} digits")
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"“{text}” is not a number of at least 1")
    return int(text)


def _taken(text: str) -> tuple[str, str]:
    field, equals, side = text.partition("=")
    field = field.strip().replace(" ", "_").replace("-", "_")
    if not equals or field not in MERGED_FIELDS or side not in MERGE_SIDES:
        raise ArgumentTypeError(
            f"“{text}” is not FIELD=SIDE: one of {', '.join(MERGED_FIELDS)}, and {' or '.join(MERGE_SIDES)}"
        )
    return field, side


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise ArgumentTypeError(f"“{text}” is not a port: 0 to 65535")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= 86_400:
        raise ArgumentTypeError(f"“{text}” is not a number of seconds between 0 and 86400")
    return seconds


def _variable(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise ArgumentTypeError(f"“{text}” is not NAME=VALUE")
    return name, value
