"""A row of a file of people: the person in it, and its problems."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from contacts_tui.domain.address import display_phone, time_zone_of
from contacts_tui.domain.attributes import Kind
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.text import draws_nothing
from contacts_tui.services.exchange_details import AddressMark, WrittenNote
from contacts_tui.services.import_columns import Field


@dataclass(frozen=True, slots=True)
class ImportProblem:
    """A row that doesn't come in, or a cell that its person comes in without."""

    line: int
    """The line of the file in which the row begins, from 1."""
    column: str
    """The heading of the cell; empty for a row as a whole."""
    reason: str
    """What is wrong, as a clause."""
    offered: tuple[str, ...] = ()
    """Values that may be meant, for an agent to choose from."""
    is_lost: bool = True
    """Whether something of the file is missing in the store; False for a dash that means "nothing"."""

    @property
    def sentence(self) -> str:
        """Where it is and what is wrong."""
        return f"line {self.line}{', ' if self.column else ''}{self.column}: {self.reason}"


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A person as one row gives them."""

    line: int
    name: str
    """Empty when the row has no visible name."""
    company: str
    emails: tuple[str, ...]
    tags: tuple[str, ...]
    note: str
    owner: str
    numbers: tuple[tuple[Channel, str, str], ...]
    """Channel, number in E.164 and its alias key."""
    given_time_zone: str = ""
    is_exact: bool = False
    """Whether nothing is to be derived from the row's values, because this program wrote them."""
    language: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """The texts of custom attributes in the file, by name."""
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    """The kinds of those attributes for which the file gives one."""
    notes: tuple[WrittenNote, ...] = ()
    opt_outs: tuple[AddressMark, ...] = ()
    blocks: tuple[AddressMark, ...] = ()

    @property
    def time_zone(self) -> str:
        """The time zone as given, else that of the first number."""
        if self.given_time_zone or self.is_exact or not self.numbers:
            return self.given_time_zone
        return time_zone_of(self.numbers[0][1])

    @property
    def shown_name(self) -> str:
        """The name, else the company, the first number or the first email."""
        if self.name:
            return self.name
        company = "" if draws_nothing(self.company) else self.company
        return company or (display_phone(self.numbers[0][1]) if self.numbers else self.emails[0])


@dataclass(frozen=True, slots=True)
class ImportRow:
    """A row of the file: the person in it, or None when a problem prevents that."""

    line: int
    cells: Sequence[str]
    person: PersonEntry | None
    problems: tuple[ImportProblem, ...]
    """The first one of a row without a person is the reason for that."""

    @property
    def is_incomplete(self) -> bool:
        """Whether the person comes in without a cell that was meant to be read."""
        return bool(self.problems) and self.person is not None and any(problem.is_lost for problem in self.problems)


def whole_name(texts: Mapping[Field, Sequence[str]]) -> str:
    """Return the whole name where there is one, else its parts put together; empty when nothing of it is visible."""
    if Field.NAME in texts:
        name = texts[Field.NAME][0]
    else:
        parts = [part for one in (Field.GIVEN, Field.MIDDLE, Field.FAMILY) for part in texts.get(one, ())]
        given, family = (texts.get(one, [""])[0] for one in (Field.GIVEN, Field.FAMILY))
        # "Name" beside "First name" is the surname in some lists, and the whole name in others.
        name = family if family and given and family.casefold().startswith(f"{given.casefold()} ") else " ".join(parts)
    return "" if draws_nothing(name) else name
