"""The theme that an agent chose in the interface, kept in the state folder of this machine."""

import os
from contextlib import suppress
from pathlib import Path

from contacts_tui import paths

_FILE = "themes.json"


def read(agent: str) -> str:
    """Return the theme that this agent chose last; empty without one. A file that can't be read counts as no choice."""
    try:
        return _all(_file()).get(agent, "")
    except (OSError, ValueError, paths.PathError):
        return ""


def keep(agent: str, theme: str) -> Path:
    """Keep a theme for this agent, and return the file. Raise OSError and PathError."""
    # Only needed once a theme is chosen.
    import json
    import tempfile

    file = _file()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    chosen: dict[str, str] = {}
    # A broken or missing file is written anew.
    with suppress(OSError, ValueError):
        chosen = _all(file)
    # Another agent's program may read the file at this moment: it is complete at any time.
    descriptor, written = tempfile.mkstemp(dir=file.parent, prefix=_FILE)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            json.dump(chosen | {agent: theme}, stream, indent=1)
        Path(written).replace(file)
    except OSError:
        Path(written).unlink(missing_ok=True)
        raise
    return file


def _file() -> Path:
    return paths.state_folder() / _FILE


def _all(file: Path) -> dict[str, str]:
    """Return the theme of each agent, by name. Raise OSError and ValueError."""
    text = file.read_bytes()
    # Most agents have no such file, and the first frame mustn't wait for its parser.
    import json

    value = json.loads(text)
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return {name: theme for name, theme in value.items() if isinstance(theme, str)}
