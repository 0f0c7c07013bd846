"""The colours: one accent, one warning, one danger; everything else in three shades of the text.

Each theme has a palette for terminals with all colours, one for 256 and one for 16: rounding the colours of a single
palette leaves a black background and a teal bubble. All that has to be read has a contrast of at least 4.5.
"""

from collections.abc import Sequence
from types import MappingProxyType
from typing import NamedTuple

from textual.theme import BUILTIN_THEMES, Theme

from contacts_tui.terminal.colors import Depth, hex_of

Shade = str | int
"""A colour: `#rrggbb`, or its number among a terminal's 256 or 16."""


class Palette(NamedTuple):
    """The colours by their use."""

    background: Shade
    surface: Shade
    """The background of bars and fields."""
    side: Shade
    """The background beside a list, where warnings are shown."""
    panel: Shade
    """Lines between parts, and what the mouse is over."""
    text: Shade
    muted: Shade
    """The second shade of the text."""
    faint: Shade
    """The third shade of the text, which can still be read."""
    accent: Shade
    warning: Shade
    error: Shade
    theirs: Shade
    """The background of inbound bubbles."""
    ours: Shade
    """The background of outbound bubbles."""
    ours_text: Shade
    cursor: Shade
    """The bar of the line that keys act on."""
    cursor_text: Shade
    selection: Shade
    """The background of marked text."""
    selection_text: Shade


_DARK = Palette(
    background="#14171c",
    surface="#1d222a",
    side="#1d222a",
    panel="#3a4350",
    text="#d7dce3",
    muted="#a9b2bf",
    faint="#8e98a6",
    accent="#6cb6ff",
    warning="#e3b341",
    error="#ff8b83",
    theirs="#1d222a",
    ours="#223a57",
    ours_text="#e3e8ee",
    cursor="#2a3a4f",
    cursor_text="#e3e8ee",
    selection="#d7dce3",
    selection_text="#14171c",
)
_DARK_256 = Palette(
    background=233,
    surface=235,
    side=235,
    panel=240,
    text=253,
    muted=250,
    faint=247,
    accent=75,
    warning=179,
    error=210,
    theirs=235,
    ours=18,
    ours_text=255,
    cursor=237,
    cursor_text=255,
    selection=253,
    selection_text=233,
)
_DARK_16 = Palette(
    background=0,
    surface=4,
    side=0,
    panel=8,
    text=15,
    muted=7,
    faint=7,
    accent=14,
    warning=11,
    error=9,
    theirs=0,
    ours=4,
    ours_text=15,
    cursor=4,
    cursor_text=15,
    selection=15,
    selection_text=0,
)
_LIGHT = Palette(
    background="#fbfbfa",
    surface="#eff0f3",
    side="#eff0f3",
    panel="#c3c9d1",
    text="#1d232b",
    muted="#4b5560",
    faint="#5f6973",
    accent="#0a52bd",
    warning="#7d5000",
    error="#a8221b",
    theirs="#eff0f3",
    ours="#d3e2f8",
    ours_text="#1d232b",
    cursor="#d9e5f6",
    cursor_text="#1d232b",
    selection="#1d232b",
    selection_text="#fbfbfa",
)
_LIGHT_256 = Palette(
    background=231,
    surface=255,
    side=255,
    panel=250,
    text=234,
    muted=239,
    faint=241,
    accent=25,
    warning=94,
    error=124,
    theirs=255,
    ours=189,
    ours_text=234,
    cursor=253,
    cursor_text=232,
    selection=236,
    selection_text=231,
)
_LIGHT_16 = Palette(
    background=15,
    surface=7,
    side=15,
    panel=8,
    text=0,
    muted=0,
    faint=0,
    accent=4,
    warning=5,
    error=1,
    theirs=7,
    ours=4,
    ours_text=15,
    cursor=7,
    cursor_text=0,
    selection=0,
    selection_text=15,
)
_CONTRAST = Palette(
    background="#000000",
    surface="#1c1c1c",
    side="#1c1c1c",
    panel="#8a8a8a",
    text="#ffffff",
    muted="#e4e4e4",
    faint="#d0d0d0",
    accent="#5fd7ff",
    warning="#ffd75f",
    error="#ffafaf",
    theirs="#1c1c1c",
    ours="#00005f",
    ours_text="#ffffff",
    cursor="#0000af",
    cursor_text="#ffffff",
    selection="#ffff5f",
    selection_text="#000000",
)
_CONTRAST_256 = Palette(
    background=16,
    surface=234,
    side=234,
    panel=245,
    text=231,
    muted=254,
    faint=252,
    accent=81,
    warning=221,
    error=217,
    theirs=234,
    ours=17,
    ours_text=231,
    cursor=19,
    cursor_text=231,
    selection=227,
    selection_text=16,
)
_CONTRAST_16 = Palette(
    background=0,
    surface=4,
    side=0,
    panel=7,
    text=15,
    muted=15,
    faint=15,
    accent=14,
    warning=11,
    error=9,
    theirs=0,
    ours=4,
    ours_text=15,
    cursor=4,
    cursor_text=15,
    selection=11,
    selection_text=0,
)

