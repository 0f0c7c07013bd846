"""Templates as the providers' accounts have them."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlmodel import Session, col, delete, select

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.template import Approval, Button, Template
from contacts_tui.store import change_feed, json_columns, sql
from contacts_tui.store.message_tables import TemplateRow

_COUNT = "SELECT count(*) FROM template WHERE inbox_id = ? AND approval = ?"


def get(session: Session, template_id: int) -> Template | None:
    """The template, or None."""
    row = session.get(TemplateRow, template_id)
    return None if row is None else _template(row)


def listed(session: Session, inbox_id: int) -> tuple[Template, ...]:
    """All templates of an inbox: the approved ones first, then by name and language."""
    rows = session.exec(
        select(TemplateRow)
        .where(TemplateRow.inbox_id == inbox_id)
        .order_by(
            (col(TemplateRow.approval) != Approval.APPROVED.value),
            col(TemplateRow.name),
            col(TemplateRow.language),
        )
    )
    return tuple(map(_template, rows))


def approved_count(session: Session, inbox_id: int) -> int:
    """How many templates of an inbox can be sent."""
    (count,) = sql.one(session, _COUNT, inbox_id, Approval.APPROVED.value)
    return int(count)


def replace_all(session: Session, clock: Clock, inbox_id: int, templates: Sequence[Template]) -> None:
    """Makes the store's list that of the provider. A template keeps its id as long as its provider's id stays."""
    kept = {row.sid: row for row in session.exec(select(TemplateRow).where(TemplateRow.inbox_id == inbox_id))}
    for template in templates:
        values = {**asdict(template), "inbox_id": inbox_id, "samples": dict(template.samples)}
        values["media"], values["buttons"] = list(template.media), [asdict(b) for b in template.buttons]
        del values["id"]
        row = kept.pop(template.sid, None)
        if row is None:
            row = TemplateRow(**values)
        else:
            row.sqlmodel_update(values)
        session.add(row)
    gone = [row.id for row in kept.values()]
    session.exec(delete(TemplateRow).where(col(TemplateRow.id).in_(gone)))
    change_feed.record(session, clock, ChangeKind.TEMPLATE)


def _template(row: TemplateRow) -> Template:
    assert row.id is not None
    return Template(
        id=row.id,
        inbox_id=row.inbox_id,
        sid=row.sid,
        name=row.name,
        language=row.language,
        category=row.category,
        approval=row.approval,
        rejection_reason=row.rejection_reason,
        kind=row.kind,
        header=row.header,
        body=row.body,
        footer=row.footer,
        media=json_columns.texts(row.media),
        buttons=json_columns.records(Button, row.buttons),
        samples=json_columns.texts_by_name(row.samples),
        synced_at=row.synced_at,
    )
