"""The store: tables, engine, migrations, repositories, search and the change feed. Rows never leave it."""
