"""One mark, one meaning: each mark on the screen is explained once."""

from collections import Counter

from contacts_tui.domain import delivery
from contacts_tui.domain.channel import Channel
from contacts_tui.domain.delivery import Delivery
from contacts_tui.domain.health import State
from contacts_tui.widgets.help_text import MARKS
from contacts_tui.widgets.merge_table import LEFT, TAKEN
from contacts_tui.widgets.person_line import DRAFT, POINTER, SELECTED


def test_every_mark_is_explained_once() -> None:
    explained = Counter(part for mark, _, _ in MARKS for part in mark.split() if not part.isalnum())
    used = {
        *(delivery.mark(status) for status in Delivery),
        *(state.mark for state in State),
        *(mark.strip() for mark in (TAKEN, LEFT)),
        DRAFT,
        POINTER,
        SELECTED,
    }
    assert used <= set(explained)
    assert max(explained.values()) == 1
    channels = next(mark for mark, _, _ in MARKS if Channel.SMS.mark in mark.split())
    assert channels.split() == [channel.mark for channel in Channel]
