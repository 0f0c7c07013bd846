"""Initials: at most two cells, in whatever script a name is written."""

import pytest

from contacts_tui.domain.initials import initials


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Amara Okafor", "AO"),
        ("élodie de la marchand", "ÉM"),
        ("Wanjiru", "W"),
        ("Sofía Torres 🌻", "ST"),
        ("山田 花子", "山"),
        ("يوسف الحربي", "يا"),
        ("+1 202 555 0142", "·"),
        ("\x1b]0;owned\x07 Robin Marsh", "RM"),
        ("", "·"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters
