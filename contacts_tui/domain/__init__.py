"""The words of the product as frozen data and pure rules. Imports nothing of ours, and does no I/O."""
