"""One store for a team: a PostgreSQL server beside a SQLite file, in one run.

The server is that of the tests, in memory; but it syncs its commits and vacuums its tables as one at work does. The
programs are compared, not disks.
"""
