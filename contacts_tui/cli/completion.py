"""`contacts-tui completion`: the script by which a shell completes commands."""

from typing import Annotated

from contacts_tui.cli.declare import Argument, command
from contacts_tui.cli.exit import Exit
from contacts_tui.cli.streams import streams


@command("contacts-tui completion bash", only_tells=True)
def run(
    shell: Annotated[
        str,
        Argument(
            'whose; `eval "$(contacts-tui completion bash)"` in ~/.bashrc, or the same with zsh in ~/.zshrc, or '
            "`contacts-tui completion fish | source` in config.fish",
            choices=("bash", "zsh", "fish"),
        ),
    ],
) -> Exit:
    """Print the script. It asks the program itself at each press of Tab, so it is never out of date."""
    from contacts_tui.cli.command_line import completion_script

    streams.write(completion_script(shell))
    return Exit.DONE
