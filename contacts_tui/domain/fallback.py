"""What else can be done about a message that failed: the person's other channels, and the text split to fit them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.limits import Limits
from contacts_tui.domain.reachability import HUMAN_AGENT, ChannelState, Reach
from contacts_tui.domain.segments import measure
from contacts_tui.domain.text_split import split

WITHOUT_FILES = "without its files"
"""The note of an offer without the message's files: another channel accepts other ones, so attach them there again."""

_ORDER = (
    (Reach.OPEN, Channel.TELEGRAM),
    (Reach.OPEN, Channel.MESSENGER),
    (Reach.OPEN, Channel.WHATSAPP),
    (Reach.OPEN, Channel.SMS),
    (Reach.TAGGED, Channel.MESSENGER),
    (Reach.TEMPLATE, Channel.WHATSAPP),
)
"""The cheapest open channel first: Telegram and Messenger cost nothing, WhatsApp inside its window little, SMS is paid
by the segment. A channel that needs an extra step, a tag or a paid template, comes after those that take free text."""

_COST = {
    Channel.TELEGRAM: "free",
    Channel.MESSENGER: "free",
    Channel.WHATSAPP: "no template fee",
    Channel.SMS: "paid by the segment",
}
"""The cost of each open channel in words, as the reason for that order."""


@dataclass(frozen=True, slots=True)
class Refit:
    """A text in the form that a channel accepts."""

    text: str
    """The whole text."""
    parts: tuple[str, ...]
    """The messages in which it is sent: one, or several when it is too long for the channel."""
    note: str
    """Its cost and number of parts: "2 segments", "in 2 parts, 21 segments"; may be empty."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Another channel for the text of a failed message."""

    channel: Channel
    reach: Reach
    refit: Refit

    @property
    def words(self) -> str:
        """The offer on a line of its own: "write on WhatsApp instead, template needed"."""
        how = {Reach.TEMPLATE: "template needed", Reach.TAGGED: f"only under {HUMAN_AGENT}"}.get(self.reach, "")
        verb = "send an SMS" if self.channel is Channel.SMS else f"write on {self.channel.label}"
        return ", ".join(part for part in (f"{verb} instead", how, self.refit.note) if part)


@dataclass(frozen=True, slots=True)
class Fallback:
    """What can be done about a failed message on the person's other channels."""

    offers: tuple[Offer, ...]
    """The best one first."""
    why_none: str
    """When there is no offer: why each of the other channels can't be used."""

    def on(self, channel: Channel | None) -> Offer | None:
        """Return the offer for a channel, or None; the best offer when no channel is given."""
        return next((offer for offer in self.offers if channel in (None, offer.channel)), None)


def fallback(
    failed: ChannelState, text: str, states: Iterable[ChannelState], *, was_template: bool, had_files: bool = False
) -> Fallback:
    """Return the other ways to send a message that failed by the route of `failed`; `states` are those of all channels.

    The same route is another way only when free text failed and the route needs a template now.
    """
    others = [state for state in states if _is_another_way(state, failed, was_template)]
    usable = by_cost(others)
    refits = [refit(state.channel, state.limits, state.reach, text) for state in usable]
    if had_files:
        refits = [replace(fit, note=", ".join(note for note in (fit.note, WITHOUT_FILES) if note)) for fit in refits]
    offers = tuple(Offer(state.channel, state.reach, fit) for state, fit in zip(usable, refits, strict=True))
    closed = "; ".join(f"{state.channel.label}: {state.reason or state.words}" for state in others)
    return Fallback(offers, "" if offers else closed)


def by_cost(states: Iterable[ChannelState]) -> tuple[ChannelState, ...]:
    """Return the states of usable channels, the cheapest first, and last those whose inbox needs attention."""
    usable = [state for state in states if state.reach is not Reach.CLOSED]
    return tuple(sorted(usable, key=lambda state: (bool(state.caution), _ORDER.index((state.reach, state.channel)))))


def cheapest_open(states: Iterable[ChannelState]) -> ChannelState | None:
    """Return the cheapest channel that takes free text and whose inbox is well; None without one."""
    return next((state for state in by_cost(states) if state.reach is Reach.OPEN and not state.caution), None)


def timeline_reply(states: Iterable[ChannelState]) -> ChannelState | None:
    """Return the channel of an answer to everything that a person wrote, until the agent chooses another one.

    That is the cheapest open channel, else the next best: by a tag or a template. None without any. A channel whose
    address or inbox only an agent can choose doesn't count.
    """
    certain = [state for state in states if not state.must_choose]
    return cheapest_open(certain) or next(iter(by_cost(certain)), None)


def why_cheapest(states: Iterable[ChannelState], channel: Channel) -> str:
    """Return why a channel is the one of `timeline_reply`, "cheapest open: free"; empty for any other."""
    states = tuple(states)
    best = timeline_reply(states)
    if best is None or best.channel is not channel or best.reach is not Reach.OPEN or best.caution:
        return ""
    is_alone = sum(state.reach is Reach.OPEN for state in states) == 1
    return "the only one open" if is_alone else f"cheapest open: {_COST[channel]}"


def refit(channel: Channel, limits: Limits, reach: Reach, text: str) -> Refit:
    """Return a text in the parts that a channel accepts, without losing a word; for a template as one part."""
    if reach is Reach.TEMPLATE:
        return Refit(text, (text,), "")
    parts = split(text, limits.text)
    segments = sum(measure(part).segments for part in parts) if channel is Channel.SMS else 1
    notes = (f"in {len(parts)} parts" if len(parts) > 1 else "", f"{segments} segments" if segments > 1 else "")
    return Refit(text, parts, ", ".join(note for note in notes if note))


def _is_another_way(state: ChannelState, failed: ChannelState, was_template: bool) -> bool:
    if (state.identity_id, state.inbox_id) != (failed.identity_id, failed.inbox_id):
        return True
    return state.reach is Reach.TEMPLATE and not was_template
