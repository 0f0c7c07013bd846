"""Any number of values in one statement, whose text and plan stay the same however many there are."""

import json
from collections.abc import Iterable

from sqlalchemy import Integer, Select, String, column, func, select


def ids_among(ids: Iterable[int]) -> Select[int]:
    """A subquery of these ids, for `in_`."""
    return select(func.json_each(json.dumps(list(ids))).table_valued(column("value", Integer)).c.value)


def texts_among(texts: Iterable[str]) -> Select[str]:
    """A subquery of these texts, for `in_`."""
    return select(func.json_each(json.dumps(list(texts))).table_valued(column("value", String)).c.value)
