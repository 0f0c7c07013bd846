"""The text of standard input."""

from contacts_tui.services.errors import BadInput
from contacts_tui.text_files import UnreadableText, decoded, standard_input


def text_of_stdin() -> str:
    """Return the text of standard input, without line breaks at its end. Raise BadInput for what is no text."""
    try:
        return decoded(standard_input().read()).rstrip("\r\n")
    except UnreadableText as error:
        raise BadInput(f"standard input: {error.sentence}") from error
