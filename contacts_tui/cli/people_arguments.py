"""The options of `contacts-tui people` and its commands."""

from argparse import ArgumentTypeError

from contacts_tui.cli.parser import CONTACT_HELP, Commands, add_json, command, count, group

MERGED_FIELDS = ("name", "company", "emails", "tags", "note", "owner", "time_zone")
"""The fields of a contact that a merge chooses from: those of `domain.merge.Field`."""
IMPORT_FIELDS = (
    "name",
    "first_name",
    "middle_name",
    "last_name",
    "phone",
    "sms",
    "whatsapp",
    "email",
    "company",
    "tags",
    "note",
    "owner",
    "time_zone",
    "-",
)
"""What a column of an import can hold: the values of `services.import_columns.Field`."""
MERGE_SIDES = ("keep", "other", "both")
"""Where a merge takes a field from: `domain.merge.Take`."""


def add_people(commands: Commands) -> None:
    """`people` and what it does with them."""
    people = group(commands, "people", "list, show, import and merge people")
    parser = command(
        people,
        "list",
        "people:list_people",
        "list people, latest activity first",
        "contacts-tui people list --place unread",
        only_tells=True,
    )
    parser.add_argument(
        "--place",
        choices=("all", "unread", "closing", "failed"),
        default="all",
        help="which people: everyone, with unread messages, whose window closes soon, "
        "whose last message failed (default: all)",
    )
    parser.add_argument("--search", metavar="TEXT", help="people whose name, number, email or messages contain this")
    parser.add_argument("--limit", metavar="N", type=count, default=50, help="how many at most (default: 50)")
    add_json(parser)
    parser = command(
        people,
        "show",
        "people:show",
        "show a person's card",
        "contacts-tui people show 'Amara Okafor'",
        only_tells=True,
    )
    parser.add_argument("contact", metavar="CONTACT", help=CONTACT_HELP)
    add_json(parser)
    parser = command(
        people,
        "import",
        "people_import:import_file",
        "add people from a CSV file; importing it twice changes nothing",
        "contacts-tui people import contacts.csv --region NG --dry-run",
    )
    parser.add_argument(
        "file",
        metavar="FILE",
        help="a CSV whose first line names the columns, as Google Contacts, Outlook, Chatwoot, HubSpot and others "
        "export it; - for stdin",
    )
    parser.add_argument(
        "--region",
        metavar="CC",
        help="country of numbers without a country code (default: default_region as configured)",
    )
    parser.add_argument(
        "--map",
        metavar="HEADING=FIELD",
        action="append",
        type=_mapped,
        default=[],
        help=f"name what a column holds: {', '.join(IMPORT_FIELDS)}, where - leaves it out; repeat it",
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="only show what each column means and what can't be read; store nothing"
    )
    parser.add_argument(
        "--report",
        metavar="FILE",
        help="write each row and cell that is left out, with line and reason, into a CSV to fix and import",
    )
    add_json(parser)
    _add_merging(people)


def _add_merging(people: Commands) -> None:
    for name, help_, example in (
        (
            "merge",
            "merge two contacts of one person, field by field; `people unmerge` undoes it",
            "contacts-tui people merge 'Amara Okafor' 57 --take name=other --dry-run",
        ),
        (
            "link",
            "link a Telegram or Messenger chat to a contact; `people unmerge` undoes it",
            "contacts-tui people link 'Amara Okafor' 57",
        ),
    ):
        parser = command(people, name, f"merging:{name}", help_, example)
        parser.add_argument("keep", metavar="KEEP", help=f"the contact that stays: {CONTACT_HELP}")
        parser.add_argument("other", metavar="OTHER", help="the contact that is merged into it, given the same way")
        parser.add_argument(
            "--take",
            metavar="FIELD=SIDE",
            action="append",
            type=_taken,
            default=[],
            help=f"take a field ({', '.join(MERGED_FIELDS)}) from a side ({', '.join(MERGE_SIDES)}; both only for "
            "emails, tags and note); repeat it. By default nothing is lost: lists and notes are combined, and KEEP's "
            "name and other texts stay where there are any",
        )
        parser.add_argument("--dry-run", action="store_true", help="only show the result")
        add_json(parser)
    parser = command(
        people,
        "split",
        "merging:split",
        "move an address, with its messages, to its own contact",
        "contacts-tui people split 'Amara Okafor' +447700900115",
    )
    parser.add_argument("contact", metavar="CONTACT", help=CONTACT_HELP)
    parser.add_argument(
        "address", metavar="ADDRESS", help="a number in any spelling, a chat id, a PSID or a profile name"
    )
    add_json(parser)
    parser = command(
        people,
        "merges",
        "merging:merges",
        "list what was merged, linked and moved",
        "contacts-tui people merges",
        only_tells=True,
    )
    parser.add_argument("--limit", metavar="N", type=count, default=50, help="how many at most (default: 50)")
    add_json(parser)
    parser = command(
        people,
        "unmerge",
        "merging:unmerge",
        "undo a merge, a link or a split; later messages go with their address",
        "contacts-tui people unmerge 3",
    )
    parser.add_argument("number", metavar="NUMBER", type=count, help="its number in `people merges`")
    add_json(parser)
    parser = command(
        people,
        "duplicates",
        "merging:list_duplicates",
        "list possible duplicates: the same email, or the same number in two spellings",
        "contacts-tui people duplicates",
        only_tells=True,
    )
    parser.add_argument("--limit", metavar="N", type=count, default=50, help="how many pairs at most (default: 50)")
    add_json(parser)
    parser = command(
        people,
        "distinct",
        "merging:distinct",
        "mark two contacts as not the same person: they are no longer suggested",
        "contacts-tui people distinct 12 57",
    )
    parser.add_argument("contact", metavar="CONTACT", help=CONTACT_HELP)
    parser.add_argument("other", metavar="OTHER", help="the other contact, given the same way")


def _mapped(text: str) -> tuple[str, str]:
    heading, equals, field = text.rpartition("=")
    field = field.strip().casefold().replace(" ", "_")
    if not equals or not heading.strip() or field not in IMPORT_FIELDS:
        raise ArgumentTypeError(
            f"“{text}” is not HEADING=FIELD: a column's name, and one of {', '.join(IMPORT_FIELDS)}"
        )
    return heading, field


def _taken(text: str) -> tuple[str, str]:
    field, equals, side = text.partition("=")
    field = field.strip().replace(" ", "_").replace("-", "_")
    if not equals or field not in MERGED_FIELDS or side not in MERGE_SIDES:
        raise ArgumentTypeError(
            f"“{text}” is not FIELD=SIDE: one of {', '.join(MERGED_FIELDS)}, and {' or '.join(MERGE_SIDES)}"
        )
    return field, side
