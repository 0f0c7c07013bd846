"""The concepts of the product as frozen data and pure rules. Imports no other package of ours, and does no I/O."""
