"""Another channel for a message that failed, and the text made to fit it."""

from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.fallback import SIGN, fallback, refit
from contacts_tui.domain.reachability import ChannelState, Reach
from contacts_tui.domain.segments import TEXT_LIMITS


def state(channel: Channel, reach: Reach, place: int = 1, reason: str = "") -> ChannelState:
    return ChannelState(channel, reach, "words", reason, "", None, place, place, None, "")


FAILED = state(Channel.SMS, Reach.OPEN, 9)


def test_the_cheapest_open_channel_comes_first_and_a_template_last() -> None:
    states = [
        state(Channel.SMS, Reach.OPEN, 1),
        state(Channel.WHATSAPP, Reach.TEMPLATE, 2),
        state(Channel.TELEGRAM, Reach.OPEN, 3),
        state(Channel.MESSENGER, Reach.TAGGED, 4),
    ]
    offers = fallback(FAILED, "hello", states, was_template=False).offers
    assert [offer.channel for offer in offers] == [
        Channel.TELEGRAM,
        Channel.SMS,
        Channel.MESSENGER,
        Channel.WHATSAPP,
    ]
    assert offers[-1].words == "write on WhatsApp instead, template needed"
    assert offers[1].words == "send an SMS instead"


def test_the_same_way_is_offered_only_where_it_wants_a_template_now() -> None:
    same = state(Channel.WHATSAPP, Reach.TEMPLATE)
    assert fallback(same, "hello", [same], was_template=False).offers[0].reach is Reach.TEMPLATE
    assert not fallback(same, "hello", [same], was_template=True).offers
    still_open = state(Channel.WHATSAPP, Reach.OPEN)
    assert not fallback(still_open, "hello", [still_open], was_template=False).offers


def test_without_an_offer_it_is_said_why() -> None:
    states = [FAILED, state(Channel.TELEGRAM, Reach.CLOSED, 2, "they never wrote to the bot")]
    found = fallback(FAILED, "hello", states, was_template=False)
    assert not found.offers
    assert found.why_none == "Telegram: they never wrote to the bot"


def test_files_that_stay_behind_are_told() -> None:
    states = [state(Channel.TELEGRAM, Reach.OPEN)]
    (offer,) = fallback(FAILED, "hello", states, was_template=False, had_files=True).offers
    assert offer.words == "write on Telegram instead, without its files"


def test_segments_are_told() -> None:
    assert refit(Channel.SMS, Reach.OPEN, "a" * 161).note == "2 segments"
    assert refit(Channel.WHATSAPP, Reach.OPEN, "a" * 161).note == ""


def test_a_text_over_the_limit_is_shortened_at_a_word_and_that_is_said() -> None:
    text = "one two three four " * 100
    found = refit(Channel.SMS, Reach.OPEN, text)
    assert len(found.text) <= 1600
    assert found.text.endswith(SIGN)
    assert text.startswith(found.text.removesuffix(SIGN) + " ")
    assert found.note.startswith("shortened from 1,900 to 1,")


@given(st.text(min_size=1500, max_size=5000), st.sampled_from(Channel))
def test_whatever_the_text_it_fits_and_nothing_is_lost_silently(text: str, channel: Channel) -> None:
    found = refit(channel, Reach.OPEN, text)
    assert len(found.text) <= TEXT_LIMITS[channel]
    assert found.text == text or (found.text.endswith(SIGN) and found.note.startswith("shortened"))
