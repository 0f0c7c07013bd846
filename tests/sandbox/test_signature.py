"""The sandbox's own signature agrees with the SDK's validator."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from contacts_sandbox.twilio.segments import count_segments
from contacts_sandbox.twilio.signature import sign

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)


@given(TEXT, st.dictionaries(TEXT, TEXT, max_size=8))
def test_it_is_what_the_validator_accepts(token: str, fields: dict[str, str]) -> None:
    url = "https://desk.example.org/twilio/in?inbox=7&x=a%2Fb"
    assert RequestValidator(token).validate(url, fields, sign(token, url, fields))


def test_it_covers_url_names_and_values() -> None:
    fields = {"From": "+15552220000", "Body": "", "To": "+15551110000"}
    signature = sign("token", "https://desk.example.org/in", fields)
    for url, changed in [
        ("https://desk.example.org/in?x=1", fields),
        ("https://desk.example.org/in", fields | {"Body": "x"}),
        ("https://desk.example.org/in", {"From": "+15552220000", "To": "+15551110000"}),
    ]:
        assert not RequestValidator("token").validate(url, changed, signature)


def test_segments() -> None:
    for text, count in [
        ("", 1),
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("x" * 306, 2),
        ("x" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ç" * 70, 1),
        ("ç" * 71, 2),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("a" * 152 + "€" * 77, 3),
        ("a" * 62 + "👨\u200d👩\u200d👧\u200d👦" + "a" * 61, 3),
    ]:
        assert count_segments(text) == count
