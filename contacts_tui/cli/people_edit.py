"""`contacts-tui people add` and `people edit`."""

from dataclasses import replace
from typing import Annotated

from contacts_tui.cli.declare import Argument, Contact, Json, Option, Unreadable, command, variable
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.open_store import open_store
from contacts_tui.cli.output import say, say_json
from contacts_tui.cli.region import Region, read_region
from contacts_tui.config import Config
from contacts_tui.domain.attributes import Kind
from contacts_tui.domain.text import one_line
from contacts_tui.services import agents, people, people_edit
from contacts_tui.services.errors import BadInput
from contacts_tui.services.people_edit import Edited, PersonEdit
from contacts_tui.store.store import Store


def _attribute(text: str) -> tuple[str, str]:
    try:
        return variable(text)
    except Unreadable as error:
        raise Unreadable(f"“{text}” is not NAME=VALUE: such as plan=gold or born:date=1990-05-01") from error


Phones = Annotated[
    tuple[str, ...], Option("a phone number, tried by SMS and WhatsApp; repeat it", "NUMBER", name="--phone")
]
Emails = Annotated[tuple[str, ...], Option("an email address; repeat it", "EMAIL", name="--email")]
Tags = Annotated[tuple[str, ...], Option("a tag; repeat it", "TAG", name="--tag")]
Attributes = Annotated[
    tuple[tuple[str, str], ...],
    Option(
        f"a custom attribute; NAME:KIND=VALUE says once whether it is {', '.join(Kind)}; repeat it",
        "NAME=VALUE",
        _attribute,
        name="--attribute",
    ),
]
Company = Annotated[str | None, Option("the company", "NAME")]
Language = Annotated[str | None, Option("the language they prefer, such as en or pt-BR", "CODE")]
Zone = Annotated[str | None, Option("the time zone, such as Africa/Lagos (default: that of the first number)", "ZONE")]
Remark = Annotated[str | None, Option("what is always in sight on their card", "TEXT")]
Owner = Annotated[str | None, Option("the agent they belong to, me, or none", "AGENT")]


@command("contacts-tui people add 'Amara Okafor' --phone '+234 803 555 0142' --tag vip")
def add(
    config: Config,
    name: Annotated[str, Argument("how they are called; without it, by company, number or email", "NAME")] = "",
    phone: Phones = (),
    email: Emails = (),
    tag: Tags = (),
    attribute: Attributes = (),
    company: Company = None,
    language: Language = None,
    time_zone: Zone = None,
    note: Remark = None,
    owner: Owner = None,
    region: Region = "",
    as_json: Json = False,
) -> Exit:
    """Add a person. `people undo` removes them again."""
    edit = PersonEdit(
        name=name,
        company=company,
        note=note,
        owner=owner,
        time_zone=time_zone,
        language=language,
        add_phones=phone,
        add_emails=email,
        add_tags=tag,
        attributes=dict(attribute),
    )
    with open_store(config) as store:
        edit = _with_owner(store, config, edit)
        edited = store.call(people_edit.create, config.agent, edit, read_region(region or config.default_region))
    return _say(edited, as_json=as_json)


@command("contacts-tui people edit 'Amara Okafor' --phone '+234 803 555 0143' --company 'Okafor & Daughters'")
def edit(
    config: Config,
    contact: Contact,
    name: Annotated[str | None, Option("how they are called from now on", "NAME")] = None,
    phone: Phones = (),
    remove_phone: Annotated[tuple[str, ...], Option("a number to remove; repeat it", "NUMBER")] = (),
    email: Emails = (),
    remove_email: Annotated[tuple[str, ...], Option("an email to remove; repeat it", "EMAIL")] = (),
    tag: Tags = (),
    remove_tag: Annotated[tuple[str, ...], Option("a tag to remove; repeat it", "TAG")] = (),
    attribute: Attributes = (),
    company: Company = None,
    language: Language = None,
    time_zone: Zone = None,
    note: Remark = None,
    owner: Owner = None,
    block: Annotated[bool, Option("take no notice of them: what they write is kept, read and closed")] = False,
    unblock: Annotated[bool, Option("take notice of them again")] = False,
    region: Region = "",
    as_json: Json = False,
) -> Exit:
    """Change a person: add or replace what is given; an empty text removes a value. `people undo` takes it back."""
    if block and unblock:
        raise BadInput("decide: --block or --unblock")
    wanted = PersonEdit(
        name=name,
        company=company,
        note=note,
        owner=owner,
        time_zone=time_zone,
        language=language,
        add_phones=phone,
        remove_phones=remove_phone,
        add_emails=email,
        remove_emails=remove_email,
        add_tags=tag,
        remove_tags=remove_tag,
        attributes=dict(attribute),
        is_blocked=True if block else False if unblock else None,
    )
    if wanted == PersonEdit():
        raise BadInput("say what to change: --name, --phone, --email … (--help lists them)")
    with open_store(config) as store:
        found = store.call_read(people.find, contact)
        region_name = read_region(region or config.default_region)
        wanted = _with_owner(store, config, wanted)
        edited = store.call(people_edit.change, config.agent, found.id, wanted, region_name)
    return _say(edited, as_json=as_json)


def _with_owner(store: Store, config: Config, edit: PersonEdit) -> PersonEdit:
    if edit.owner is None:
        return edit
    return replace(edit, owner=store.call_read(agents.meant, config.agent, edit.owner))


def _say(edited: Edited, *, as_json: bool) -> Exit:
    if as_json:
        done = edited.done
        say_json({"contact": edited.contact, "number": done.batch, "words": done.words, "told": edited.told})
    else:
        say(f"{one_line(edited.done.words)} (id {edited.contact.id})")
        for sentence in edited.told:
            say(sentence)
    return Exit.DONE
