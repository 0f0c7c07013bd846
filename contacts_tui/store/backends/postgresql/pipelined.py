"""A connection that writes, by pipelines: a statement whose result isn't needed goes to the server with the next one.

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
"""Seconds to wait for the server to accept that a statement is cancelled."""


class PipelinedConnection(psycopg.Connection[Any]):
    """A connection that keeps statements back. A pipeline is one wait for the server, and is closed after it."""

    def __init__(self, *values: Any, **options: Any) -> None:
        super().__init__(*values, **options)
        self._kept: list[tuple[str, Any]] = []

    def execute_later(self, text: str, values: Any) -> None:
        """Keep a statement back, to run with a later one or with the commit, which raises its failure."""
        if len(self._kept) == _MOST:
            self._run_kept()
        self._kept.append((text, values))

    def cursor(self, *values: Any, **options: Any) -> Any:
        """See psycopg. What is kept back is run before."""
        if self._kept:
            self._run_kept()
        return super().cursor(*values, **options)

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        """See psycopg. What is kept back goes to the server before it, without a wait of its own."""
        return self._run_kept(query, params, **options) if self._kept else super().execute(query, params, **options)

    def commit(self) -> None:
        """See psycopg. Where something that was kept back fails, all is rolled back, as by any commit that fails."""
        try:
            if self._kept and self.prepare_threshold is None:
                # A pooler in between may lend a server's connection only until the commit is answered. At the end of a
                # pipeline psycopg asks for a flush, perhaps after that, and the pooler would lend another one for it.
                self._run_kept()
            if self._kept:
                # The server skips whatever comes after a failure.
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
            # The connection was interrupted between a statement and its answer, and takes no other statement. The
            # server rolls back as soon as the statement ends.
            with suppress(psycopg.Error):
                self.cancel_safe(timeout=_CANCEL)
            self.close()

    def _run_kept(self, *last: Any, **options: Any) -> Any:
        """Run what is kept back and then a last statement, if given, and return its cursor. Raise the first failure."""
        kept, self._kept = self._kept, []
        failure: psycopg.Error | None = None
        cursor = None
        try:
            with self.pipeline():
                try:
                    # One cursor for all of them: their results aren't needed.
                    each = super().cursor()
                    for text, values in kept:
                        each.execute(text, values)
                    if last:
                        cursor = super().execute(*last, **options)
                except psycopg.Error as error:
                    # The answers to the others have to be read all the same.
                    failure = error
        except psycopg.Error as error:
            failure = failure or error
        if failure is not None:
            raise _interruption(failure) or failure
        return cursor


def _interruption(error: BaseException) -> BaseException | None:
    """Return what a signal raised during the wait for the server, or None: psycopg's end of the pipeline hides it."""
    context = error.__context__
    while isinstance(context, Exception):
        context = context.__context__
    return context
