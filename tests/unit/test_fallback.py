"""Another channel for a message that failed, and the text adapted to it."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.fallback import by_cost, cheapest_open, fallback, refit
from contacts_tui.domain.reachability import ChannelState, Reach
from tests.limits import limits_of


def state(channel: Channel, reach: Reach, place: int = 1, reason: str = "") -> ChannelState:
    return ChannelState(channel, reach, "words", reason, "", None, place, place, None, "", limits=limits_of(channel))


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


def test_an_inbox_that_needs_care_comes_last_and_is_no_open_channel() -> None:
    ailing = replace(state(Channel.TELEGRAM, Reach.OPEN), caution="Bot needs attention")
    sms, template = state(Channel.SMS, Reach.OPEN, 2), state(Channel.WHATSAPP, Reach.TEMPLATE, 3)
    closed = state(Channel.MESSENGER, Reach.CLOSED, 4)
    assert by_cost([sms, template, ailing, closed]) == (sms, template, ailing)
    assert cheapest_open([ailing, template, sms]) is sms
    assert cheapest_open([ailing, template, closed]) is None


def test_the_same_way_is_offered_only_where_it_wants_a_template_now() -> None:
    same = state(Channel.WHATSAPP, Reach.TEMPLATE)
    assert fallback(same, "hello", [same], was_template=False).offers[0].reach is Reach.TEMPLATE
    assert not fallback(same, "hello", [same], was_template=True).offers
    still_open = state(Channel.WHATSAPP, Reach.OPEN)
    assert not fallback(still_open, "hello", [still_open], was_template=False).offers


def test_without_an_offer_it_is_said_why() -> None:
    states = [FAILED, state(Channel.TELEGRAM, Reach.CLOSED, 2, "they have never messaged the bot")]
    found = fallback(FAILED, "hello", states, was_template=False)
    assert not found.offers
    assert found.why_none == "Telegram: they have never messaged the bot"


def test_files_that_stay_behind_are_told() -> None:
    states = [state(Channel.TELEGRAM, Reach.OPEN)]
    (offer,) = fallback(FAILED, "hello", states, was_template=False, had_files=True).offers
    assert offer.words == "write on Telegram instead, without its files"


def test_segments_are_told() -> None:
    assert refit(Channel.SMS, limits_of(Channel.SMS), Reach.OPEN, "a" * 161).note == "2 segments"
    assert refit(Channel.WHATSAPP, limits_of(Channel.WHATSAPP), Reach.OPEN, "a" * 161).note == ""


def test_a_text_over_the_limit_goes_in_parts_with_every_word() -> None:
    text = "one two three four " * 100
    found = refit(Channel.SMS, limits_of(Channel.SMS), Reach.OPEN, text)
    assert (found.text, len(found.parts)) == (text, 2)
    assert " ".join(found.parts).split() == text.split()
    assert found.note == "in 2 parts, 13 segments"
    assert refit(Channel.WHATSAPP, limits_of(Channel.WHATSAPP), Reach.OPEN, text).note == "in 2 parts"
    assert refit(Channel.WHATSAPP, limits_of(Channel.WHATSAPP), Reach.TEMPLATE, text).parts == (text,)


@given(st.text(min_size=1500, max_size=5000), st.sampled_from(Channel))
def test_whatever_the_text_each_part_fits(text: str, channel: Channel) -> None:
    found = refit(channel, limits_of(channel), Reach.OPEN, text)
    assert all(len(part) <= limits_of(channel).text for part in found.parts)
    assert "".join("".join(found.parts).split()) == "".join(text.split())
