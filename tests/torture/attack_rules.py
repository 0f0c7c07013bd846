"""What has to hold after an attack besides the agreement of the two records. Pure: sentences, none when all is well."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from tests.torture.books import Answered, Key, Ours, Replaced, Theirs
from tests.torture.consent import Complaints

FOR_NOW = (503, 408)
"""Statuses that acknowledge nothing: the webhook couldn't be stored (503), or its body stopped midway (408)."""


@dataclass(frozen=True, slots=True)
class Attacked:
    """What is known of an attack beyond the two records."""

    strangers: Sequence[Answered] = ()
    """Requests that must be refused, and how they were answered."""
    replaced: Sequence[Replaced] = ()
    """Files that were replaced."""
    checks: Sequence[tuple[Path, int, str]] = ()
    """For the store and each file that was replaced: its path, and the exit status and output of `store check`."""


def judge(ours: Ours, theirs: Theirs, attacked: Attacked) -> list[str]:
    """Return complaints about what was accepted from a stranger, refused for good, lost with a file, or damaged."""
    rules: tuple[Iterator[str], ...] = (
        nothing_is_taken_from_strangers(attacked),
        nothing_true_is_refused_for_good(theirs),
        nothing_is_lost_with_a_file(ours, theirs, attacked),
        stores_are_sound(attacked),
    )
    return [complaint for rule in rules for complaint in rule]


def nothing_is_taken_from_strangers(attacked: Attacked) -> Complaints:
    """Yield complaints unless forged and misdirected requests were refused without making a receiver fail."""
    for one in attacked.strangers:
        if one.answer is not None and one.answer < 400:
            yield f"taken from a stranger with {one.answer}: {one.what}"
        elif one.answer is not None and one.answer >= 500 and one.answer not in FOR_NOW:
            yield f"a stranger made it fail with {one.answer}: {one.what}"


def nothing_true_is_refused_for_good(theirs: Theirs) -> Complaints:
    """Yield complaints unless each webhook was accepted or refused for now: one called wrong is never repeated."""
    for post in theirs.posts:
        if post.answer is not None and post.answer // 100 != 2 and post.answer not in FOR_NOW:
            yield f"a provider's own webhook was answered with {post.answer}: {post.what}"


def nothing_is_lost_with_a_file(ours: Ours, theirs: Theirs, attacked: Attacked) -> Complaints:
    """Yield complaints unless what we had acknowledged is in the file in place then, and all of it in some file."""
    names = {entry.key: entry for entry in theirs.written}
    before: frozenset[Key] = frozenset()
    for one in attacked.replaced:
        # What an earlier file took with it wasn't in this file when it was put in place.
        for key in sorted(one.acknowledged - one.heard - before):
            yield f"lost from {one.path.name}, which was in place when we said yes: {names[key].body!r} ({key[0]})"
        before |= one.heard
    somewhere = {heard.key for heard in ours.heard}.union(*(one.heard for one in attacked.replaced))
    for entry in theirs.written:
        if attacked.replaced and entry.acknowledged and entry.key not in somewhere:
            yield f"lost in every file: {entry.body!r} of {entry.from_} ({entry.channel}), to which we said yes"


def stores_are_sound(attacked: Attacked) -> Complaints:
    """Yield complaints unless `store check` found nothing."""
    for path, code, said in attacked.checks:
        if code:
            yield f"`store check` of {path.name} ended with {code}: {said}"


def without_what_was_put_aside(ours: Ours, theirs: Theirs, replaced: Sequence[Replaced]) -> Theirs:
    """Return the provider's record as the file that is in place now has to have it.

    A message that only a replaced file has counts as not acknowledged, as after a return to any backup.
    """
    there = {heard.key for heard in ours.heard}
    aside = frozenset[Key]().union(*(one.heard for one in replaced)) - there
    written = [replace(entry, acknowledged=entry.acknowledged and entry.key not in aside) for entry in theirs.written]
    return replace(theirs, written=written)
