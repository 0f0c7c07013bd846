"""A connection that writes, by pipelines: what nobody waits for goes to the server together with the next statement.

A transaction then waits for the server once for each thing that it reads, and not once for each statement, while
others wait for it: https://www.psycopg.org/psycopg3/docs/advanced/pipeline.html
"""

from contextlib import suppress
from typing import Any

import psycopg
from psycopg.pq import PipelineStatus

_MOST = 16
"""Statements that are kept back at most: one may carry a piece of a file."""
_CANCEL = 2.0
"""Seconds that are waited for the server to take it that a statement isn't wanted any more."""


class PipelinedConnection(psycopg.Connection[Any]):
    """One that keeps statements back. A pipeline is one wait for the server, and closed after it."""

    def __init__(self, *values: Any, **options: Any) -> None:
        super().__init__(*values, **options)
        self._kept: list[tuple[str, Any]] = []

    def execute_later(self, text: str, values: Any) -> None:
        """Run a statement with the next one or with the commit, which raises what it fails with."""
        if len(self._kept) == _MOST:
            self._run_kept()
        self._kept.append((text, values))

    def cursor(self, *values: Any, **options: Any) -> Any:
        """See psycopg: whatever is run by it comes after what is kept back."""
        if self._kept:
            self._run_kept()
        return super().cursor(*values, **options)

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """See psycopg. What is kept back goes to the server before, and is not waited for by itself."""
        return self._run_kept(query, params, **options) if self._kept else super().execute(query, params, **options)

    def commit(self) -> None:
        """See psycopg. Where something that was kept back fails, all is rolled back, as by any commit that fails."""
        try:
            if self._kept and self.prepare_threshold is None:
                # A pooler may be between, which lends a connection until the commit is answered. As a pipeline ends,
                # psycopg asks the server to flush, perhaps after that, and another one would be lent for it.
                self._run_kept()
            if self._kept:
                # The server passes over whatever comes after a failure.
                self._run_kept("COMMIT", prepare=False)
            else:
                super().commit()
        except BaseException:
            with suppress(psycopg.Error):
                self.rollback()
            raise

    def rollback(self) -> None:
        """See psycopg. What is kept back is dropped."""
        self._kept.clear()
        if self.pgconn.pipeline_status == PipelineStatus.OFF:
            super().rollback()
        else:
            # It was interrupted between a statement and its answer, and takes no other one. The server rolls back, as
            # soon as the statement ends.
            with suppress(psycopg.Error):
                self.cancel_safe(timeout=_CANCEL)
            self.close()

    def _run_kept(self, *last: Any, **options: Any) -> Any:
        """Run what is kept back, and then a last statement, whose cursor is returned. Raises the first failure."""
        kept, self._kept = self._kept, []
        failure: psycopg.Error | None = None
        cursor = None
        try:
            with self.pipeline():
                try:
                    # One for all of them: nobody looks at what it finds.
                    each = super().cursor()
                    for text, values in kept:
                        each.execute(text, values)
                    if last:
                        cursor = super().execute(*last, **options)
                except psycopg.Error as error:
                    # The answers to the others have to be taken all the same.
                    failure = error
        except psycopg.Error as error:
            failure = failure or error
        if failure is not None:
            raise _interruption(failure) or failure
        return cursor


def _interruption(error: BaseException) -> BaseException | None:
    """Return what a signal raised while the server was waited for: psycopg's own end of the pipeline hides it."""
    context = error.__context__
    while isinstance(context, Exception):
        context = context.__context__
    return context
