"""The part of docs/configuration.md that is generated from the settings."""

from contacts_tui.commands import BAR, BY_ID
from contacts_tui.commands.key_names import key_word
from contacts_tui.commands.keymap import MOVE, PRESETS
from contacts_tui.commands.movement import KEYS as MOVEMENTS
from contacts_tui.settings import KEYS, PIPES, SETTINGS, TABLES

BEGIN, END = "<!-- made from contacts_tui/settings.py -->\n", "<!-- end of what is made -->\n"

_PIPES = (
    "| *a name of yours* | A command for your shell (`$SHELL`), which reads a thread on its standard input: "
    f"`{key_word(BY_ID['contact.pipe'].usual_keys[0]).replace('|', BAR)}` on a contact offers it by this name. "
    """Such as `short = "llm 'Summarise this in three lines'"`. | none | |\n"""
)


def settings_part() -> str:
    """Return the Markdown of every table of the configuration file with its keys, and of the preset `vim`."""
    parts = []
    for table in TABLES:
        parts.append(f"\n### [{table}]\n\n| key | meaning | default | variable |\n| --- | --- | --- | --- |\n")
        parts += [
            f"| `{setting.name}` | {setting.about} Such as `{setting.example}`. | {setting.default} "
            f"| `{setting.variable}`{f', `{setting.option}`' if setting.option else ''} |\n"
            for setting in SETTINGS
            if setting.table == table
        ]
        if table == KEYS:
            parts.append(_keys())
        if table == PIPES:
            parts.append(_PIPES)
    return "".join(parts)


def _keys() -> str:
    movements = ", ".join(f"`{MOVE}{name}`" for name in MOVEMENTS)
    rows = "".join(
        f"| `{command_id}` | {' '.join(f'`{key_word(key)}`' for key in keys.split(','))} |\n"
        for command_id, keys in PRESETS["vim"].items()
    )
    return (
        '| *id of a command* | Its keys, as [keys.md](keys.md) writes them: one (`"x"`), several (`["x", "f5"]`) '
        "or none (`[]`). | as the preset has it | `CONTACTS_TUI_KEYS` |\n"
        f"\n{movements} stand for that movement on every screen. The preset `vim` changes these keys:\n\n"
        f"| id | keys |\n| --- | --- |\n{rows}"
    )


def with_settings(page: str) -> str:
    """Return a page with the part between BEGIN and END generated anew."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + settings_part() + END + after
