"""Whom a row means: known by number, email or name, never by a guess, within a file and across imports."""

from pathlib import Path

import pytest

from contacts_tui.domain.channel import Channel
from contacts_tui.domain.contact import ContactChange, NewContact
from contacts_tui.services import duplicates
from contacts_tui.services.contacts_import import BATCH, ImportResult
from contacts_tui.store import contacts
from tests.services.test_contacts_import import addresses, bring, everyone, find, rows_of
from tests.services.world import ANN, World

NUMBER, OTHER = "+12025550142", "+12025550143"


@pytest.mark.parametrize("second", ["Phone", "phone_number", "Handy", "Tél."])
def test_one_person_under_two_headings_is_one(world: World, second: str) -> None:
    assert bring(world, f"Name,Mobile\nAnn Example,{NUMBER}\n") == ImportResult(added=1)
    assert bring(world, f"Name,{second}\nAnn Example,{NUMBER}\n") == ImportResult(unchanged=1)
    assert everyone(world) == 1


def test_somebody_of_whom_only_the_name_was_known_gets_the_number(world: World) -> None:
    bring(world, "Name,Company\nAnn Example,Acme\n")
    assert bring(world, f"Name,Mobile\nAnn Example,{NUMBER}\n") == ImportResult(updated=1)
    assert everyone(world) == 1
    assert addresses(world, find(world, "ann example"))[0] == (Channel.SMS, NUMBER)
    assert bring(world, f"Name,Mobile\nAnn Example,{NUMBER}\n") == ImportResult(unchanged=1)


def test_a_name_alone_says_nothing_where_it_could_be_two(world: World) -> None:
    bring(world, "name,company\nAnn Example,Acme\n")
    assert bring(world, f"name,phone,company\nAnn Example,{NUMBER},Other Ltd\n") == ImportResult(added=1)
    bring(world, "name,company\nBea Example,One\nBea Example,Two\n")
    assert bring(world, f"name,phone\nBea Example,{OTHER}\n") == ImportResult(added=1)
    assert everyone(world) == 5


def test_two_of_one_name_and_other_numbers_are_two(world: World) -> None:
    assert bring(world, f"name,phone\nAnn Example,{NUMBER}\nAnn Example,{OTHER}\n") == ImportResult(added=2)
    result, problems = rows_of(world, "name,phone\nAnn Example,\n")
    assert (result.refused, everyone(world)) == (1, 2)
    assert problems[0].reason == "it matches 2 people, Ann Example and Ann Example: merge them first"


def test_an_email_and_the_name_are_somebody_known(world: World) -> None:
    bring(world, "name,email\nAnn Example,ann@x.example\n")
    assert bring(world, f"name,email,phone\nANN EXAMPLE,Ann@X.example,{NUMBER}\n") == ImportResult(updated=1)
    assert bring(world, "name,email\nBea Example,ann@x.example\n") == ImportResult(added=1)
    assert everyone(world) == 2


def test_somebody_known_by_an_email_alone_gets_the_name(world: World) -> None:
    bring(world, "name,email\n,ann@x.example\n")
    assert bring(world, "name,email\nAnn Example,ann@x.example\n") == ImportResult(updated=1)
    assert find(world, "ann@x.example").name == "Ann Example"
    assert bring(world, "name,email\n,ann@x.example\n") == ImportResult(unchanged=1)


def test_a_number_and_an_email_of_somebody_of_another_name_make_no_second_person(world: World) -> None:
    world.store.call(contacts.update, world.person("Ann Lee", ANN), ContactChange(emails=("ann@x.example",)))
    result, problems = rows_of(world, f"name,phone,phone2,email\nAnn Example,{ANN},{OTHER},ann@x.example\n")
    assert (result.refused, everyone(world)) == (1, 1)
    assert problems[0].reason.endswith("belongs to Ann Lee already")


def test_numbers_of_two_people_of_the_name_merge_nobody(world: World) -> None:
    bring(world, f"name,phone\nAnn Example,{NUMBER}\nAnn Example,{OTHER}\n")
    result, problems = rows_of(world, f"name,phone,phone2\nAnn Example,{NUMBER},{OTHER}\n")
    assert result == ImportResult(refused=1)
    assert problems[0].reason == "its numbers belong to 2 people, Ann Example and Ann Example: merge them first"


def test_somebody_is_known_across_batches(world: World) -> None:
    crowd = "".join(f"Person {number},+1212{2000000 + number}\n" for number in range(BATCH))
    text = f"name,phone\nAnn Example,{NUMBER}\nBare One,\n{crowd}Ann Example,{NUMBER}\nBare One,{OTHER}\n"
    assert bring(world, text) == ImportResult(added=BATCH + 2, unchanged=1, updated=1)
    assert everyone(world) == BATCH + 2


def test_two_of_one_name_are_suggested_when_one_has_nothing_else(world: World) -> None:
    bare = world.store.call(contacts.insert, NewContact(name="Ann Example"))
    known = world.person("ann example", ANN)
    (pair,) = world.store.call_read(duplicates.suggestions)
    assert (pair.contact.id, pair.other.id) == (bare.id, known)
    assert pair.reason == "same name, and one has no number and no email"
    for one, other in ((bare.id, known), (known, bare.id)):
        (suggested,) = world.store.call_read(duplicates.suggested_for, one)
        assert suggested.other.id == other
    world.store.call(duplicates.dismiss, bare.id, known, author="Kim")
    assert world.store.call_read(duplicates.suggestions) == ()
    assert world.store.call_read(duplicates.suggested_for, known) == ()


def test_two_of_one_name_with_numbers_of_their_own_are_not_suggested(world: World) -> None:
    bring(world, f"name,phone\nAnn Example,{NUMBER}\nAnn Example,{OTHER}\n")
    assert world.store.call_read(duplicates.suggestions) == ()


def test_a_name_that_many_have_suggests_nothing(world: World) -> None:
    for _ in range(7):
        world.store.call(contacts.insert, NewContact(name="Ann Example"))
    assert world.store.call_read(duplicates.suggestions) == ()


def test_an_import_that_is_repeated_changes_nothing(world: World) -> None:
    for path in sorted(Path(__file__).with_name("exports").glob("*.csv")):
        if path.stem == "google_old":
            text = path.read_text(encoding="utf-8")
            assert bring(world, text).added == 1
            assert bring(world, text) == ImportResult(unchanged=1)
