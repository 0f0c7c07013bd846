"""The torture test: whole programs on one store while everything fails that can, and at the end two records to compare.

`python -m tests.torture --seed 1 --messages 10000` runs it; docs/torture.md says what it does and what it proves.
"""
