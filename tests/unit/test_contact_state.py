"""The state of a contact's screen: what follows from it, and that only the screen replaces it."""

import ast
from dataclasses import replace
from pathlib import Path

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.contact import Contact
from contacts_tui.domain.reachability import Reach
from contacts_tui.domain.views import ContactCard, Route
from contacts_tui.screens.contact.contact_state import ContactState
from contacts_tui.screens.contact.routes import Target
from tests.unit.test_fallback import state as channel_state
from tests.unit.test_reachability import NOW, identity, inbox

SCREENS = Path(__file__).parents[2] / "contacts_tui" / "screens"

SMS, WHATSAPP = channel_state(Channel.SMS, Reach.OPEN), channel_state(Channel.WHATSAPP, Reach.TEMPLATE)
ANN = Contact(3, "Ann\nLee", "", (), (), "", "", "", NOW)
CARD = ContactCard(ANN, (), (SMS, WHATSAPP), None, ())
ROUTE = Route(identity(Channel.WHATSAPP), inbox(Channel.WHATSAPP), None)


def test_before_anything_was_read_there_is_nothing_to_write_on() -> None:
    empty = ContactState(3)
    assert (empty.person, empty.route, empty.allowed, empty.conversation_id) == ("", None, None, None)
    assert empty.channels == ()
    assert empty.begun(9) is empty


def test_the_channel_that_is_written_on_stands_as_the_target_has_it() -> None:
    before = ContactState(3, CARD)
    assert before.person == "Ann Lee"
    assert before.channels == (SMS, WHATSAPP)
    open_again = replace(WHATSAPP, reach=Reach.OPEN)
    now = replace(before, target=Target(open_again, ROUTE))
    assert now.channels == (SMS, open_again)
    assert now.allowed is open_again
    assert now.route is ROUTE


def test_a_conversation_that_began_is_on_the_route_of_another_state() -> None:
    before = ContactState(3, CARD, target=Target(WHATSAPP, ROUTE))
    now = before.begun(9)
    assert now.conversation_id == 9
    assert before.conversation_id is None
    assert replace(now, target=before.target) == before


def test_no_part_of_a_screen_keeps_a_route_or_a_target_of_its_own() -> None:
    found = [
        f"{path.name}: {ast.unparse(target)}"
        for path in SCREENS.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Attribute)
        and (
            target.attr in ("_target", "_card")
            or (target.attr == "_route" and path.name not in _ASKED)
            or (target.attr == "_state" and ast.unparse(target.value) != "self")
        )
    ]
    assert found == []


_ASKED = {"template_picker.py"}
"""The dialog that is opened for one route, and closed before there is another."""
