"""The link that lets a person write first, with the key that copies it."""

from contacts_tui.commands import BY_ID
from contacts_tui.domain.reachability import ChannelState
from contacts_tui.domain.text import one_line


def way_out(state: ChannelState) -> str:
    """What would open a closed channel, with the link to share and its key where there is one."""
    remedy = one_line(state.remedy)
    if not state.link:
        return remedy
    return f"{remedy}: {one_line(state.link)} ({BY_ID['contact.copy_link'].key_words[0]} copies it)"
