"""Our record: what the store holds, and what a journal in it noted. Read only when everything is at rest."""

from collections.abc import Iterator, Mapping
from typing import Any

import psycopg

from contacts_tui.channels import registry
from contacts_tui.domain.channel import Provider
from contacts_tui.domain.failure import Blame, Failure
from contacts_tui.store.timestamps import moment
from tests.other_program import execute, records, run_script
from tests.torture.books import Heard, Moved, Noted, Ours, Sent, Try

_TABLE = """
CREATE TABLE torture_journal (
    place {number}, what TEXT, message_id BIGINT, number BIGINT, was TEXT, became TEXT, tagged BOOLEAN, late BOOLEAN
);
"""

_MOMENTS = {
    "status": (
        "AFTER UPDATE OF status ON message FOR EACH ROW WHEN (old.status <> new.status)",
        "INSERT INTO torture_journal (what, message_id, was, became) VALUES ('moved', new.id, old.status, new.status)",
    ),
    "heard": (
        "AFTER INSERT ON message FOR EACH ROW WHEN (new.direction = 'in')",
        "INSERT INTO torture_journal (what, message_id, became, late) "
        "SELECT 'heard', new.id, new.body, new.stored_at = read_up_to + 1 FROM conversation "
        "WHERE id = new.conversation_id",
    ),
    "tried": (
        "AFTER INSERT ON attempt FOR EACH ROW",
        "INSERT INTO torture_journal (what, message_id, number, tagged) "
        "SELECT 'tried', id, new.number, human_agent FROM message WHERE id = new.message_id",
    ),
    "untagged": (
        "AFTER UPDATE OF human_agent ON message FOR EACH ROW",
        "UPDATE torture_journal SET tagged = new.human_agent WHERE what = 'tried' AND message_id = new.id "
        "AND number = (SELECT max(number) FROM attempt WHERE message_id = new.id AND finished_at IS NULL)",
    ),
    "ended": (
        "AFTER UPDATE OF outcome ON attempt FOR EACH ROW WHEN (old.outcome <> new.outcome)",
        "INSERT INTO torture_journal (what, message_id, number, was, became) "
        "VALUES ('ended', new.message_id, new.number, new.code, new.outcome)",
    ),
    "permitted": (
        "AFTER INSERT ON provider_event FOR EACH ROW WHEN (new.status IN ('allowed', 'blocked'))",
        "INSERT INTO torture_journal (what, message_id, was) VALUES (new.status, new.id, new.event_key)",
    ),
}
"""Triggers that note what happens in the transaction in which it does, whichever process does it: nothing is missed.

Of a person's message they note the text as it came, and whether it was dated later than the clock, because what was
read before lies ahead of a clock that was set back. Of an attempt they note code and outcome as `was` and `became`.
"""

_IN_FILE = "CREATE TRIGGER torture_{name} {moment} BEGIN {deed}; END;"
_ON_SERVER = """
CREATE FUNCTION torture_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {deed}; RETURN NULL; END $$;
CREATE TRIGGER torture_{name} {moment} EXECUTE FUNCTION torture_{name}();
"""

_FILE = "sqlite:///"


def keep_journal(location: str) -> None:
    """Note from now on every change of a status, every message and every attempt in the store itself."""
    in_file = location.startswith(_FILE)
    number = "INTEGER PRIMARY KEY" if in_file else "BIGSERIAL PRIMARY KEY"
    trigger = _IN_FILE if in_file else _ON_SERVER
    triggers = (trigger.format(name=name, moment=moment, deed=deed) for name, (moment, deed) in _MOMENTS.items())
    run_script(location, "".join((_TABLE.format(number=number), *triggers)))


def rows(location: str, query: str, *values: object) -> list[Any] | None:
    """Return the rows of a query, or None while the store's server is away."""
    try:
        return execute(location, query, *values)
    except psycopg.OperationalError:
        return None


def ours(location: str) -> Ours:
    """Return what the store holds."""
    return Ours(
        tuple(_sent(location)),
        tuple(_heard(location)),
        tuple(_moved(location)),
        tuple(_noted(location)),
        frozenset((row["channel"], row["address"]) for row in records(location, _REFUSING)),
        frozenset(row["address"] for row in records(location, "SELECT address FROM inbox WHERE human_agent")),
    )


_MESSAGES = """
SELECT message.*, message.error_code AS code, inbox.channel, inbox.address AS sender, inbox.provider,
       identity.address AS person, coalesce(outbox.task, '') AS task
FROM message
JOIN inbox ON inbox.id = message.inbox_id
JOIN conversation ON conversation.id = message.conversation_id
JOIN identity ON identity.id = conversation.identity_id
LEFT JOIN outbox ON outbox.message_id = message.id
WHERE message.direction = ? ORDER BY message.conversation_id, message.at, message.id
"""


