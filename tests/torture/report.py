"""The outcome of a run, in numbers and sentences."""

from collections import Counter
from dataclasses import dataclass, field

from contacts_tui.channels import local_errors
from contacts_tui.domain.opt_out import OptWord
from tests.torture import books, consent
from tests.torture.attack_rules import Attacked

COMPLAINTS_SHOWN = 20
"""How many complaints are printed; all are in the folder of the run."""

_BROKEN = ("timeout", "dropped", "server_error", "interrupted", "unreadable")
"""Codes of attempts that broke in a way that leaves doubt."""


@dataclass(slots=True)
class Outcome:
    """The outcome of a run."""

    counts: Counter[str] = field(default_factory=Counter)
    """How often each thing happened, by its name."""
    complaints: list[str] = field(default_factory=list)
    """What did not agree; empty when all is well."""
    seconds: float = 0.0


def summary(ours: books.Ours, theirs: books.Theirs) -> Counter[str]:
    """Count what the two records hold."""
    counts: Counter[str] = Counter()
    counts["our messages in the store"] = len(ours.sent)
    counts["our messages at the provider"] = len(theirs.taken)
    counts["people's messages in the store"] = len(ours.heard)
    counts["people's messages at the provider"] = len(theirs.written)
    counts["of which we said yes to"] = sum(entry.acknowledged for entry in theirs.written)
    counts["statuses written"] = len(ours.moved)
    for sent in ours.sent:
        counts[f"ended {sent.status}"] += 1
        counts["attempts"] += len(sent.tries)
        if any(one.outcome == "unknown" or one.code in _BROKEN for one in sent.tries):
            counts["once in doubt"] += 1
    for noted in ours.noted:
        word = consent.word_of(noted.thread[0], noted.text, noted.opt_out) if noted.what == "heard" else None
        counts[f"{noted.thread[0]}: opted out by word"] += word is OptWord.STOP
        counts[f"{noted.thread[0]}: opted in by word"] += word is OptWord.START
        counts[f"{noted.thread[0]}: {noted.what}"] += noted.what in ("allowed", "blocked")
        counts[f"{noted.thread[0]}: withheld from who refuses"] += noted.code == local_errors.OPTED_OUT
        counts[f"{noted.thread[0]}: refused  for who refuses"] += noted.refuses
    counts["people's messages shown as edited"] = sum(heard.edited for heard in ours.heard)
    counts["taken under the tag"] = sum(taken.tagged for taken in theirs.taken)
    counts["doubts settled"] = sum(moved.old == "unknown" and moved.new != "queued" for moved in ours.moved)
    return counts


def attack_summary(theirs: books.Theirs, attacked: Attacked) -> Counter[str]:
    """Count how webhooks and forgeries were answered, and the stores that were checked and replaced."""
    counts: Counter[str] = Counter()
    for post in theirs.posts:
        counts[f"webhooks answered with {post.answer or 'nothing'}"] += 1
    for one in attacked.strangers:
        counts[f"forgeries answered with {one.answer or 'nothing'}"] += 1
    counts["stores that were checked"] = len(attacked.checks)
    counts["in files that were put aside, as we had said"] = sum(len(file.acknowledged) for file in attacked.replaced)
    return counts


def report(outcome: Outcome) -> list[str]:
    """Return the counts, and the first complaints, as lines."""
    lines = [f"{count:8,}  {name}" for name, count in sorted(outcome.counts.items()) if count]
    lines += [f"- {complaint}" for complaint in outcome.complaints[:COMPLAINTS_SHOWN]]
    if not outcome.complaints:
        lines.append(f"nothing lost, nothing twice, nothing unexplained: {outcome.seconds:.0f} s")
    return lines
