"""`contacts-tui views`: named filters over people."""

from typing import Annotated

from contacts_tui.cli.declare import Argument, Json, command
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.open_store import open_store, open_to_read
from contacts_tui.cli.output import say_done, say_json, say_list
from contacts_tui.config import Config
from contacts_tui.domain.view import View
from contacts_tui.services import views

Name = Annotated[str, Argument("the view's name", "NAME")]


@command("contacts-tui views list", only_tells=True)
def list_views(config: Config, as_json: Json = False) -> Exit:
    """Print every view with its filter, and how many people fit."""
    with open_to_read(config) as store:
        found = [
            (view, store.call_read(views.count, view.filter, config.agent)) for view in store.call_read(views.listed)
        ]
    if as_json:
        say_json({"views": [{**_fields(view), "people": count} for view, count in found]})
        return Exit.DONE
    say_list(
        ("name", "people", "saved by", "filter"),
        ((view.name, str(count), view.author or "-", view.filter) for view, count in found),
    )
    return Exit.DONE


@command("contacts-tui views save 'VIP, late' 'tag:vip waiting>30m order:urgent'")
def save(
    config: Config,
    name: Name,
    line: Annotated[str, Argument("the filter, as `people list --filter` takes it", "FILTER")],
    as_json: Json = False,
) -> Exit:
    """Save a filter as a view, in place of one with the same name."""
    with open_store(config) as store:
        view = store.call(views.save, config.agent, View(name, line, author=config.agent))
    return say_done(_fields(view), f"saved: {view.name}: {view.filter}", as_json=as_json)


@command("contacts-tui views remove 'VIP, late'")
def remove(config: Config, name: Name, as_json: Json = False) -> Exit:
    """Remove a saved view; the people in it don't change."""
    with open_store(config) as store:
        view = store.call(views.remove, config.agent, name)
    return say_done(_fields(view), f"removed: {view.name}", as_json=as_json)


def _fields(view: View) -> dict[str, str]:
    return {"name": view.name, "filter": view.filter, "author": view.author}
