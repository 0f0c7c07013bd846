"""`contacts-tui people forget`."""

import sys
from pathlib import Path
from typing import Annotated

from contacts_tui import paths
from contacts_tui.cli.declare import Contact, DryRun, Json, Option, command
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.open_store import open_store
from contacts_tui.cli.output import complain, say, say_done, say_json
from contacts_tui.config import Config
from contacts_tui.domain.text import begun, one_line
from contacts_tui.services import forgetting, people
from contacts_tui.services.errors import BadInput
from contacts_tui.services.forgetting import Forgetting, Receipt


@command("contacts-tui people forget 'Amara Okafor' --receipt forgotten.json")
def forget(
    config: Config,
    contact: Contact,
    yes: Annotated[bool, Option("don't ask")] = False,
    receipt: Annotated[
        str, Option("write when, by whom and how much, and nothing of who it was", "FILE", completes="file")
    ] = "",
    dry_run: DryRun = False,
    as_json: Json = False,
) -> Exit:
    """Remove a person from the store for good: messages, files, search, raw events, journals. There is no undo."""
    target = _new_file(receipt) if receipt else None
    with open_store(config) as store:
        found = store.call_read(people.find, contact)
        going = store.call_read(forgetting.preview, found.id)
        if dry_run:
            return _say_preview(going, as_json=as_json)
        if not yes:
            _ask(one_line(found.name), going)
        done = forgetting.forget(store, config.agent, found.id)
    written = target is None or _is_written(target, done)
    if as_json:
        say_json({"receipt": done})
    else:
        say(f"forgotten: {done.gone.goes}")
        say(f"what remains: {done.gone.remains}")
        if not written:
            say_json(done)
    if done.caution:
        complain(done.caution)
    return Exit.DONE


def _ask(name: str, going: Forgetting) -> None:
    """Ask for confirmation at the terminal. Raise BadInput for a no, and where there is no terminal."""
    say(f"{name} is to be forgotten. What goes: {going.goes}.")
    say(f"{begun('what remains')}: {going.remains}.")
    if not sys.stdin or not sys.stdin.isatty():
        raise BadInput("there is no terminal to ask at: --yes forgets without a question")
    say("There is no undo. Type the word forget to go on:")
    if sys.stdin.readline().strip().lower() != "forget":
        raise BadInput("nothing was done")


def _say_preview(going: Forgetting, *, as_json: bool) -> Exit:
    return say_done(
        {"would_go": going}, f"what would go: {going.goes}", f"what would remain: {going.remains}", as_json=as_json
    )


def _new_file(name: str) -> Path:
    """Return the path of a new file; make it for a moment, to know that it can be. Raise PathError and BadInput."""
    path = paths.expanded(name, "--receipt")
    try:
        path.touch(mode=0o600, exist_ok=False)
        path.unlink()
    except FileExistsError as error:
        raise BadInput(f"--receipt: {path} is there already: name a new file") from error
    except OSError as error:
        raise BadInput(f"--receipt: {path} can't be written: {error.strerror}") from error
    return path


def _is_written(path: Path, receipt: Receipt) -> bool:
    """Write the receipt, for its owner alone, and return whether it worked. The person is forgotten all the same."""
    try:
        receipt.write(path)
    except OSError as error:
        complain(f"the receipt {path} can't be written ({error.strerror}): what it would say is on stdout")
        return False
    return True
