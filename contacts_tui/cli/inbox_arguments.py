"""The options of `contacts-tui inbox` and `contacts-tui templates`."""

from contacts_tui.cli.parser import CHANNELS, Commands, add_json, command, group, moment, variable


def add_inbox(commands: Commands) -> None:
    """`inbox` and what it does with our senders."""
    inbox = group(commands, "inbox", "connect, change, list, check and disconnect your senders")
    parser = command(
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
    parser.add_argument(
        "--app-secret", metavar="REFERENCE", help="Messenger: where the app's secret is, in the same form"
    )
    parser.add_argument(
        "--graph-version", metavar="VERSION", help="Messenger: the version of the Graph API (default: v26.0)"
    )
    parser.add_argument(
        "--human-agent",
        action="store_true",
        help="Messenger: Meta lets this page answer for seven days under the HUMAN_AGENT tag",
    )
    parser.add_argument(
        "--receive", choices=("polling", "webhook"), help="Telegram: how the bot receives (default: polling)"
    )
    parser.add_argument("--base-url", metavar="URL", default="", help="another host for the API, such as a sandbox")
    add_json(parser)
    parser = command(
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
        type=variable,
        help="name, account, secret, base-url; human-agent=yes|no, app-secret and graph-version for Messenger; "
        "receive=polling|webhook for Telegram",
    )
    add_json(parser)
    parser = command(
        inbox,
        "disconnect",
        "inbox:disconnect",
        "disconnect a sender: its threads stay, nothing more is sent or received, waiting messages fail; "
        "`inbox add` with the same channel and address reconnects it",
        "contacts-tui inbox disconnect Bot",
    )
    parser.add_argument("name", metavar="NAME", help="the inbox")
    add_json(parser)
    parser = command(
        inbox,
        "list",
        "inbox:list_inboxes",
        "list your senders and their health: problems, last received and sent, waiting messages",
        "contacts-tui inbox list",
        only_tells=True,
    )
    add_json(parser)
    parser = command(
        inbox,
        "check",
        "inbox:check",
        "ask the provider whether credentials and address are good, and store the answer; exits with 1 when not",
        "contacts-tui inbox check Shop",
    )
    parser.add_argument("name", metavar="NAME", help="the inbox")
    add_json(parser)
    parser = command(
        inbox,
        "catch-up",
        "catch_up:run",
        "fetch what Twilio inboxes missed, once each; exits with 1 when it can't be fetched now",
        "contacts-tui inbox catch-up Shop --since '2026-11-27 14:00'\n  contacts-tui inbox catch-up --acknowledge Bot",
    )
    parser.add_argument("name", metavar="INBOX", nargs="?", help="only this one (default: every Twilio inbox)")
    since = parser.add_mutually_exclusive_group()
    since.add_argument(
        "--since",
        metavar="TIME",
        type=moment,
        help="from when on: a date, a date and time (local, unless it has a zone), or 90m, 2h, 3d ago "
        "(default: since everything is known to have come in)",
    )
    since.add_argument(
        "--acknowledge",
        action="store_true",
        help="acknowledge messages that no provider can give back, so that their inbox counts as live again",
    )
    add_json(parser)


def add_templates(commands: Commands) -> None:
    """`templates` and what it does with them."""
    templates = group(commands, "templates", "fetch and list WhatsApp templates")
    parser = command(
        templates, "sync", "templates:sync", "fetch the templates of WhatsApp inboxes", "contacts-tui templates sync"
    )
    parser.add_argument("inbox", metavar="INBOX", nargs="?", help="only of this one (default: of every WhatsApp inbox)")
    parser = command(
        templates,
        "list",
        "templates:list_templates",
        "the templates fetched last, each with its state",
        "contacts-tui templates list",
        only_tells=True,
    )
    parser.add_argument("inbox", metavar="INBOX", nargs="?", help="only of this one (default: of every WhatsApp inbox)")
    add_json(parser)
