"""Files of people in any shape whatsoever: imported, reported, or refused as a whole."""

import io

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts_tui.services.errors import BadInput
from contacts_tui.services.people_csv import PeopleFile
from contacts_tui.text_source import open_text
from tests.services.test_contacts_import import bring, people_in
from tests.services.world import World

HEADINGS = st.lists(
    st.sampled_from(
        ["name", "phone", "phone2", "email", "tags", "note", "time_zone", "whatsapp", "Given Name", "?", ""]
    ),
    min_size=1,
    max_size=6,
).map(",".join)


FIELDS = st.text(max_size=20) | st.sampled_from(["+234 803 555 0142", '"', '""', '"a', "a@b.example", "\x00", " ::: "])


ROWS = st.lists(FIELDS, max_size=7).map(",".join)


@given(st.text(max_size=40) | HEADINGS, st.lists(ROWS, max_size=5), st.sampled_from(["\n", "\r\n", "\r"]))
def test_any_text_is_people_problems_or_refused_as_a_whole(heading: str, rows: list[str], end: str) -> None:
    text = end.join([heading, *rows])
    try:
        found = list(people_in(text, "US").rows())
    except BadInput as refusal:
        assert str(refusal)
        return
    for each in found:
        assert each.person is not None or each.problems
        assert each.line >= 1


@given(st.binary(max_size=300))
def test_any_bytes_are_people_problems_or_refused_as_a_whole(data: bytes) -> None:
    try:
        with open_text(io.BytesIO(data)) as text:
            list(PeopleFile(text.lines, None).rows())
    except BadInput as refusal:
        assert str(refusal)


@given(st.lists(st.lists(FIELDS, min_size=3, max_size=3).map(",".join), max_size=5))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_rows_are_stored_or_reported(world: World, rows: list[str]) -> None:
    text = "\n".join(["name,phone,email", *rows])
    try:
        bring(world, text)
    except BadInput as refusal:
        assert str(refusal)
