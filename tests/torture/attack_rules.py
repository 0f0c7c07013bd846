"""What has to hold after an attack beside the comparison of the two records. Pure: sentences, none when all is well."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tests.torture.books import Answered, Key, Ours, Replaced, Theirs
from tests.torture.consent import Complaints

FOR_NOW = (503, 408)
"""Answers that refuse a webhook and acknowledge nothing: not stored, and a body that stood still on its way."""


@dataclass(frozen=True, slots=True)
class Attacked:
    """What came of an attack that neither record tells."""

    strangers: Sequence[Answered] = ()
    """Requests that nobody may send, and what they were answered."""
    replaced: Sequence[Replaced] = ()
    """Files that were put aside."""
    checks: Sequence[tuple[Path, int, str]] = ()
    """What `store check` ended with and said in the end, of the store and of each file that was put aside."""


def judge(ours: Ours, theirs: Theirs, attacked: Attacked) -> list[str]:
    """Everything that was taken from a stranger, refused for good, lost with a file, or left unsound."""
    rules: tuple[Iterator[str], ...] = (
        nothing_is_taken_from_strangers(attacked),
        nothing_true_is_refused_for_good(theirs),
        nothing_is_lost_with_a_file(ours, theirs, attacked),
        stores_are_sound(attacked),
    )
    return [complaint for rule in rules for complaint in rule]


def nothing_is_taken_from_strangers(attacked: Attacked) -> Complaints:
    """What is signed badly, or meant for others, is refused: and no stranger makes a receiver fail."""
    for one in attacked.strangers:
        if one.answer is not None and one.answer < 400:
            yield f"taken from a stranger with {one.answer}: {one.what}"
        elif one.answer is not None and one.answer >= 500 and one.answer not in FOR_NOW:
            yield f"a stranger made it fail with {one.answer}: {one.what}"


def nothing_true_is_refused_for_good(theirs: Theirs) -> Complaints:
    """What a provider calls is taken, or not stored now; a provider that is told that it is wrong never comes again."""
    for post in theirs.posts:
        if post.answer is not None and post.answer // 100 != 2 and post.answer not in FOR_NOW:
            yield f"a provider's own webhook was answered with {post.answer}: {post.what}"


def nothing_is_lost_with_a_file(ours: Ours, theirs: Theirs, attacked: Attacked) -> Complaints:
    """What we had said yes to is in the file that was in place then; all that we ever said yes to is in one of them."""
    names = {entry.key: entry for entry in theirs.written}
    before: frozenset[Key] = frozenset()
    for one in attacked.replaced:
        # What an earlier file took with it was not in this one when it was put in its place.
        for key in sorted(one.acknowledged - one.heard - before):
            yield f"lost from {one.path.name}, which was in place when we said yes: {names[key].body!r} ({key[0]})"
        before |= one.heard
    somewhere = {heard.key for heard in ours.heard}.union(*(one.heard for one in attacked.replaced))
    for entry in theirs.written:
        if attacked.replaced and entry.acknowledged and entry.key not in somewhere:
            yield f"lost in every file: {entry.body!r} of {entry.from_} ({entry.channel}), to which we said yes"


def stores_are_sound(attacked: Attacked) -> Complaints:
    """`store check` finds nothing."""
    for path, code, said in attacked.checks:
        if code:
            yield f"`store check` of {path.name} ended with {code}: {said}"


def without_what_was_put_aside(ours: Ours, theirs: Theirs, replaced: Sequence[Replaced]) -> Theirs:
    """The provider's record as the file that is in place now has to have it.

    What only a file that was put aside has, is not there any more, as after the return of any backup.
    """
    there = {heard.key for heard in ours.heard}
    aside = frozenset[Key]().union(*(one.heard for one in replaced)) - there
    written = [replace(entry, acknowledged=entry.acknowledged and entry.key not in aside) for entry in theirs.written]
    return replace(theirs, written=written)
