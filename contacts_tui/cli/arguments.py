"""Every command with its options. Imports little but argparse: a command of its own waits for this to be read."""

from argparse import SUPPRESS, Action, ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from ipaddress import ip_address
from typing import NoReturn

from contacts_tui.cli.inbox_arguments import add_inbox, add_templates
from contacts_tui.cli.main import INTERFACE
from contacts_tui.cli.output import say
from contacts_tui.cli.parser import (
    CHANNELS,
    CONTACT_HELP,
    Commands,
    Parser,
    add_database,
    add_json,
    command,
    count,
    group,
    variable,
)
from contacts_tui.cli.people_arguments import add_people
from contacts_tui.cli.store_arguments import add_store
from contacts_tui.paths import PROGRAM


def build_parser() -> Parser:
    """The whole command line. `handler` of the parsed arguments names the function that runs it."""
    parser = Parser(
        prog=PROGRAM,
        description="Contacts and conversations for support agents, in the terminal. Without a command: the interface.",
        epilog="example:\n  contacts-tui demo      look around, with made-up people and no account",
        formatter_class=RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version)
    add_database(parser, default=None)
    parser.set_defaults(handler=INTERFACE, only_tells=False)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_demo(commands)
    add_people(commands)
    add_inbox(commands)
    _add_channels(commands)
    add_templates(commands)
    _add_send(commands)
    _add_thread(commands)
    _add_media(commands)
    _add_message(commands)
    add_store(commands)
    _add_serve(commands)
    _add_doctor(commands)
    _add_sandbox(commands)
    return parser


class _Version(Action):
    """Prints the installed version. Looked up when asked for: it costs a search through the installed packages."""

    def __init__(self, **options: object) -> None:
        super().__init__(option_strings=["--version"], dest=SUPPRESS, nargs=0, help="print the version and exit")

    def __call__(self, parser: ArgumentParser, *unused: object) -> NoReturn:
        from importlib.metadata import version

        say(f"{PROGRAM} {version(PROGRAM)}")
        parser.exit()


def _add_demo(commands: Commands) -> None:
    parser = command(
        commands,
        "demo",
        "demo:run",
        "the interface with made-up people, conversations and a sandbox that answers; needs no account",
        "contacts-tui demo",
    )
    parser.add_argument(
        "--folder",
        metavar="DIR",
        help="keep the demo's store here; it is recreated each time (default: a temporary folder)",
    )


def _add_channels(commands: Commands) -> None:
    parser = command(
        commands,
        "channels",
        "channels:run",
        "show the channels that reach a person, which is cheapest, and why the others don't",
        "contacts-tui channels +12025550142",
        only_tells=True,
    )
    parser.add_argument("contact", metavar="CONTACT", help=CONTACT_HELP)
    add_json(parser)


