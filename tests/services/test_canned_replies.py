"""Canned replies: shared ones and one's own."""

import pytest

from contacts_tui.domain.canned_reply import CannedReply
from contacts_tui.services import canned_replies
from contacts_tui.services.errors import BadInput, NotFound
from tests.services.world import World


def save(world: World, name: str, text: str, author: str = "") -> CannedReply:
    return world.store.call(canned_replies.save, "Kim", CannedReply(name, text, author))


def names(world: World, agent: str) -> list[tuple[str, str]]:
    return [(reply.name, reply.author) for reply in world.store.call_read(canned_replies.listed, agent)]


def test_everybody_has_the_shared_ones_and_only_i_have_mine(world: World) -> None:
    save(world, "ready", "Your order is ready.")
    save(world, "ready", "Ready!", "Kim")
    save(world, "late", "Sorry.", "Noor")
    assert names(world, "Kim") == [("ready", ""), ("ready", "Kim")]
    assert names(world, "Noor") == [("late", "Noor"), ("ready", "")]
    assert world.store.call_read(canned_replies.named, "Kim", "READY").text == "Ready!"
    assert world.store.call_read(canned_replies.named, "Noor", "ready").text == "Your order is ready."


def test_saving_again_replaces_and_removing_takes_mine_first(world: World) -> None:
    save(world, " ready ", "one")
    save(world, "ready", "two")
    save(world, "ready", "mine", "Kim")
    assert world.store.call(canned_replies.remove, "Kim", "ready").text == "mine"
    assert world.store.call(canned_replies.remove, "Kim", "ready").text == "two"
    with pytest.raises(NotFound, match="there is no canned reply “ready”"):
        world.store.call(canned_replies.remove, "Kim", "ready")


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("", "text", "can't be named so"),
        ("a", " \u200b", "needs a text"),
        ("a", "x" * 4097, "at most 4,096 characters"),
        ("a", "Hi {{frist name}}", "{{frist name}} is never filled in: there are {{name}}"),
    ],
)
def test_what_is_wrong_with_a_reply_is_said(world: World, name: str, text: str, sentence: str) -> None:
    with pytest.raises(BadInput) as raised:
        save(world, name, text)
    assert sentence in str(raised.value)
    assert names(world, "Kim") == []
