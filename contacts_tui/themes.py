"""The colours: one accent, one warning, one danger; everything else in three shades of the text."""

from textual.theme import Theme

DARK = Theme(
    name="contacts-dark",
    primary="#6cb6ff",
    secondary="#98a2b0",
    accent="#6cb6ff",
    warning="#e3b341",
    error="#ff7b72",
    success="#6cb6ff",
    foreground="#d7dce3",
    background="#14171c",
    surface="#1b1f26",
    panel="#232933",
    dark=True,
    variables={
        "text": "#d7dce3",
        "text-muted": "#98a2b0",
        "text-disabled": "#6f7a8a",
        "primary-muted": "#223449",
        "block-cursor-background": "#2a3a4f",
        "block-cursor-foreground": "#d7dce3",
        "block-cursor-text-style": "bold",
        "border": "#6cb6ff",
        "border-blurred": "#3a4350",
        "scrollbar": "#3a4350",
        "scrollbar-background": "#14171c",
        "scrollbar-corner-color": "#14171c",
    },
)

LIGHT = Theme(
    name="contacts-light",
    primary="#0a58ca",
    secondary="#56606c",
    accent="#0a58ca",
    warning="#8a5a00",
    error="#b3261e",
    success="#0a58ca",
    foreground="#1d232b",
    background="#fbfbfa",
    surface="#f1f2f4",
    panel="#e6e8ec",
    dark=False,
    variables={
        "text": "#1d232b",
        "text-muted": "#56606c",
        "text-disabled": "#78828d",
        "primary-muted": "#dce8fb",
        "block-cursor-background": "#d3e2f8",
        "block-cursor-foreground": "#1d232b",
        "block-cursor-text-style": "bold",
        "border": "#0a58ca",
        "border-blurred": "#c3c9d1",
        "scrollbar": "#c3c9d1",
        "scrollbar-background": "#fbfbfa",
        "scrollbar-corner-color": "#fbfbfa",
    },
)

THEMES = (DARK, LIGHT)
"""Ours. Textual's own stay on offer, `ansi-dark` and `ansi-light` among them: they keep the terminal's colours."""
