"""Why a channel is closed, in words, with the link that lets a person write first."""

from contacts_tui.commands import keys_of
from contacts_tui.domain.reachability import ChannelState
from contacts_tui.domain.text import begun, one_line


def why_closed(state: ChannelState) -> str:
    """Return why a channel is closed and what would open it, with the link to share where there is one."""
    sentences = begun(one_line(state.why_closed))
    return sentences if state.link else f"{sentences}."


def why_closed_by_key(state: ChannelState) -> str:
    """Return `why_closed`, with the key that copies the link where there is one."""
    return f"{why_closed(state)} ({keys_of('contact.copy_link')} copies it)" if state.link else why_closed(state)
