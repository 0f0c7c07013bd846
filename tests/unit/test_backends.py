"""What one database does in its own way stays behind the protocol, in its backend."""

import re
import subprocess
import sys
from pathlib import Path

import contacts_tui
from contacts_tui.store.store import Store

PACKAGE = Path(contacts_tui.__file__).parent

OWN_WORDS = re.compile(
    r"sqlite|postgres|psycopg|json_each|json_group|pragma|rowid|fts5|insert or |vacuum|\bwal\b|\bshm\b|data_version",
    re.IGNORECASE,
)
"""The names of databases and drivers, and words that only one of them has. Comments and docstrings count: a module that
explains a database knows it. How a store is named, in words, is `backends.FORMS`, also in help and documentation.
"""

HOME = PACKAGE / "store" / "backends"
FROZEN = PACKAGE / "store" / "migrations" / "versions"
"""A migration that landed is never edited: it says what was done to the stores of its day."""


def test_no_module_outside_the_backends_knows_a_database() -> None:
    knowing = [
        f"{path.relative_to(PACKAGE)}:{number}: {line.strip()}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if not path.is_relative_to(HOME) and not path.is_relative_to(FROZEN)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if OWN_WORDS.search(line)
    ]
    assert knowing == []


def test_only_the_backends_choose_one() -> None:
    """Other modules ask `backends.of` or `backends.of_bind`, and get an object that fills the protocol."""
    inside = re.compile(r"contacts_tui\.store\.backends\.(?!protocol\b|tables\b)\w")
    naming = [
        str(path.relative_to(PACKAGE))
        for path in sorted(PACKAGE.rglob("*.py"))
        if not path.is_relative_to(HOME) and inside.search(path.read_text(encoding="utf-8"))
    ]
    assert naming == []


def test_the_first_page_is_read_without_the_database_toolkit(tmp_path: Path) -> None:
    location = f"sqlite:///{tmp_path / 'store.db'}"
    Store.open(location).close()
    code = (
        "import sys\n"
        "from contacts_tui.domain.clock import utc_now\n"
        "from contacts_tui.services.first_page import first_page\n"
        "print(first_page(sys.argv[1], utc_now, '', 40), 'sqlalchemy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, location], capture_output=True, text=True, check=True)
    assert done.stdout == "((), False) False\n"