def _add_send(commands: Commands) -> None:
    parser = command(
        commands,
        "send",
        "send:run",
        "send one message, and wait for the provider's answer",
        "contacts-tui send 'Amara Okafor' --channel sms --text 'Your order is ready.'\n"
        "  contacts-tui send 12 --channel whatsapp --template order_ready --var name=Amara --var order=4711 --wait 30\n"
        "  contacts-tui send 12 --channel telegram --file invoice.pdf --text 'Your invoice'",
    )
    parser.add_argument("contact", metavar="CONTACT", help=CONTACT_HELP)
    parser.add_argument("--channel", choices=CHANNELS, required=True, help="the channel to use")
    content = parser.add_mutually_exclusive_group()
    content.add_argument("--text", metavar="TEXT", help="the text; - reads it from stdin")
    content.add_argument("--template", metavar="NAME", help="the WhatsApp template to send, by its name or sid")
    parser.add_argument(
        "--file", metavar="PATH", help="a file to send, with the text under it or before it; without --text, alone"
    )
    parser.add_argument(
        "--var",
        metavar="NAME=VALUE",
        action="append",
        type=variable,
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
    _add_despite_stop(parser)
    parser.add_argument(
        "--wait",
        metavar="SECONDS",
        type=_seconds,
        help="also wait for delivered, read or failed, which a running `contacts-tui serve` receives; "
        "when the time is up first, the message counts as sent",
    )
    add_json(parser)


def _add_thread(commands: Commands) -> None:
    parser = command(
        commands,
        "thread",
        "thread:run",
        "the last messages with a person, over all channels",
        "contacts-tui thread 'Amara Okafor' --limit 20",
        only_tells=True,
    )
    parser.add_argument("contact", metavar="CONTACT", help=CONTACT_HELP)
    parser.add_argument("--limit", metavar="N", type=count, default=50, help="how many at most (default: 50)")
    add_json(parser)


def _add_media(commands: Commands) -> None:
    media = group(commands, "media", "save files of messages, and revoke the links to them")
    parser = command(
        media,
        "save",
        "media:save",
        "fetch the files of a message and save them; no file is overwritten",
        "contacts-tui media save 4711 --to ~/Desktop/",
    )
    parser.add_argument(
        "message", metavar="MESSAGE-ID", type=count, help="the message's number, as `thread` shows it beside a file"
    )
    parser.add_argument(
        "--to", metavar="PATH", default="", help="a folder, or the new file's path (default: your downloads folder)"
    )
    add_json(parser)
    parser = command(
        media,
        "renew-links",
        "media:renew_links",
        "revoke every link by which a provider may fetch a file",
        "contacts-tui media renew-links",
    )
    add_json(parser)


def _add_message(commands: Commands) -> None:
    message = group(commands, "message", "see what happened to a message, and decide about it")
    parser = command(
        message,
        "show",
        "message:show",
        "show every attempt to send a message, what the provider said, and what you can do now",
        "contacts-tui message show 41",
        only_tells=True,
    )
    _add_message_id(parser)
    parser = command(
        message,
        "settle",
        "message:settle",
        "decide about a message that may or may not have been sent",
        "contacts-tui message settle 41 --arrived",
    )
    decision = parser.add_mutually_exclusive_group(required=True)
    decision.add_argument("--arrived", action="store_true", help="mark it as sent: you know that it arrived")
    decision.add_argument("--again", action="store_true", help="resend it; they may get it twice")
    _add_despite_stop(parser)
    _add_message_id(parser)
    parser = command(message, "retry", "message:retry", "retry a failed message", "contacts-tui message retry 41")
    _add_despite_stop(parser)
    _add_message_id(parser)


def _add_despite_stop(parser: Parser) -> None:
    parser.add_argument(
        "--despite-stop",
        action="store_true",
        help="send although they may have asked you to stop; needed once after each such message",
    )


def _add_message_id(parser: Parser) -> None:
    parser.add_argument(
        "message", metavar="MESSAGE", type=count, help="its id, as `thread CONTACT --json` and `send --json` show it"
    )
    add_json(parser)


def _add_serve(commands: Commands) -> None:
    parser = command(
        commands,
        "serve",
        "serve:run",
        "receive webhooks and send waiting messages, without an interface, until stopped",
        "contacts-tui serve --port 8080 --public-url https://support.example.com",
    )
    _add_address(parser, port=8080)
    parser.add_argument(
        "--public-url",
        metavar="URL",
        help="how the provider reaches this receiver; kept in the store, for everyone who sends from it; "
        "`local` is the address it listens on, for a sandbox on this machine",
    )

    parser.add_argument(
        "--metrics-port",
        metavar="PORT",
        type=_loopback,
        help="also serve metrics to Prometheus, at /metrics on this port, for this machine only (default: no metrics)",
    )


def _add_doctor(commands: Commands) -> None:
    parser = command(
        commands,
        "doctor",
        "doctor:run",
        "check that everything works: the store, serve, each inbox, credentials, waiting messages; exits with 1 when "
        "something fails, and says what to do",
        "contacts-tui doctor",
    )
    add_json(parser)


def _add_sandbox(commands: Commands) -> None:
    parser = command(
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
        help=f"where to listen; 0 picks a free one (default: {port})",
    )
    parser.add_argument(
        "--exit-with-stdin", action="store_true", help="also stop when stdin ends, so that it never outlives its parent"
    )


def _loopback(text: str) -> tuple[str, int]:
    """A port of this machine, or HOST:PORT where the host is no other. Raises ArgumentTypeError."""
    host, colon, port = text.rpartition(":")
    host = host.strip("[]") if colon else "127.0.0.1"
    try:
        is_here = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        is_here = False
    if not is_here:
        raise ArgumentTypeError(f"metrics are for this machine only: give a port, not “{text}”")
    return host, _port(port)


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
