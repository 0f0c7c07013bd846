"""Templates: every variable is found and required, and the preview is what will be read."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.channels.twilio.connectors import WHATSAPP
from contacts_tui.domain.contact import Contact
from contacts_tui.domain.template import (
    Approval,
    Button,
    Template,
    by_declared_names,
    can_start,
    is_sendable,
    placeholders,
    prefill,
    problems,
    render,
    state_words,
)

LIMITS = WHATSAPP.limits.template
NOW = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)
SAMPLES: Mapping[str, str] = {"name": "Jane", "order": "4711"}

ORDER_READY = Template(
    id=1,
    inbox_id=1,
    sid="HX" + "0" * 32,
    name="order_ready",
    language="en",
    category="utility",
    approval="approved",
    rejection_reason="",
    kind="twilio/text",
    header="",
    body="Hi {{name}}, your order {{order}} is ready.",
    footer="Open Mon-Sat 9-18.",
    media=(),
    buttons=(),
    samples=SAMPLES,
    synced_at=NOW,
)
AMARA = Contact(
    id=1,
    name="Amara Okafor",
    company="Okafor & Daughters",
    emails=("amara@okafor.example", "second@okafor.example"),
    tags=(),
    note="",
    owner="",
    time_zone="",
    created_at=NOW,
)
FULL = {"name": "Amara", "order": "4711"}


def bodied(body: str) -> Template:
    return replace(ORDER_READY, body=body, footer="", samples={})


def test_complaint_8_a_variable_in_any_part_is_asked_for() -> None:
    template = replace(
        ORDER_READY,
        header="Order {{title}}",
        body="Hi {{name}}",
        footer="{{foot}}",
        media=("https://shop.example/{{picture}}.png",),
        buttons=(Button("url", "Track {{what}}", "https://shop.example/{{path}}"),),
    )
    # The order is declared and occurs in no part: Twilio would send its sample.
    names = ("title", "name", "foot", "picture", "what", "path", "order")
    assert placeholders(template) == names
    assert tuple(problems(template, {}, LIMITS)) == names


def test_spaces_around_a_name_don_t_hide_it() -> None:
    template = replace(
        bodied("Hi {{ 1 }}, {{name }} and {{\t2}}"), buttons=(Button("url", "Go", "https://x.example/{{ 3 }}"),)
    )
    assert placeholders(template) == ("1", "2", "3", "name")
    filled = render(template, {"1": "a", "2": "b", "3": "c", "name": "d"})
    assert (filled.body, filled.buttons[0].value) == ("Hi a, d and b", "https://x.example/c")
    assert prefill(bodied("Hi {{ 1 }}, welcome"), AMARA) == {"1": "Amara"}


def test_a_value_goes_under_the_name_that_was_declared() -> None:
    template = replace(bodied("Hi {{1}}"), samples={" 1 ": "Jane", "gone": "sample"})
    assert placeholders(template) == ("1", "gone")
    assert "Jane" in problems(template, {"gone": "x"}, LIMITS)["1"]
    assert by_declared_names(template, {"1": "Ann", "gone": "x"}) == {" 1 ": "Ann", "gone": "x"}


def test_numbered_variables_come_by_number_and_once() -> None:
    template = bodied("{{10}} {{2}} {{b}} {{1}} {{2}} {{a}}")
    assert placeholders(template) == ("1", "2", "10", "b", "a")


def test_braces_around_nothing_or_words_are_text() -> None:
    template = bodied("{{}} {{two words}} {one} {{{{")
    assert placeholders(template) == ()
    assert render(template, {"": "x", "two words": "y"}).body == template.body


@pytest.mark.parametrize(
    "state",
    ["unsubmitted", "received", "pending", "rejected", "paused", "disabled", "Approved", "approved ", "", "new"],
)
def test_complaint_7_only_exactly_approved_is_sendable(state: str) -> None:
    assert is_sendable(ORDER_READY)
    assert not is_sendable(replace(ORDER_READY, approval=state))
    assert not can_start(replace(ORDER_READY, approval=state), LIMITS)


@pytest.mark.parametrize(
    ("kind", "starts"),
    [
        ("twilio/text", True),
        ("twilio/call-to-action", True),
        ("whatsapp/card", True),
        ("twilio/list-picker", False),
        ("twilio/location", False),
    ],
)
def test_which_kinds_start_a_conversation(kind: str, starts: bool) -> None:
    assert can_start(replace(ORDER_READY, kind=kind), LIMITS) is starts


@pytest.mark.parametrize(
    ("approval", "reason", "words"),
    [
        (Approval.APPROVED, "", "approved"),
        (Approval.UNSUBMITTED, "", "not submitted"),
        (Approval.RECEIVED, "", "submitted"),
        (Approval.PENDING, "", "pending"),
        (Approval.REJECTED, "TAG_CONTENT_MISMATCH", "rejected: TAG_CONTENT_MISMATCH"),
        (Approval.REJECTED, "", "rejected by WhatsApp"),
        (Approval.PAUSED, "", "paused by WhatsApp"),
        (Approval.DISABLED, "", "disabled by WhatsApp"),
        ("xyz", "", "state 'xyz'"),
    ],
)
def test_every_state_is_shown(approval: str, reason: str, words: str) -> None:
    assert state_words(replace(ORDER_READY, approval=approval, rejection_reason=reason)) == words


def test_named_variables_are_filled_from_the_contact() -> None:
    template = bodied("{{name}} {{first_name}} {{LastName}} {{company}} {{email}} {{phone}} {{order}}")
    assert prefill(template, AMARA, "+2348035550142") == {
        "name": "Amara Okafor",
        "first_name": "Amara",
        "LastName": "Okafor",
        "company": "Okafor & Daughters",
        "email": "amara@okafor.example",
        "phone": "+2348035550142",
    }


def test_complaint_9_no_last_name_leaves_one_field_to_fill_and_the_rest_filled() -> None:
    template = bodied("Dear {{first_name}} {{last_name}}")
    values = prefill(template, replace(AMARA, name="Amara"))
    assert values == {"first_name": "Amara"}
    assert set(problems(template, values, LIMITS)) == {"last_name"}
    assert render(template, values).text == "Dear Amara {{last_name}}"
    assert not problems(template, {**values, "last_name": "O."}, LIMITS)


def test_what_the_contact_lacks_stays_empty() -> None:
    bare = replace(AMARA, name="+234 803 555 0142", company="", emails=())
    assert prefill(bodied("{{name}} {{first_name}} {{company}} {{email}} {{phone}}"), bare) == {}


@pytest.mark.parametrize("body", ["Hi {{1}}, order {{2}}", "¡HOLA {{1}}!", "Dear  {{1}} {{2}}"])
def test_a_number_after_a_greeting_is_the_first_name(body: str) -> None:
    assert prefill(bodied(body), AMARA) == {"1": "Amara"}


@pytest.mark.parametrize("body", ["Order {{1}} for you", "Hi {{2}}, order {{1}}", "Delhi {{1}}"])
def test_other_numbers_are_not_guessed(body: str) -> None:
    assert prefill(bodied(body), AMARA) == {}


def test_a_sample_is_never_filled_in_but_named_as_the_danger() -> None:
    assert "order" not in prefill(ORDER_READY, AMARA)
    said = problems(ORDER_READY, {"name": "Amara"}, LIMITS)
    assert said == {"order": "order: fill this in, else they read “4711”"}


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("", "fill this in"),
        (" \u00a0", "fill this in"),
        ("a\nb", "line break"),
        ("a\rb", "line break"),
        ("a\tb", "tab"),
        ("a     b", "four spaces"),
        ("a" * 1601, "1 character too many"),
    ],
)
def test_values_that_the_provider_refuses(value: str, says: str) -> None:
    assert says in problems(ORDER_READY, {**FULL, "order": value}, LIMITS)["order"]


@pytest.mark.parametrize("value", ["a    b", 'O\'Brien <b> & "q" > x', "{{2}}", "₦ 4711"])
def test_values_that_pass(value: str) -> None:
    assert problems(ORDER_READY, {**FULL, "order": value}, LIMITS) == {}


def test_the_whole_has_a_limit() -> None:
    room = 1024 - len(render(ORDER_READY, {**FULL, "order": ""}).text) + len("{{order}}")
    assert problems(ORDER_READY, {**FULL, "order": "a" * room}, LIMITS) == {}
    assert "1 character too many" in problems(ORDER_READY, {**FULL, "order": "a" * (room + 1)}, LIMITS)[""]


def test_more_than_a_hundred_variables() -> None:
    values = {str(number): "x" for number in range(1, 102)}
    body = "".join(f"{{{{{name}}}}}" for name in values)
    assert "101 variables" in problems(bodied(body), values, LIMITS)[""]


def test_the_preview_is_what_will_be_read() -> None:
    template = replace(
        ORDER_READY,
        header="Order {{order}}",
        buttons=(Button("url", "Track", "https://shop.example/{{order}}"),),
        media=("https://shop.example/{{order}}.png",),
    )
    preview = render(template, {"name": "O'Brien <\"&>", "order": "4711"})
    assert preview.text == "Order 4711\nHi O'Brien <\"&>, your order 4711 is ready.\nOpen Mon-Sat 9-18."
    assert preview.buttons == (Button("url", "Track", "https://shop.example/4711"),)
    assert preview.media == ("https://shop.example/4711.png",)


@given(st.text(), st.text())
def test_a_value_is_never_expanded_again(first: str, second: str) -> None:
    template = bodied("<{{1}}|{{2}}>")
    values = {"1": "{{2}}" + first, "2": second + "{{1}}"}
    assert render(template, values).body == f"<{{{{2}}}}{first}|{second}{{{{1}}}}>"


names = st.from_regex(r"[A-Za-z0-9_]{1,16}", fullmatch=True)


@given(st.lists(names, min_size=1, max_size=8, unique=True), st.data())
def test_every_variable_is_demanded(used: list[str], data: st.DataObject) -> None:
    template = bodied(" and ".join(f"{{{{{name}}}}}" for name in used))
    given_values = data.draw(st.dictionaries(st.sampled_from(used), st.just("x")))
    assert set(placeholders(template)) == set(used)
    assert set(problems(template, given_values, LIMITS)) == set(used) - set(given_values)
