"""One store for a team: a PostgreSQL server beside a SQLite file, in one run.

The server is the one of the tests, in memory; it waits for its disk and looks after its tables as one at work does.
What is compared is what programs cost, not disks.
"""
