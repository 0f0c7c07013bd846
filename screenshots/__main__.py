"""`python -m screenshots [FOLDER]`: draw every screen in both sizes, and the page that shows them."""

import asyncio
import sys
from dataclasses import dataclass
from pathlib import Path

from textual.pilot import Pilot

from screenshots.stage import demo, in_utc, program, shown

SIZES = ((80, 24), (120, 40))
BESIDE = (170, 45)
"""A size at which list, thread and card stand side by side."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture, and the keys that lead to it from People."""

    name: str
    """The beginning of the names of its files."""
    about: str
    """A sentence for the page."""
    steps: tuple[tuple[str, str], ...] = ()
    """Each a group of keys, and words to wait for then. The keys are Textual's names, separated by spaces; after a `=`
    they are characters to type, with `_` for a space.
    """
    sizes: tuple[tuple[int, int], ...] = SIZES


_NAMES = {":": "colon", " ": "space", "/": "slash", "-": "minus", ".": "full_stop"}
"""Textual's names of characters that are typed."""
_IMPORTED = Path(__file__).parents[1] / "data" / "moving-in.csv"

_LEILA = (("slash =leila", "Leila Ben Amor"), ("enter", "to Leila"))

SHOTS = (
    Shot("people", "People: the views with their counts, who waits, for how long, and what runs out first."),
    Shot("beside", "From 150 columns: list, thread and card side by side.", (("j j", "Messaging"),), (BESIDE,)),
    Shot("filter", "A filter, with what its last word can become.", (("slash =tag:", "tag:vip"),)),
    Shot("selected", "Many at once: three people are selected.", (("v j j", "3 of"),)),
    Shot("snooze", "Until when somebody is snoozed.", (("z", "Tomorrow"),)),
    Shot("assign", "Giving somebody to another agent.", (("A", "Noor"),)),
    Shot("contact", "A contact: the thread, the place to write, and the card with each channel.", _LEILA),
    Shot(
        "timeline",
        "Everything with a contact, over all channels, with notes and what agents did.",
        (*_LEILA, ("f5", "Telegram Shop bot")),
    ),
    Shot(
        "templates",
        "Select Template: where the window is closed.",
        (("slash =mateo", "Mateo"), ("enter", "← People"), ("f2", "the window closed"), ("f6", "approved")),
    ),
    Shot(
        "replies",
        "Canned replies, as they would read to the person.",
        (*_LEILA, ("slash", "Canned replies")),
    ),
    Shot("note", "A private note, which is never sent.", (*_LEILA, ("ctrl+n", "never sent"))),
    Shot(
        "schedule",
        "When a text is to leave.",
        (*_LEILA, ("=The_lamp_is_ready.", "The lamp is ready"), ("alt+l", "Tomorrow")),
    ),
    Shot(
        "scheduled",
        "What is scheduled to a person, to change or cancel it.",
        (
            *_LEILA,
            ("=The_lamp_is_ready.", "The lamp is ready"),
            ("alt+l", "Tomorrow"),
            ("t", "scheduled for"),
            ("alt+d", "Scheduled to"),
        ),
    ),
    Shot(
        "details",
        "What became of a message.",
        (("slash =eero", "Eero"), ("enter", "← People"), ("escape enter", "attempt")),
    ),
    Shot(
        "today",
        "Today: who was answered and how soon, what came in by the hour, who waits.",
        (("t", "answered"), ("tab", "last seven")),
    ),
    Shot("inboxes", "Inboxes: how each sender is.", (("i", "Outlet bot"),)),
    Shot("connect", "Connecting an inbox.", (("i", "Outlet bot"), ("a", "Connect"))),
    Shot(
        "form",
        "A person, each field of whom is checked while it is typed.",
        (*_LEILA, ("escape E", "Edit Leila")),
    ),
    Shot(
        "import",
        "Importing people: what each column means, and what would come in.",
        (("I", "Import people"), (f"={_IMPORTED}", "moving-in.csv  File"), ("enter", "Setting or column")),
    ),
    Shot("duplicates", "Possible duplicates.", (("D", "Possible duplicates"),)),
    Shot(
        "merge",
        "Two contacts, field by field, before they are merged.",
        (("D", "Possible duplicates"), ("enter", "Merge")),
    ),
    Shot("palette", "Every command, and every person, by a few letters.", (("ctrl+p =snoo", "snooze"),)),
    Shot("jump", "Letters on what is in sight: typing them goes there.", (("apostrophe", "a"),)),
    Shot("help", "The help: it begins with what has the focus.", (("question_mark", "Keys and marks"),)),
)

_HEAD = """# Screens

Every screen, drawn from the running program over the demo's people by `make screenshots`.
"""


def page(shots: tuple[Shot, ...] = SHOTS) -> str:
    """Return the text of docs/screens.md."""
    parts = [_HEAD]
    for shot in shots:
        parts.append(f"\n## {shot.about}\n")
        parts += [f"\n![{shot.about}](screens/{file_of(shot, size)})\n" for size in shot.sizes]
    return "".join(parts)


def file_of(shot: Shot, size: tuple[int, int]) -> str:
    """Return the file name of a picture in one size."""
    return f"{shot.name}-{size[0]}x{size[1]}.svg"


async def draw(folder: Path) -> None:
    """Draw every picture into `folder`/screens, and write the page, `folder`/screens.md."""
    async with demo() as location:
        for shot in SHOTS:
            for size in shot.sizes:
                async with program(location, size) as pilot:
                    await _go(pilot, shot.steps)
                    picture = pilot.app.export_screenshot(title="contacts-tui", simplify=True)
                (folder / "screens").mkdir(parents=True, exist_ok=True)
                (folder / "screens" / file_of(shot, size)).write_text(picture, encoding="utf-8")
    (folder / "screens.md").write_text(page(), encoding="utf-8")


async def _go(pilot: Pilot[None], steps: tuple[tuple[str, str], ...]) -> None:
    """Press keys, and wait after each group for its words."""
    for keys, words in steps:
        for key in keys.split(" "):
            typed = [key] if not key.startswith("=") else list(key[1:].replace("_", " "))
            await pilot.press(*(_NAMES.get(each, each) if key != each else each for each in typed))
        await shown(pilot, words)


if __name__ == "__main__":
    in_utc()
    asyncio.run(draw(Path(sys.argv[1] if len(sys.argv) > 1 else "docs")))
