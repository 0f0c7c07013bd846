"""Which agents are with a person, in words."""

from contacts_tui.domain.presence import Presence, listed_words, sentences, with_person, writers

ANN, BEN = 1, 2
NOOR = Presence("a", "Noor", ANN, is_writing=True)
AMIR = Presence("b", "amir", ANN, is_writing=False)
KIM = Presence("c", "Kim", ANN, is_writing=False)
AT_BEN = Presence("d", "Noor", BEN, is_writing=False)
ALL = (AMIR, AT_BEN, KIM, NOOR)


def test_those_with_a_person_come_with_the_writers_first() -> None:
    assert with_person(ALL, ANN) == (NOOR, AMIR, KIM)
    assert with_person(ALL, None) == ()


def test_an_agent_in_two_terminals_is_one_who_writes_if_they_write_in_any() -> None:
    twice = Presence("e", "Noor", ANN, is_writing=False)
    assert with_person((twice, NOOR), ANN) == (NOOR,)


def test_the_words_name_everybody_and_the_reader_is_you() -> None:
    here = with_person(ALL, ANN)
    assert listed_words(here, "Kim") == "Noor, writing; amir; you, elsewhere"
    assert sentences(here, "Kim", "Ann Lee") == (
        "Noor is writing to Ann Lee. amir is looking at Ann Lee. You are looking at Ann Lee in another terminal."
    )


def test_an_agents_name_from_the_store_can_not_break_the_line() -> None:
    here = (Presence("a", "No\nor\x1b[31m", ANN, is_writing=False),)
    for words in (listed_words(here, "Kim"), sentences(here, "Kim", "Ann")):
        assert "\n" not in words and "\x1b" not in words


def test_writers_are_other_agents_who_write() -> None:
    mine = Presence("e", "Kim", ANN, is_writing=True)
    assert writers((*ALL, mine), ANN, "Kim") == (NOOR,)
