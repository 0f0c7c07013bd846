"""`contacts-tui doctor`: checks whether everything works, and says what to do where it doesn't."""

from contacts_tui.cli.declare import Json, command
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.output import say, say_json
from contacts_tui.config import Config
from contacts_tui.domain.clock import utc_now
from contacts_tui.services import doctor
from contacts_tui.services.doctor import Verdict

_MARKS = {Verdict.OK: "ok       ", Verdict.ATTENTION: "attention", Verdict.FAILED: "FAILED   "}


@command("contacts-tui doctor")
def run(config: Config, as_json: Json = False) -> Exit:
    """Print each finding on a line, with its remedy on the next. Exit with 1 when a check fails."""
    found = []
    for finding in doctor.examine(config.database, utc_now):
        found.append(finding)
        if not as_json:
            say(f"{_MARKS[finding.verdict]}  {finding.about}: {finding.said}")
            if finding.remedy:
                say(f"{' ' * 11}→ {finding.remedy}")
    failed = sum(finding.verdict is Verdict.FAILED for finding in found)
    if as_json:
        say_json({"ok": not failed, "findings": found})
    elif failed:
        say(f"{failed} of {len(found)} checks failed.")
    else:
        say("All checks passed.")
    return Exit.FAILED if failed else Exit.DONE
