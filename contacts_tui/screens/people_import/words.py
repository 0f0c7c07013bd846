"""The texts of an import's preview: its settings and columns as lines of a list, its rows and counts as facts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contacts_tui import services
from contacts_tui.domain.address import display_phone
from contacts_tui.domain.attributes import Kind
from contacts_tui.domain.text import counted, one_line
from contacts_tui.services.import_columns import TO_CHOOSE, Field
from contacts_tui.services.import_header import SEPARATORS, Column, Meaning, read_attribute
from contacts_tui.services.import_matching import Duplicates
from contacts_tui.services.import_preview import Glimpse, ImportCounts
from contacts_tui.services.import_row import ImportRow, PersonEntry
from contacts_tui.services.import_source import Reading
from contacts_tui.text_source import ENCODINGS
from contacts_tui.widgets.choice_list import Choice
from contacts_tui.widgets.fact_sheet import Fact
from contacts_tui.widgets.line_view import Shade

ENCODING, SEPARATOR, COUNTRY, KNOWN = range(-4, 0)
"""The keys of the settings' lines; those of the columns are their indexes, from 0."""
HEADINGS = ("Setting or column", "Read as", "For example")
MOST_COLUMNS = 500
"""Columns that are listed at most."""

_TOLD = 100
"""Problems that are shown at most."""

_DUPLICATES = {
    Duplicates.FILL: "get what they lack",
    Duplicates.SKIP: "stay as they are",
    Duplicates.OVERWRITE: "get what the file says",
}


@dataclass(frozen=True, slots=True)
class Option:
    """One option to choose."""

    value: object
    words: str


def settings(glimpse: Glimpse, reading: Reading, duplicates: Duplicates) -> Iterator[Choice]:
    """Yield a line for each setting and each column."""
    yield Choice(ENCODING, ("Encoding", glimpse.encoding, "" if reading.encoding else "as the file shows"))
    if glimpse.header.separator:
        told = "" if reading.separator else "as the file shows"
        yield Choice(SEPARATOR, ("Cells separated by", glimpse.header.separator, told))
    country = "where no code is written" if reading.region else "numbers need a + and their code"
    yield Choice(COUNTRY, ("Country of numbers", reading.region or "none", country))
    yield Choice(KNOWN, ("People you have", _DUPLICATES[duplicates], ""))
    for place, column in enumerate(glimpse.header.columns[:MOST_COLUMNS]):
        suggested = glimpse.suggestions[place]
        meaning = f"left out: is it {suggested}?" if suggested else meaning_of(column)
        shade = Shade.WARNING if suggested else Shade.PLAIN if column.is_read else Shade.SOFT
        heading = one_line(column.heading) or "(no heading)"
        yield Choice(place, (heading, meaning, one_line(glimpse.samples[place])), shade=shade)


def meaning_of(column: Column) -> str:
    """Return what a column is read as, in a word or two."""
    if column.field is Field.ATTRIBUTE:
        kind = "" if column.kind is None or column.kind is Kind.TEXT else f", {column.kind.words}"
        return f"attribute {one_line(column.attribute)}{kind}"
    return "left out" if column.field is None else column.field.words


def meanings(heading: str) -> tuple[Option, ...]:
    """Return what a column of this heading may be read as."""
    fields = [field for field in TO_CHOOSE if field is not Field.NOTHING]
    return (
        Option(Field.NOTHING, "left out"),
        *(Option(field, _FIELD_WORDS.get(field, field.words)) for field in fields),
        *(Option(meaning, words) for meaning, words in _attributes(heading)),
    )


_FIELD_WORDS = {
    Field.PHONE: "phone, for SMS and WhatsApp",
    Field.SMS: "phone, for SMS alone",
    Field.WHATSAPP: "phone, for WhatsApp alone",
    Field.OWNER: "assignee",
}


def _attributes(heading: str) -> Iterator[tuple[Meaning, str]]:
    try:
        name, _ = read_attribute(one_line(heading).replace(":", " ").replace("=", " "))
    except ValueError:
        return
    for kind in Kind:
        yield (name, kind), f"attribute {name}: {kind.words}"


