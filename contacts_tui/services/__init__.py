"""What the product does: plain functions over a session and a clock. Imports no Textual.

`from contacts_tui import services` costs nothing: each module is imported when it is first used, so that the interface
can paint before the store is there.
"""

import importlib
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contacts_tui.services import (
        agents,
        canned_replies,
        catch_up,
        contacts_import,
        counts,
        csv_records,
        delivery,
        desktop,
        doctor,
        duplicates,
        errors,
        exchange_cells,
        first_page,
        forgetting,
        gaps,
        health,
        identities,
        import_cells,
        import_columns,
        import_header,
        import_matching,
        import_preview,
        import_report,
        import_run,
        import_source,
        inbound,
        inbox_problems,
        inbox_validation,
        inboxes,
        media,
        merging,
        messaging,
        new_person,
        notes,
        open_files,
        path_completion,
        people,
        people_csv,
        people_edit,
        people_export,
        people_jsonl,
        people_vcard,
        person_archive,
        person_fields,
        privacy,
        queue,
        reachability,
        route_choice,
        scheduled,
        store_care,
        supervision,
        templates,
        threads,
        vcard,
        views,
        vital_signs,
    )

__all__ = [
    "agents",
    "canned_replies",
    "catch_up",
    "contacts_import",
    "counts",
    "csv_records",
    "delivery",
    "desktop",
    "doctor",
    "duplicates",
    "errors",
    "exchange_cells",
    "first_page",
    "forgetting",
    "gaps",
    "health",
    "identities",
    "import_cells",
    "import_columns",
    "import_header",
    "import_matching",
    "import_preview",
    "import_report",
    "import_run",
    "import_source",
    "inbound",
    "inbox_problems",
    "inbox_validation",
    "inboxes",
    "media",
    "merging",
    "messaging",
    "new_person",
    "notes",
    "open_files",
    "path_completion",
    "people",
    "people_csv",
    "people_edit",
    "people_export",
    "people_jsonl",
    "people_vcard",
    "person_archive",
    "person_fields",
    "privacy",
    "queue",
    "reachability",
    "route_choice",
    "scheduled",
    "store_care",
    "supervision",
    "templates",
    "threads",
    "vcard",
    "views",
    "vital_signs",
]


def __getattr__(name: str) -> ModuleType:
    """Imports a module of this package at its first use (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return importlib.import_module(f"{__name__}.{name}")


def __dir__() -> list[str]:
    return __all__
