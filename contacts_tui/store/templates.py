"""Templates, as the providers' accounts have them."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from functools import partial

from sqlalchemy import func
from sqlmodel import Session, col

from contacts_tui.domain.change import ChangeKind
from contacts_tui.domain.clock import Clock
from contacts_tui.domain.template import Approval, Button, Template
from contacts_tui.store import change_feed, json_columns, sql
from contacts_tui.store.message_tables import TemplateRow

_TEMPLATE = sql.Record(
    Template,
    TemplateRow,
    {
        "media": json_columns.texts,
        "buttons": partial(json_columns.records, Button),
        "samples": json_columns.texts_by_name,
    },
)
_KEY, _COLUMNS = ("inbox_id", "sid"), tuple(field.name for field in fields(Template) if field.name != "id")
_BY_ID = _TEMPLATE.lookup("id")
_LISTED = _TEMPLATE.lookup("inbox_id", order=(col(TemplateRow.approval) != Approval.APPROVED.value, "name", "language"))
_COUNT = sql.lookup(TemplateRow, ("inbox_id", "approval"), func.count())
_PUT = sql.replacement(TemplateRow, _KEY, *(name for name in _COLUMNS if name not in _KEY))
_KEEP_ONLY = sql.removal(TemplateRow, "inbox_id", where=[~sql.among(TemplateRow.sid, "sids")])


def get(session: Session, template_id: int) -> Template | None:
    """Return the template, or None."""
    return _TEMPLATE.one(session, _BY_ID, id=template_id)


def listed(session: Session, inbox_id: int) -> tuple[Template, ...]:
    """Return all templates of an inbox: the approved ones first, then by name and language."""
    return _TEMPLATE.several(session, _LISTED, inbox_id=inbox_id)


def approved_count(session: Session, inbox_id: int) -> int:
    """Return how many templates of an inbox are approved, and so can be sent."""
    (count,) = sql.one(session, _COUNT, inbox_id=inbox_id, approval=Approval.APPROVED.value)
    return int(count)


def replace_all(session: Session, clock: Clock, inbox_id: int, templates: Sequence[Template]) -> None:
    """Replace the store's list of an inbox's templates. A template keeps its id as long as its provider's id stays."""
    for template in templates:
        values = {name: getattr(template, name) for name in _COLUMNS} | {"inbox_id": inbox_id}
        lists = {"media": list(template.media), "buttons": [asdict(button) for button in template.buttons]}
        sql.write(session, _PUT, **(values | lists | {"samples": dict(template.samples)}))
    sql.write(session, _KEEP_ONLY, inbox_id=inbox_id, sids=[template.sid for template in templates])
    change_feed.record(session, clock, ChangeKind.TEMPLATE)