def encodings() -> tuple[Option, ...]:
    """Return the encodings to choose from."""
    return (Option("", "as the file shows"), *(Option(name, name) for name in ENCODINGS))


def separators() -> tuple[Option, ...]:
    """Return the separators of cells to choose from."""
    return (Option("", "as the file shows"), *(Option(mark, words) for mark, words in SEPARATORS.items()))


def countries() -> tuple[Option, ...]:
    """Return the countries whose numbers can be read without a code."""
    found = services.import_source.countries()
    return (Option(None, "none"), *(Option(code, f"{code} +{dialled}") for code, dialled in found))


def duplicates() -> tuple[Option, ...]:
    """Return the ways to treat people who are known already."""
    return tuple(Option(choice, words) for choice, words in _DUPLICATES.items())


def facts(glimpse: Glimpse, counts: ImportCounts) -> Iterator[Fact]:
    """Yield the sums, the first rows as they would be imported, and what is wrong with the file."""
    yield Fact("", sums(counts), Shade.STRONG)
    left = [one_line(column.heading) for column in glimpse.header.columns if not column.is_read and column.heading]
    if left:
        yield Fact("", f"Left out: {', '.join(left[:50])}", Shade.SOFT)
    yield Fact("", " ")
    for row in glimpse.rows:
        yield row_fact(row)
    if counts.problems:
        yield Fact("", " ")
        for problem in counts.problems[:_TOLD]:
            yield Fact(f"line {problem.line}", one_line(_told(problem.column, problem.reason)), Shade.WARNING)


def sums(counts: ImportCounts) -> str:
    """Return what importing the rows would do, as one line."""
    parts = [
        f"{counts.new:,} new",
        services.import_preview.known_words(counts),
        f"{counts.repeated:,} twice in the file" if counts.repeated else "",
        f"{counts.doubtful:,} in conflict" if counts.doubtful else "",
        f"{counts.unreadable:,} not readable" if counts.unreadable else "",
        f"{counts.incomplete:,} with a cell that can't be read" if counts.incomplete else "",
        f"{counts.opted_out:,} opted out by the file" if counts.opted_out else "",
        f"{counts.blocked:,} blocked by the file" if counts.blocked else "",
    ]
    reading = "" if counts.is_whole else f" · reading on, {counted(counts.rows, 'row')} so far"
    return " · ".join(filter(None, parts)) + reading


def row_fact(row: ImportRow) -> Fact:
    """Return a row as it would be imported, or why it wouldn't."""
    if row.person is None:
        problem = row.problems[0]
        return Fact(f"line {row.line}", one_line(_told(problem.column, problem.reason)), Shade.WARNING)
    return Fact(f"line {row.line}", " · ".join(map(one_line, _known_of(row.person))))


def _known_of(person: PersonEntry) -> Sequence[str]:
    numbers = dict.fromkeys(display_phone(number) for _, number, _ in person.numbers)
    return [
        person.shown_name,
        *numbers,
        *person.emails,
        *filter(None, (person.company, ", ".join(person.tags), person.note, person.owner, person.language)),
        *(f"{name}: {value}" for name, value in person.attributes.items()),
        *(counted(len(person.notes), "private note") for _ in person.notes[:1]),
        *("opted out" for _ in person.opt_outs[:1]),
        *("blocked" for _ in person.blocks[:1]),
    ]


_BY_COMMAND = re.compile(r" \(--region\)|: --map .*")
"""What a reason says about options of the import command: on the screen they are lines of the list."""


def _told(column: str, reason: str) -> str:
    words = _BY_COMMAND.sub("", reason)
    return f"{column}: {words}" if column else words


def result(tally: "services.import_run.ImportTally") -> str:
    """Return what an import did, without an end mark."""
    done = tally.result
    parts = [
        f"{done.added:,} added",
        f"{done.updated:,} updated" if done.updated else "",
        f"{done.unchanged:,} unchanged" if done.unchanged else "",
        f"{counted(done.refused, 'row')} left out" if done.refused else "",
        f"{done.incomplete:,} without a cell that can't be read" if done.incomplete else "",
    ]
    return ", ".join(filter(None, parts))
