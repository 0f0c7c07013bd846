"""The link that lets a person write first."""

from contacts_tui.commands import keys_of
from contacts_tui.domain.reachability import ChannelState
from contacts_tui.domain.text import one_line


def way_out(state: ChannelState) -> str:
    """What would open a closed channel, with the link to share where there is one."""
    remedy = one_line(state.remedy)
    return f"{remedy}: {one_line(state.link)}" if state.link else remedy


def way_out_by_key(state: ChannelState) -> str:
    """The same where a key copies the link."""
    return f"{way_out(state)} ({keys_of('contact.copy_link')} copies it)" if state.link else way_out(state)
