"""A conversation with a number that nobody has, in a terminal: four keys beside the number and the text at most."""

from contacts_tui.services import people
from tests.e2e.shop import Shop

NUMBER = "+4915123456789"


def test_complaint_14_a_chat_with_a_new_number_is_begun_by_three_keys(shop: Shop) -> None:
    with shop.program(environment={"CONTACTS_TUI_AGENT": "Kim"}) as kim:
        kim.wait_for("12 people")
        keys = ["/", "enter", "enter"]
        kim.press(keys.pop(0))
        kim.type(NUMBER)
        kim.wait_for("+49 1512 3456789 isn't known")
        kim.press(keys.pop(0))
        kim.wait_for("SMS · from Shop", "added.")
        kim.type("Your parcel is here")
        kim.wait_for("Your parcel is here")
        kim.press(keys.pop(0))
        kim.wait_for("Your parcel is here", "queued")
    (found,) = shop.store.call_read(people.search, NUMBER, 5).ids
    assert [message.body for message in shop.thread(found)] == ["Your parcel is here"]
