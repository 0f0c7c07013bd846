"""The pictures of the screens: the page shows each, none is left over, and none shows a path of a machine."""

import re
from pathlib import Path

from screenshots.__main__ import SHOTS, file_of, page

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_shows_every_picture_and_no_other_is_there() -> None:
    assert (DOCS / "screens.md").read_text(encoding="utf-8") == page()
    drawn = {file.name for file in (DOCS / "screens").iterdir()}
    assert drawn == {file_of(shot, size) for shot in SHOTS for size in shot.sizes}


def test_no_picture_tells_of_the_machine() -> None:
    for file in (DOCS / "screens").iterdir():
        told = re.sub(r"<style>.*?</style>", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert not re.search(r"/tmp|/home|/root|127\.0\.0\.1:\d", told), file.name


def test_the_readme_shows_pictures_that_are_there() -> None:
    shown = re.findall(r"!\[[^\]]*\]\(docs/([^)]+)\)", (DOCS.parent / "README.md").read_text(encoding="utf-8"))
    assert shown
    assert all((DOCS / picture).is_file() for picture in shown)
