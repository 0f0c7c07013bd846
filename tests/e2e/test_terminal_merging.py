"""Two contacts made one and two again by keys at 80×24, while another program has one of them open."""

from contacts_tui.services import merging, views
from tests.e2e.shop import Shop, chosen


def test_a_merge_by_keys_is_undone_by_a_key_and_another_program_follows(shop: Shop) -> None:
    with shop.program() as kim, shop.program() as lee:
        chosen(lee, "Amara Okafor")
        lee.press("j")
        chosen(lee, "Person 001")
        lee.press("enter")
        lee.wait_for("to Person 001 …1001")
        lee.type("half a sentence")
        chosen(kim, "Amara Okafor")
        kim.press("m")
        kim.wait_for("Merge Amara Okafor with …", "No suggestions.")
        kim.type("Person 001")
        kim.wait_for("▸ Person 001")
        kim.press("enter")
        kim.wait_for("Merge  Person 001  into  Amara Okafor", "1 message in 1 thread", "⏎ merge")
        kim.press("enter")
        kim.wait_for("was merged into", "11 people")
        lee.wait_for("you go on with Amara Okafor", "to Amara Okafor …1001", "half a sentence")
        kim.wait_for("u undo")
        kim.press("u")
        kim.wait_for("Undone: Person 001", "12 people")
        lee.wait_for("to Person 001 …1001", "half a sentence")
        kim.press("M")
        kim.wait_for("Person 001 → Amara Okafor", "undone")
        kim.press("escape")
        kim.wait_gone("Person 001 → Amara Okafor")
        kim.press("q")
        kim.wait_for("Quit the program?")
        kim.press("y")
        assert kim.wait_exit() == 0
    (entry,) = shop.store.call_read(merging.journal)
    assert entry.undone_at is not None
    assert shop.store.call_read(views.count, "", "") == 12
