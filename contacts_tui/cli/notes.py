"""`contacts-tui people note` and `people notes`."""

from typing import Annotated

from contacts_tui.cli.declare import Argument, Contact, Json, Option, command, count
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.open_store import open_store, open_to_read
from contacts_tui.cli.output import local_time, say, say_done, say_json, say_list
from contacts_tui.cli.standard_input import text_of_stdin
from contacts_tui.config import Config
from contacts_tui.services import notes, people
from contacts_tui.services.errors import BadInput, NotFound


@command("contacts-tui people note 'Amara Okafor' 'Wants the blue one, the big size'")
def note(
    config: Config,
    contact: Contact,
    text: Annotated[str, Argument("the words; - for stdin", "TEXT")] = "",
    edit: Annotated[int, Option("change the note of this number, from `people notes`", "NUMBER", count)] = 0,
    remove: Annotated[int, Option("remove the note of this number", "NUMBER", count)] = 0,
    as_json: Json = False,
) -> Exit:
    """Write a note on a person, which they never see; or change or remove one."""
    if bool(remove) == bool(text) or (edit and remove):
        raise BadInput("decide: the words of a note (with --edit NUMBER, of that one), or --remove NUMBER")
    words = text_of_stdin() if text == "-" else text
    with open_store(config) as store:
        found = store.call_read(people.find, contact)
        number = edit or remove
        if number and store.call_read(notes.get, number).contact_id != found.id:
            raise NotFound(f"note {number} is not one on {found.name}: `people notes {found.id}` lists theirs")
        written = None
        if remove:
            done = store.call(notes.remove, config.agent, remove)
        elif edit:
            written, done = store.call(notes.edit, config.agent, edit, words)
        else:
            written, done = store.call(notes.add, config.agent, found.id, words)
    return say_done(
        {"number": done.batch, "contact_ids": done.contact_ids, "words": done.words, "note": written},
        f"{done.words} (note {written.id})" if written else done.words,
        as_json=as_json,
    )


@command("contacts-tui people notes 'Amara Okafor'", only_tells=True)
def list_notes(config: Config, contact: Contact, as_json: Json = False) -> Exit:
    """Print the notes on a person, oldest first."""
    with open_to_read(config) as store:
        found = store.call_read(people.find, contact)
        written = store.call_read(notes.of_person, found.id)
    if as_json:
        say_json({"notes": written})
        return Exit.DONE
    if not written:
        say(f"no notes on {found.name} yet: contacts-tui people note {found.id} TEXT")
        return Exit.DONE
    say_list(
        ("number", "time", "author", "note"),
        ((str(one.id), local_time(one.at), one.author, one.text) for one in written),
    )
    return Exit.DONE
