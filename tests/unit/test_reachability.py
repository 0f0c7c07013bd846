"""Which channels are open, which are not, why, and what would change it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts_tui.domain.channel import Channel, Provider
from contacts_tui.domain.contact import Identity
from contacts_tui.domain.inbox import Inbox
from contacts_tui.domain.reachability import (
    ChannelState,
    Contactability,
    Reach,
    channel_state,
    route_state,
)
from tests.limits import limits_of

NOW = datetime(2026, 11, 17, 14, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
OUR_ADDRESS = {
    Channel.SMS: "+12025550101",
    Channel.WHATSAPP: "+12025550101",
    Channel.TELEGRAM: "@shop_bot",
    Channel.MESSENGER: "1029384756",
}
LINKS = {Channel.TELEGRAM: "https://t.me/shop_bot", Channel.MESSENGER: "https://m.me/1029384756"}
"""Where people can write first to these."""
THEIR_ADDRESS = {
    Channel.SMS: "+2348035550142",
    Channel.WHATSAPP: "+2348035550142",
    Channel.TELEGRAM: "5550142",
    Channel.MESSENGER: "24680",
}


def inbox(channel: Channel, number: int = 1, name: str = "Shop", human_agent: bool = False) -> Inbox:
    return Inbox(
        id=number,
        name=name,
        channel=channel,
        provider=Provider.TWILIO,
        address=OUR_ADDRESS[channel],
        account="AC1",
        secret="env:TOKEN",
        base_url="",
        options={},
        human_agent=human_agent,
        last_inbound_at=None,
        last_outbound_at=None,
    )


def identity(channel: Channel) -> Identity:
    return Identity(
        id=7,
        contact_id=3,
        channel=channel,
        address=THEIR_ADDRESS[channel],
        key=THEIR_ADDRESS[channel],
        inbox_id=None if channel.by_phone else 1,
        profile_name="",
        opted_out_at=None,
        blocked_at=None,
        refusal_code="",
    )


def route(
    channel: Channel,
    wrote: timedelta | None = None,
    *,
    templates: int = 2,
    conversation: int | None = None,
    last_message: timedelta | None = None,
    through: Inbox | None = None,
) -> Contactability:
    """Return a route; `wrote` and `last_message` are how long ago that was."""
    return Contactability(
        identity=identity(channel),
        inbox=through or inbox(channel),
        last_inbound_at=None if wrote is None else NOW - wrote,
        closed_by_provider_at=None,
        approved_templates=templates,
        conversation_id=conversation,
        last_message_at=None if last_message is None else NOW - last_message,
        limits=limits_of(channel),
        link=LINKS.get(channel, ""),
    )


def best(channel: Channel, *routes: Contactability) -> ChannelState:
    return channel_state(
        channel,
        inboxes=[inbox(channel)],
        identities=[each.identity for each in routes],
        routes=routes,
        link=LINKS.get(channel, ""),
        now=NOW,
    )


def opted_out(each: Contactability) -> Contactability:
    return replace(each, identity=replace(each.identity, opted_out_at=NOW - 2 * HOUR))


def blocked(each: Contactability) -> Contactability:
    return replace(each, identity=replace(each.identity, blocked_at=NOW - 2 * HOUR))


def refused(each: Contactability) -> Contactability:
    identity = replace(each.identity, refusal_code="21614")
    return replace(each, identity=identity, refusal="the provider doesn't know them")


def addressed(each: Contactability, address: str) -> Contactability:
    return replace(each, identity=replace(each.identity, address=address))


def test_sms_to_a_number_is_open_without_more_words() -> None:
    state = route_state(route(Channel.SMS), NOW)
    assert (state.reach, state.words, state.reason, state.remedy) == (Reach.OPEN, "open", "", "")
    assert (state.identity_id, state.inbox_id, state.until) == (7, 1, None)


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.WHATSAPP])
def test_what_is_no_number_can_not_be_written_to_first(channel: Channel) -> None:
    state = route_state(addressed(route(channel), "+12345"), NOW)
    assert (state.reach, state.words) == (Reach.CLOSED, "not a valid number")


def test_whoever_wrote_is_answered_at_the_very_address() -> None:
    assert route_state(addressed(route(Channel.SMS, HOUR), "72345"), NOW).reach is Reach.OPEN
    assert route_state(addressed(route(Channel.WHATSAPP, HOUR), "US.1234abc"), NOW).reach is Reach.OPEN
    assert route_state(addressed(route(Channel.SMS, HOUR), "AMAZON"), NOW).words == "not a valid number"


def test_opted_out_says_which_word_to_which_number_undoes_it() -> None:
    state = route_state(opted_out(route(Channel.SMS)), NOW)
    assert (state.reach, state.words) == (Reach.CLOSED, "opted out")
    assert state.reason == "they asked us to stop 2 h ago"
    assert state.remedy == "they must send START to +1 202 555 0101"


def test_opted_out_on_one_channel_leaves_the_other_open() -> None:
    assert route_state(opted_out(route(Channel.SMS)), NOW).reach is Reach.CLOSED
    assert route_state(route(Channel.WHATSAPP, HOUR), NOW).reach is Reach.OPEN


def test_blocked_on_telegram_offers_the_link() -> None:
    state = route_state(blocked(route(Channel.TELEGRAM, HOUR)), NOW)
    assert (state.reach, state.words, state.link) == (Reach.CLOSED, "blocked", "https://t.me/shop_bot")
    assert state.reason == "they blocked our Telegram bot 2 h ago"
    assert state.remedy == "they must unblock Shop or message it"


@pytest.mark.parametrize("channel", [Channel.TELEGRAM, Channel.MESSENGER])
def test_whoever_asked_a_bot_or_page_for_no_more_messages_has_to_write_start(channel: Channel) -> None:
    state = route_state(blocked(opted_out(route(channel, HOUR))), NOW)
    assert (state.reach, state.words) == (Reach.CLOSED, "opted out")
    assert state.reason == "they asked us to stop 2 h ago"
    assert state.remedy == "they must send START to Shop"


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.WHATSAPP])
def test_a_refused_number_names_the_code(channel: Channel) -> None:
    state = route_state(refused(route(channel, HOUR)), NOW)
    assert (state.reach, state.words) == (Reach.CLOSED, "number can't be reached")
    assert "21614" in state.reason


@pytest.mark.parametrize("channel", [Channel.TELEGRAM, Channel.MESSENGER])
def test_a_refused_chat_says_why_and_who_has_to_write(channel: Channel) -> None:
    state = route_state(refused(route(channel, HOUR)), NOW)
    assert (state.reach, state.words) == (Reach.CLOSED, "can't be reached")
    assert (state.reason, state.remedy) == ("the provider doesn't know them", "they must message Shop")
    assert state.link


def test_what_the_person_wants_is_said_before_what_the_number_can_not() -> None:
    assert route_state(refused(opted_out(route(Channel.SMS))), NOW).words == "opted out"


def test_whatsapp_inside_the_window_counts_down() -> None:
    state = route_state(route(Channel.WHATSAPP, 20 * HOUR + timedelta(minutes=46)), NOW)
    assert (state.reach, state.words) == (Reach.OPEN, "3 h 12 m left")
    assert state.until == NOW + timedelta(hours=3, minutes=12)


def test_complaint_5_whatsapp_after_the_window_takes_templates_only() -> None:
    state = route_state(route(Channel.WHATSAPP, 27 * HOUR), NOW)
    assert (state.reach, state.words) == (Reach.TEMPLATE, "template needed")
    assert state.reason == "the window closed 3 h ago"
    assert state.until is None


def test_whatsapp_to_someone_never_spoken_to_needs_a_template() -> None:
    state = route_state(route(Channel.WHATSAPP), NOW)
    assert (state.reach, state.words) == (Reach.TEMPLATE, "template needed")
    assert state.reason == "they never wrote to Shop"


@pytest.mark.parametrize("wrote", [None, 27 * HOUR])
def test_complaint_6_without_an_approved_template_the_way_on_is_said(wrote: timedelta | None) -> None:
    state = route_state(route(Channel.WHATSAPP, wrote, templates=0), NOW)
    assert (state.reach, state.words) == (Reach.CLOSED, "no approved template")
    assert "sync the templates" in state.remedy


def test_whatsapp_believes_the_provider_that_the_window_is_closed() -> None:
    told = replace(route(Channel.WHATSAPP, 2 * HOUR), closed_by_provider_at=NOW - timedelta(minutes=5))
    state = route_state(told, NOW)
    assert (state.words, state.reason) == ("template needed", "WhatsApp said 5 m ago that the window is closed")


def test_complaint_3_the_window_counts_from_the_time_they_wrote_and_not_from_the_last_message() -> None:
    late = route(Channel.WHATSAPP, 25 * HOUR, conversation=4, last_message=timedelta(0))
    assert route_state(late, NOW).reach is Reach.TEMPLATE


def test_telegram_needs_them_to_write_first_and_gives_the_link() -> None:
    state = route_state(route(Channel.TELEGRAM), NOW)
    assert (state.reach, state.words) == (Reach.CLOSED, "never wrote to us")
    assert state.link == "https://t.me/shop_bot"
    assert route_state(route(Channel.TELEGRAM, 400 * HOUR), NOW).words == "open"


def test_messenger_inside_and_after_the_window() -> None:
    assert route_state(route(Channel.MESSENGER), NOW).words == "never wrote to us"
    assert route_state(route(Channel.MESSENGER, HOUR), NOW).words == "22 h 58 m left"
    after = route_state(route(Channel.MESSENGER, 25 * HOUR), NOW)
    assert (after.reach, after.words, after.reason) == (
        Reach.CLOSED,
        "window closed",
        "the window closed 1 h ago",
    )


def test_complaint_10_human_agent_only_with_the_permission_after_24_hours_and_for_7_days() -> None:
    page = inbox(Channel.MESSENGER, human_agent=True)
    assert route_state(route(Channel.MESSENGER, HOUR, through=page), NOW).reach is Reach.OPEN
    tagged = route_state(route(Channel.MESSENGER, 25 * HOUR, through=page), NOW)
    assert (tagged.reach, tagged.words) == (Reach.TAGGED, "human agent tag")
    assert tagged.reason == "7 days: 5 d 22 h left; a person must write it; the window closed 1 h ago"
    assert tagged.until == NOW + timedelta(days=7) - 25 * HOUR - timedelta(minutes=2)
    over = route_state(route(Channel.MESSENGER, timedelta(days=7), through=page), NOW)
    assert (over.reach, over.words) == (Reach.CLOSED, "window closed")
    assert "7 days" in over.reason


def test_a_refusal_of_plain_text_leaves_the_tag_and_a_refusal_of_the_tag_closes_it() -> None:
    page = inbox(Channel.MESSENGER, human_agent=True)
    early = route(Channel.MESSENGER, 20 * HOUR, through=page)
    assert route_state(replace(early, closed_by_provider_at=NOW - HOUR), NOW).reach is Reach.TAGGED
    late = route(Channel.MESSENGER, 30 * HOUR, through=page)
    assert route_state(replace(late, closed_by_provider_at=NOW - HOUR), NOW).reach is Reach.CLOSED


@pytest.mark.parametrize("channel", list(Channel))
def test_without_an_inbox_that_is_said_before_anything_else(channel: Channel) -> None:
    out = opted_out(route(channel)).identity
    for identities in ([], [out]):
        state = channel_state(channel, inboxes=[], identities=identities, routes=[], now=NOW)
        assert (state.reach, state.words) == (Reach.CLOSED, "no inbox connected")


def test_without_an_identity() -> None:
    def state(channel: Channel) -> ChannelState:
        return channel_state(
            channel, inboxes=[inbox(channel)], identities=[], routes=[], link=LINKS.get(channel, ""), now=NOW
        )

    assert state(Channel.SMS).words == state(Channel.WHATSAPP).words == "no number"
    assert state(Channel.TELEGRAM).words == state(Channel.MESSENGER).words == "never wrote to us"
    assert state(Channel.TELEGRAM).link == "https://t.me/shop_bot"
    assert state(Channel.MESSENGER).link == "https://m.me/1029384756"


def test_an_identity_of_an_inbox_that_is_gone() -> None:
    state = channel_state(
        Channel.TELEGRAM,
        inboxes=[inbox(Channel.TELEGRAM)],
        identities=[identity(Channel.TELEGRAM)],
        routes=[],
        link=LINKS[Channel.TELEGRAM],
        now=NOW,
    )
    assert (state.words, state.link) == ("no inbox connected", "https://t.me/shop_bot")


def test_complaint_4_the_conversation_with_the_latest_message_goes_on() -> None:
    older_but_open = route(Channel.WHATSAPP, HOUR, conversation=1, last_message=2 * HOUR)
    latest = route(
        Channel.WHATSAPP,
        30 * HOUR,
        conversation=2,
        last_message=HOUR,
        through=inbox(Channel.WHATSAPP, 2, "Returns"),
    )
    state = best(Channel.WHATSAPP, older_but_open, latest)
    assert (state.conversation_id, state.inbox_id, state.reach) == (2, 2, Reach.TEMPLATE)


def test_a_conversation_is_preferred_to_starting_one() -> None:
    fresh = route(Channel.SMS, through=inbox(Channel.SMS, 2, "Returns"))
    assert best(Channel.SMS, fresh, route(Channel.SMS, conversation=9)).conversation_id == 9


def test_a_dead_route_hides_none_that_works() -> None:
    dead = refused(route(Channel.SMS, HOUR, conversation=1, last_message=HOUR))
    assert best(Channel.SMS, dead, route(Channel.SMS)).reach is Reach.OPEN


def test_without_a_conversation_the_route_that_allows_most() -> None:
    template = route(Channel.WHATSAPP)
    open_one = route(Channel.WHATSAPP, HOUR, through=inbox(Channel.WHATSAPP, 2, "Returns"))
    assert best(Channel.WHATSAPP, template, open_one).inbox_id == 2
    assert best(Channel.WHATSAPP, route(Channel.WHATSAPP, templates=0), template).reach is Reach.TEMPLATE


spans = st.none() | st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=9))


@st.composite
def any_route(draw: st.DrawFn) -> Contactability:
    channel = draw(st.sampled_from(Channel))
    made = route(
        channel,
        draw(spans),
        templates=draw(st.integers(0, 1)),
        through=inbox(channel, human_agent=draw(st.booleans())),
    )
    closed = draw(spans)
    made = replace(made, closed_by_provider_at=None if closed is None else NOW - closed)
    made = addressed(made, draw(st.sampled_from([made.identity.address, "+1", "AMAZON"])))
    made = opted_out(made) if draw(st.booleans()) else made
    made = blocked(made) if draw(st.booleans()) else made
    return refused(made) if draw(st.booleans()) else made


@given(any_route())
def test_no_state_is_a_dead_end_and_none_is_closed_without_a_reason(made: Contactability) -> None:
    state = route_state(made, NOW)
    assert state.words
    assert bool(state.reason) is bool(state.remedy) is (state.reach is not Reach.OPEN)
    if state.until is not None:
        assert state.until > NOW
        assert route_state(made, state.until).reach is not state.reach


@given(any_route())
def test_nobody_who_opted_out_or_was_refused_is_written_to(made: Contactability) -> None:
    if made.identity.opted_out_at or made.identity.blocked_at or made.identity.refusal_code:
        assert route_state(made, NOW).reach is Reach.CLOSED


@pytest.mark.parametrize("channel", Channel)
def test_a_disconnected_inbox_closes_its_threads_and_says_since_when(channel: Channel) -> None:
    there = route(channel, HOUR)
    gone = replace(there, inbox=replace(there.inbox, disconnected_at=NOW - 3 * HOUR))
    state = route_state(gone, NOW)
    assert (state.reach, state.words) == (Reach.CLOSED, "inbox disconnected")
    assert state.reason == "Shop was disconnected 3 h ago"
    assert "reconnect it" in state.remedy
    whole = channel_state(channel, inboxes=[], identities=[gone.identity], routes=[gone], now=NOW)
    assert whole == state


@pytest.mark.parametrize("channel", Channel)
def test_an_inbox_in_trouble_is_told_where_something_may_be_sent(channel: Channel) -> None:
    ailing = replace(route(channel, HOUR), needs_care="the token isn't accepted")
    state = route_state(ailing, NOW)
    assert (state.reach, state.caution) == (Reach.OPEN, "Shop needs attention: the token isn't accepted")
    refusing = replace(ailing, identity=replace(ailing.identity, opted_out_at=NOW))
    assert route_state(refusing, NOW).caution == ""