_REFUSING = "SELECT channel, address FROM identity WHERE opted_out_at IS NOT NULL OR blocked_at IS NOT NULL"

_TRIES = """
SELECT attempt.*, inbox.provider, journal.tagged
FROM attempt
JOIN message ON message.id = attempt.message_id
JOIN inbox ON inbox.id = message.inbox_id
LEFT JOIN torture_journal AS journal
    ON journal.what = 'tried' AND journal.message_id = attempt.message_id AND journal.number = attempt.number
ORDER BY attempt.message_id, attempt.number
"""

_ABOUT_PEOPLE = """
SELECT journal.*, journal.was AS code, inbox.channel, inbox.provider, identity.address AS person,
       message.stored_at AS stored_at, coalesce(event.raw ->> 'OptOutType', '') AS opt_out,
       CASE what WHEN 'heard' THEN message.at WHEN 'tried' THEN attempt.started_at ELSE attempt.finished_at END AS at
FROM torture_journal AS journal
JOIN message ON message.id = journal.message_id
JOIN inbox ON inbox.id = message.inbox_id
JOIN conversation ON conversation.id = message.conversation_id
JOIN identity ON identity.id = conversation.identity_id
LEFT JOIN attempt ON attempt.message_id = journal.message_id AND attempt.number = journal.number
LEFT JOIN provider_event AS event ON what = 'heard' AND event.message_id = message.id AND event.status = 'received'
WHERE what IN ('heard', 'tried', 'ended')
UNION ALL
SELECT journal.*, journal.was, inbox.channel, inbox.provider, '', event.at, '', event.at
FROM torture_journal AS journal
JOIN provider_event AS event ON event.id = journal.message_id
JOIN inbox ON inbox.id = event.inbox_id
WHERE what IN ('allowed', 'blocked')
ORDER BY 1
"""


def _sent(location: str) -> Iterator[Sent]:
    tries: dict[int, list[Try]] = {}
    for row in records(location, _TRIES):
        says_closed = bool(row["code"]) and _explain(row).blame is Blame.WINDOW and row["outcome"] == "refused"
        made = Try(
            row["number"],
            row["outcome"],
            row["code"],
            row["detail"],
            row["provider_id"],
            moment(row["started_at"]),
            bool(row["tagged"]),
            says_closed,
        )
        tries.setdefault(row["message_id"], []).append(made)
    for row in records(location, _MESSAGES, "out"):
        code = row["code"]
        yield Sent(
            id=row["id"],
            uid=row["uid"],
            channel=row["channel"],
            sender=row["sender"],
            to=row["person"],
            body=row["body"],
            free=row["template"] in (None, "null"),
            status=row["status"],
            code=code,
            provider_id=row["provider_id"],
            tries=tuple(tries.get(row["id"], ())),
            task=row["task"],
            sentence=_explain(row).sentence if code else "",
        )


def _heard(location: str) -> Iterator[Heard]:
    for row in records(location, _MESSAGES, "in"):
        yield Heard(
            id=row["id"],
            channel=row["channel"],
            sender=row["sender"],
            from_=row["person"],
            body=row["body"],
            provider_id=row["provider_id"],
            at=moment(row["at"]),
            edited=row["edited_at"] is not None,
        )


def _explain(row: Mapping[str, Any]) -> Failure:
    return registry.explain(Provider(row["provider"]), row["code"])


def _moved(location: str) -> Iterator[Moved]:
    for row in execute(
        location, "SELECT message_id, was, became FROM torture_journal WHERE what = 'moved' ORDER BY place"
    ):
        yield Moved(*row)


def _noted(location: str) -> Iterator[Noted]:
    for row in records(location, _ABOUT_PEOPLE):
        code = row["code"] or ""
        yield Noted(
            what=row["what"],
            thread=(row["channel"], row["person"] or row["code"].partition(":")[0]),
            at=moment(row["at"]),
            text=row["became"] if row["what"] == "heard" else "",
            opt_out=row["opt_out"],
            stored_at=moment(row["stored_at"]) if row["what"] == "heard" and not row["late"] else None,
            message_id=row["message_id"],
            number=row["number"] or 0,
            outcome=row["became"] if row["what"] == "ended" else "",
            code=code if row["what"] == "ended" else "",
            refuses=row["what"] == "ended" and row["became"] == "refused" and bool(code) and _explain(row).opts_out,
        )
