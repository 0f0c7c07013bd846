"""Which path was meant by a text that was typed or pasted."""

import pytest

from contacts_tui.domain.typed_path import typed_path


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("~/", "~/"),
        ("~/Pictures/a.png", "~/Pictures/a.png"),
        ("~//", "/"),
        ("~//tmp/x", "/tmp/x"),
        ("/home/kim/photos//tmp/x", "/tmp/x"),
        ("/home/kim/photos/~/x", "~/x"),
        ("~/'/tmp/a b.png'", "/tmp/a b.png"),
        ('~/"/tmp/a b.png" ', "/tmp/a b.png"),
        ("'~/a b.png", "~/a b.png"),
        ("~/file:///tmp/a%20b.png", "/tmp/a b.png"),
        ("file://localhost/tmp/x\n", "/tmp/x"),
        ("~//tmp/a\\ b\\(1\\).png", "/tmp/a b(1).png"),
        ("relative/it's.png", "relative/it's.png"),
        ("", ""),
    ],
)
def test_the_path_that_was_meant(text: str, meant: str) -> None:
    assert typed_path(text) == meant
