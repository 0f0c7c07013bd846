"""An export is imported again: any people, by CSV, vCard and JSON lines, are the same people."""

import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from contacts_tui.domain.address import alias_key
from contacts_tui.domain.attributes import Kind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.clock import Clock
from contacts_tui.services import contacts_import, people_export
from contacts_tui.services.exchange_cells import guarded, joined, parted, unguarded
from contacts_tui.services.import_matching import Duplicates
from contacts_tui.services.people_csv import CSV, Form, PeopleFile
from contacts_tui.services.people_export import Format
from contacts_tui.services.people_jsonl import JSON_LINES
from contacts_tui.services.people_vcard import VCARD
from contacts_tui.store import attributes, bulk_import, contacts, notes
from contacts_tui.store.store import Store
from contacts_tui.store.timestamps import moment
from tests.services.world import START

FORMS = {Format.CSV: CSV, Format.VCARD: VCARD, Format.JSON_LINES: JSON_LINES}
WORDS = st.text(
    st.one_of(
        st.sampled_from("aZ é☎,;:\\\"'\n\t=+-@|/()*ß中🙂​"),
        st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"),
    ),
    max_size=12,
)
TEXTS = WORDS.map(lambda text: text if text.strip() else "")
"""Texts that may be empty. No action stores blanks alone."""
SEEN = WORDS.map("Ann{}".format)
NUMBERS = st.from_regex(r"\+(1202555|49309018|234803555)[0-9]{4}", fullmatch=True)
NAMES = st.sampled_from(["plan", "born", "seats", "member", "Größe, genau"])
KINDS = {"plan": Kind.TEXT, "born": Kind.DATE, "seats": Kind.NUMBER, "member": Kind.YES_NO, "Größe, genau": Kind.TEXT}
VALUES = {
    "plan": SEEN,
    "born": st.dates().map(str),
    "seats": st.integers(-5, 5).map(str),
    "member": st.sampled_from(["yes", "no"]),
    "Größe, genau": SEEN,
}


TIMES = st.integers(10**15, 4 * 10**15).map(moment)
NOTES = st.tuples(SEEN, TIMES, SEEN, st.none() | TIMES)


@dataclass(frozen=True)
class Somebody:
    """A person with what is stored after they were added."""

    new: bulk_import.NewPerson
    notes: list[tuple[str, datetime, str, datetime | None]]
    opted_out: dict[tuple[Channel, str], datetime]


def put(session: Session, clock: Clock, crowd: list[Somebody]) -> None:
    ids = bulk_import.add_people(session, clock, [one.new for one in crowd])
    for contact_id, one in zip(ids, crowd, strict=True):
        for author, at, text, edited_at in one.notes:
            notes.add(session, contact_id, author, at, text, edited_at)
        for identity in contacts.identities(session, contact_id):
            if since := one.opted_out.get((identity.channel, identity.key)):
                contacts.set_opted_out(session, clock, identity.id, since)


@st.composite
def crowds(draw: st.DrawFn) -> list[Somebody]:
    crowd, taken = [], set()
    for _ in range(draw(st.integers(0, 4))):
        numbers = []
        for number in draw(st.lists(NUMBERS, max_size=3)):
            for channel in draw(
                st.sampled_from([(Channel.SMS, Channel.WHATSAPP), (Channel.SMS,), (Channel.WHATSAPP,)])
            ):
                key = alias_key(channel, number)
                if (channel, key) not in taken:
                    taken.add((channel, key))
                    numbers.append((channel, number, key))
        names = draw(st.sets(NAMES, max_size=3))
        opted_out = {(channel, key): draw(TIMES) for channel, _, key in numbers if draw(st.integers(0, 3)) == 0}
        new = bulk_import.NewPerson(
            name=draw(SEEN),
            company=draw(TEXTS),
            emails=tuple(draw(st.lists(SEEN, max_size=2, unique_by=str.casefold))),
            tags=tuple(draw(st.lists(SEEN, max_size=3, unique=True))),
            note=draw(TEXTS),
            owner=draw(TEXTS),
            time_zone=draw(st.sampled_from(["", "Europe/Berlin"])),
            numbers=tuple(numbers),
            language=draw(st.sampled_from(["", "pt-BR"])),
            attributes={name: draw(VALUES[name]) for name in sorted(names)},
            blocked_at=draw(st.none() | TIMES),
        )
        crowd.append(Somebody(new, draw(st.lists(NOTES, max_size=2, unique=True)), opted_out))
    return crowd


def everybody(store: Store) -> Counter[Any]:
    ids = store.call_read(people_export.everybody)
    return Counter(
        (
            one.contact.name, one.contact.company, one.contact.emails, one.contact.tags, one.contact.note,
            one.contact.owner, one.contact.time_zone, one.contact.language,
            tuple(sorted(one.contact.attributes.items())),
            *map(frozenset, (one.phones, one.sms, one.whatsapp, one.notes, one.opt_outs, one.blocks)),
        )
        for one in store.call_read(people_export.read, "Kim", ids)
    )  # fmt: skip


def written(store: Store, form: Format) -> str:
    known = store.call_read(people_export.begin, "Kim")
    ids = store.call_read(people_export.everybody)
    return people_export.head(form, known) + people_export.piece(
        form, store.call_read(people_export.read, "Kim", ids), known
    )


def taken(
    store: Store, text: str, form: Form, duplicates: Duplicates = Duplicates.FILL
) -> contacts_import.ImportResult:
    file = PeopleFile(lambda: iter(io.StringIO(text, newline="")), None, form=form)
    run = store.call(contacts_import.begin, "Kim", file, duplicates)
    return store.call(contacts_import.take_all, file, run)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, dict[Format, Store]]]:
    """Yield a store to export from, and one to import into for each format; each test leaves them empty."""

    def opened(name: str) -> Store:
        folder: Path = tmp_path_factory.mktemp(name)
        return Store.open(f"sqlite:///{folder / 'store.db'}", lambda: START)

    out, into = opened("out"), {form: opened(form.value) for form in Format}
    yield out, into
    for store in (out, *into.values()):
        store.close()


def empty(store: Store) -> None:
    def clear(session: Any, _: Any) -> None:
        for table in ("note", "identity", "likeness", "journal", "contact", "attribute"):
            session.connection().exec_driver_sql(f"DELETE FROM {table}")

    store.call(clear)


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
@given(crowds())
def test_any_people_are_the_same_people_by_every_form(stores: Any, crowd: list[Somebody]) -> None:
    out, into = stores
    for store in (out, *into.values()):
        empty(store)
    for name in {name for person in crowd for name in person.new.attributes}:
        out.call(lambda session, _, name=name: attributes.put(session, name, KINDS[name]))
    out.call(put, crowd)
    before = everybody(out)
    assert sum(before.values()) == len(crowd)
    for form, store in into.items():
        if crowd:
            result = taken(store, written(out, form), FORMS[form])
            assert (result.added, result.is_whole) == (len(crowd), True), form
        assert everybody(store) == before, form


@given(st.lists(WORDS, max_size=4))
def test_any_list_is_one_cell_and_the_same_list(values: list[str]) -> None:
    assert parted(joined(values)) == tuple(values)


@given(st.text())
def test_a_guarded_cell_is_no_formula_and_comes_back(cell: str) -> None:
    assert unguarded(guarded(cell)) == cell
    assert guarded(cell)[:1] not in tuple("=-@\t\r")
