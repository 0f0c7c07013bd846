"""Canned replies: variables are filled in with what is known, and never with a guess."""

from datetime import UTC, datetime

import pytest

from contacts_tui.domain.canned_reply import filled, known_of, left_open, unknown
from contacts_tui.domain.contact import Contact

AMARA = Contact(1, "Okafor, Amara", "Okafor & Daughters", ("amara@okafor.example",), (), "", "", "", datetime.now(UTC))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hi {{first name}}!", "Hi Amara!"),
        ("Hi {{ First  Name }}!", "Hi Amara!"),
        ("{{company}}, {{email}}", "Okafor & Daughters, amara@okafor.example"),
        ("{{agent}} for {{last name}}", "Kim for Okafor"),
        ("{{ {{name}} }}", "{{ Okafor, Amara }}"),
    ],
)
def test_what_is_known_is_filled_in(text: str, shown: str) -> None:
    assert filled(text, known_of(AMARA, "Kim")) == shown


def test_what_is_not_known_stays_and_is_named() -> None:
    nobody = Contact(1, "+12025550142", "", (), (), "", "", "", datetime.now(UTC))
    text = filled("Hi {{first name}}, {{company}} and {{first name}}", known_of(nobody, "Kim"))
    assert left_open(text) == ("{{first name}}", "{{company}}")


def test_a_value_with_braces_is_text() -> None:
    assert filled("{{name}} {{company}}", {"name": "{{company}}", "company": "Ltd"}) == "{{company}} Ltd"


def test_variables_that_nothing_fills_are_named() -> None:
    assert unknown("{{name}} {{order number}} {{1}} {{NAME}}") == ("{{order number}}",)
