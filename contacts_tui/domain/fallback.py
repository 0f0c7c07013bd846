"""What else can be done with a message that failed: the person's other channels, and the text made to fit them."""

from collections.abc import Iterable
from dataclasses import dataclass

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.reachability import HUMAN_AGENT, ChannelState, Reach
from contacts_tui.domain.segments import TEXT_LIMITS, measure, over_limit

WITHOUT_FILES = "without its files"
"""What is left behind: another channel takes other files, so they are attached there anew."""

SIGN = "…"
"""Stands at the end of a text that was shortened."""

_ORDER = (
    (Reach.OPEN, Channel.TELEGRAM),
    (Reach.OPEN, Channel.MESSENGER),
    (Reach.OPEN, Channel.WHATSAPP),
    (Reach.OPEN, Channel.SMS),
    (Reach.TAGGED, Channel.MESSENGER),
    (Reach.TEMPLATE, Channel.WHATSAPP),
)
"""The cheapest open channel first: Telegram and Messenger cost nothing, WhatsApp inside its window little, an SMS by
the segment. What takes an extra step, a tag or a paid template, comes after what takes the text as it is."""


@dataclass(frozen=True, slots=True)
class Refit:
    """A text as a channel takes it."""

    text: str
    note: str
    """What it costs or what was done to it: "2 segments", "shortened from 3,120 to 1,600 characters"; may be empty."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Another way to say it."""

    channel: Channel
    reach: Reach
    refit: Refit

    @property
    def words(self) -> str:
        """For a line of its own: "write on WhatsApp instead, template needed"."""
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
        """The offer for a channel, or None; without a channel the best one."""
        return next((offer for offer in self.offers if channel in (None, offer.channel)), None)


def fallback(
    failed: ChannelState, text: str, states: Iterable[ChannelState], *, was_template: bool, had_files: bool = False
) -> Fallback:
    """The ways on after a message failed by the route of the state `failed`; `states` are those of all channels.

    The same route is a way on only where it wants a template now that a text was refused.
    """
    others = [state for state in states if _is_another_way(state, failed, was_template)]
    usable = [state for state in others if state.reach is not Reach.CLOSED]
    usable.sort(key=lambda state: _ORDER.index((state.reach, state.channel)))
    refits = [refit(state.channel, state.reach, text) for state in usable]
    if had_files:
        refits = [Refit(fit.text, ", ".join(part for part in (fit.note, WITHOUT_FILES) if part)) for fit in refits]
    offers = tuple(Offer(state.channel, state.reach, fit) for state, fit in zip(usable, refits, strict=True))
    closed = "; ".join(f"{state.channel.label}: {state.reason or state.words}" for state in others)
    return Fallback(offers, "" if offers else closed)


def refit(channel: Channel, reach: Reach, text: str) -> Refit:
    """A text made to fit a channel. It is never shortened without saying so."""
    if reach is Reach.TEMPLATE:
        return Refit(text, "")
    if not over_limit(channel, text):
        segments = measure(text).segments if channel is Channel.SMS else 1
        return Refit(text, f"{segments} segments" if segments > 1 else "")
    limit = TEXT_LIMITS[channel]
    kept = text[: limit - len(SIGN)]
    whole_words = kept[: max(kept.rfind(" "), kept.rfind("\n"))] if not text[len(kept)].isspace() else kept
    # A text without blanks near its end is cut in a word rather than by half.
    kept = (whole_words if len(whole_words) > limit * 0.9 else kept).rstrip()
    return Refit(kept + SIGN, f"shortened from {len(text):,} to {len(kept) + len(SIGN):,} characters")


def _is_another_way(state: ChannelState, failed: ChannelState, was_template: bool) -> bool:
    if (state.identity_id, state.inbox_id) != (failed.identity_id, failed.inbox_id):
        return True
    return state.reach is Reach.TEMPLATE and not was_template
