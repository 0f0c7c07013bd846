"""Our book: what the store holds, and what a journal in it noted. Read only when everything is at rest."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from contacts_tui.channels import registry
from contacts_tui.domain.channel import Provider
from contacts_tui.domain.failure import Blame, Failure
from contacts_tui.store.timestamps import moment
from tests.torture.books import Heard, Moved, Noted, Ours, Sent, Try

JOURNAL = """
CREATE TABLE torture_journal (
    place INTEGER PRIMARY KEY, what TEXT, message_id INTEGER, old TEXT, new TEXT, number INTEGER, tagged INTEGER
);
CREATE TRIGGER torture_status AFTER UPDATE OF status ON message WHEN old.status <> new.status BEGIN
    INSERT INTO torture_journal (what, message_id, old, new) VALUES ('moved', new.id, old.status, new.status);
END;
CREATE TRIGGER torture_heard AFTER INSERT ON message WHEN new.direction = 'in' BEGIN
    INSERT INTO torture_journal (what, message_id, new) VALUES ('heard', new.id, new.body);
END;
CREATE TRIGGER torture_tried AFTER INSERT ON attempt BEGIN
    INSERT INTO torture_journal (what, message_id, number, tagged)
    SELECT 'tried', id, new.number, human_agent FROM message WHERE id = new.message_id;
END;
CREATE TRIGGER torture_untagged AFTER UPDATE OF human_agent ON message BEGIN
    UPDATE torture_journal SET tagged = new.human_agent WHERE what = 'tried' AND message_id = new.id
        AND number = (SELECT max(number) FROM attempt WHERE message_id = new.id AND finished_at IS NULL);
END;
CREATE TRIGGER torture_ended AFTER UPDATE OF outcome ON attempt WHEN old.outcome <> new.outcome BEGIN
    INSERT INTO torture_journal (what, message_id, number, old, new)
    VALUES ('ended', new.message_id, new.number, new.code, new.outcome);
END;
CREATE TRIGGER torture_permitted AFTER INSERT ON provider_event WHEN new.status IN ('allowed', 'blocked') BEGIN
    INSERT INTO torture_journal (what, message_id, old) VALUES (new.status, new.id, new.event_key);
END;
"""
"""Notes what happens in the transaction in which it does, whoever does it: nothing that was so for a moment is missed.

Of a message of theirs it notes the text as it came, of a try the code and the outcome as `old` and `new`.
"""


def keep_journal(path: Path) -> None:
    """From now on every change of a status is noted in the store itself."""
    with closing(sqlite3.connect(path, timeout=10)) as store:
        store.executescript(JOURNAL)


def ours(path: Path) -> Ours:
    """What the store holds."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as store:
        store.row_factory = sqlite3.Row
        return Ours(
            tuple(_sent(store)),
            tuple(_heard(store)),
            tuple(_moved(store)),
            tuple(_noted(store)),
            frozenset((row["channel"], row["address"]) for row in store.execute(_REFUSING)),
            frozenset(row["address"] for row in store.execute("SELECT address FROM inbox WHERE human_agent")),
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
SELECT attempt.*, inbox.provider, coalesce(journal.tagged, 0) AS tagged
FROM attempt
JOIN message ON message.id = attempt.message_id
JOIN inbox ON inbox.id = message.inbox_id
LEFT JOIN torture_journal AS journal
    ON journal.what = 'tried' AND journal.message_id = attempt.message_id AND journal.number = attempt.number
ORDER BY attempt.message_id, attempt.number
"""

_ABOUT_PEOPLE = """
SELECT journal.*, journal.old AS code, inbox.channel, inbox.provider, identity.address AS person,
       message.stored_at AS stored_at, coalesce(json_extract(event.raw, '$.OptOutType'), '') AS opt_out,
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
SELECT journal.*, journal.old, inbox.channel, inbox.provider, '', event.at, '', event.at
FROM torture_journal AS journal
JOIN provider_event AS event ON event.id = journal.message_id
JOIN inbox ON inbox.id = event.inbox_id
WHERE what IN ('allowed', 'blocked')
ORDER BY 1
"""


def _sent(store: sqlite3.Connection) -> Iterator[Sent]:
    tries: dict[int, list[Try]] = {}
    for row in store.execute(_TRIES):
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
    for row in store.execute(_MESSAGES, ("out",)):
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


def _heard(store: sqlite3.Connection) -> Iterator[Heard]:
    for row in store.execute(_MESSAGES, ("in",)):
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


def _explain(row: sqlite3.Row) -> Failure:
    return registry.explain(Provider(row["provider"]), row["code"])


def _moved(store: sqlite3.Connection) -> Iterator[Moved]:
    for row in store.execute("SELECT message_id, old, new FROM torture_journal WHERE what = 'moved' ORDER BY place"):
        yield Moved(row["message_id"], row["old"], row["new"])


def _noted(store: sqlite3.Connection) -> Iterator[Noted]:
    for row in store.execute(_ABOUT_PEOPLE):
        code = row["code"] or ""
        yield Noted(
            what=row["what"],
            thread=(row["channel"], row["person"] or row["code"].partition(":")[0]),
            at=moment(row["at"]),
            text=row["new"] if row["what"] == "heard" else "",
            opt_out=row["opt_out"],
            stored_at=moment(row["stored_at"]) if row["what"] == "heard" else None,
            message_id=row["message_id"],
            number=row["number"] or 0,
            outcome=row["new"] if row["what"] == "ended" else "",
            code=code if row["what"] == "ended" else "",
            refuses=row["what"] == "ended" and row["new"] == "refused" and bool(code) and _explain(row).opts_out,
        )