PALETTES = MappingProxyType(
    {
        "contacts-dark": {Depth.FULL: _DARK, Depth.PALETTE: _DARK_256, Depth.SIXTEEN: _DARK_16},
        "contacts-light": {Depth.FULL: _LIGHT, Depth.PALETTE: _LIGHT_256, Depth.SIXTEEN: _LIGHT_16},
        "contacts-contrast": {Depth.FULL: _CONTRAST, Depth.PALETTE: _CONTRAST_256, Depth.SIXTEEN: _CONTRAST_16},
    }
)
"""The palettes of each of our own themes, by the colours that a terminal has."""

_PEOPLE = ("#87afff", "#87d787", "#d7af5f", "#d787d7", "#5fd7d7", "#ff8787")
"""The backgrounds of initials, for black letters. A terminal of 256 colours has each of them."""
_PEOPLE_16 = (14, 10, 11, 13, 7, 9)
PERSON_COLORS = len(_PEOPLE)
"""How many colours people have."""

DARK, LIGHT, CONTRAST = PALETTES
OF_THE_TERMINAL = ("ansi-dark", "ansi-light")
"""Textual's themes that keep the terminal's own colours."""
NAMES = (*PALETTES, *OF_THE_TERMINAL)
"""Every theme on offer. Textual's others aren't: they don't guarantee that reasons can be read."""


def variables_without_theme() -> dict[str, str]:
    """Return the variables that themes with the terminal's own colours lack, each as the terminal's default colour."""
    people = (f"person-{number}" for number in range(PERSON_COLORS))
    return dict.fromkeys(("theirs", "ours", "ours-text", "side", "person-text", *people), "ansi_default")


def themes_for(depth: Depth) -> tuple[Theme, ...]:
    """Return every theme on offer, for a terminal of that many colours."""
    people: tuple[Shade, ...] = _PEOPLE_16 if depth is Depth.SIXTEEN else _PEOPLE
    ours = (_theme(name, palettes[depth], people) for name, palettes in PALETTES.items())
    return (*ours, *(BUILTIN_THEMES[name] for name in OF_THE_TERMINAL))


def _color(shade: Shade) -> str:
    return hex_of(shade) if isinstance(shade, int) else shade


def _theme(name: str, palette: Palette, people: Sequence[Shade]) -> Theme:
    color = {use: _color(shade) for use, shade in palette._asdict().items()}
    lines = dict.fromkeys(("border-blurred", "scrollbar", "scrollbar-hover", "foreground-disabled"), color["panel"])
    grounds = dict.fromkeys(
        ("scrollbar-background", "scrollbar-background-hover", "scrollbar-background-active", "scrollbar-corner-color"),
        color["background"],
    )
    return Theme(
        name=name,
        primary=color["accent"],
        secondary=color["muted"],
        accent=color["accent"],
        warning=color["warning"],
        error=color["error"],
        success=color["accent"],
        foreground=color["text"],
        background=color["background"],
        surface=color["surface"],
        panel=color["panel"],
        dark=name != LIGHT,
        variables={
            **lines,
            **grounds,
            "text": color["text"],
            "text-muted": color["muted"],
            "text-disabled": color["faint"],
            "foreground-muted": color["muted"],
            "text-accent": color["accent"],
            "text-warning": color["warning"],
            "text-error": color["error"],
            "primary-muted": color["ours"],
            **{f"person-{number}": _color(shade) for number, shade in enumerate(people)},
            "person-text": "#000000",
            "theirs": color["theirs"],
            "ours": color["ours"],
            "ours-text": color["ours_text"],
            "side": color["side"],
            "block-cursor-background": color["cursor"],
            "block-cursor-foreground": color["cursor_text"],
            "block-cursor-text-style": "bold",
            "block-cursor-blurred-background": color["cursor"],
            "block-cursor-blurred-foreground": color["cursor_text"],
            "block-hover-background": color["surface"],
            "border": color["accent"],
            "input-selection-background": color["selection"],
            "input-selection-foreground": color["selection_text"],
            "screen-selection-background": color["selection"],
            "screen-selection-foreground": color["selection_text"],
            "link-background-hover": color["cursor"],
            "link-color-hover": color["cursor_text"],
        },
    )
