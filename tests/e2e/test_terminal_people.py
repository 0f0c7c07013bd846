"""The list of people worked by keys in a terminal: who waits, actions on one and on many, a filter that is kept."""

from contacts_tui.services import queue, views
from tests.e2e.shop import Shop, chosen


def test_a_queue_is_worked_from_the_list_and_all_of_it_undone(shop: Shop) -> None:
    agent = {"CONTACTS_TUI_VIEW": "", "CONTACTS_TUI_AGENT": "Kim"}
    with shop.program(environment=agent) as kim:
        kim.wait_for("11 people · most urgent first", "Runs out")
        chosen(kim, "Person 010")
        kim.press("z")
        kim.wait_for("Snooze Person 010")
        kim.press("h")
        kim.wait_for("Person 010 snoozed until", "10 people ·")
        chosen(kim, "Person 009")
        kim.press("v", "2", "j")
        kim.wait_for("3 of 10 selected")
        kim.press("e")
        kim.wait_for("Close 3 people?", "All of them wait for an answer.")
        kim.press("y")
        kim.wait_for("3 people closed.", "7 people ·")
        chosen(kim, "Person 006")
        kim.press("a")
        kim.wait_for("Person 006 assigned to Kim.")
        kim.type("/assignee:me")
        kim.wait_for("Matches for “assignee:me”", "1 person")
        kim.press("ctrl+s")
        kim.wait_for("Save as a view")
        kim.type("Of mine")
        kim.press("tab")
        kim.type("O")
        kim.press("enter")
        kim.wait_for("O Of mine")
        assert [view.key for view in shop.store.call_read(views.listed) if view.author == "Kim"] == ["O"]
        for words in (
            "the view “Of mine” is gone",
            "Person 006 assigned to Kim",
            "3 people closed",
            "Person 010 snoozed",
        ):
            kim.press("u")
            kim.wait_for("Undone:", words)
        kim.press("escape")
        kim.wait_for("11 people · most urgent first")
        kim.press("q")
        kim.wait_for("Quit the program?")
        kim.press("y")
        assert kim.wait_exit() == 0
    assert all(entry.undone_at is not None for entry in shop.store.call_read(queue.written, "Kim", 50))
