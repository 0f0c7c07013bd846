"""How quick the program is, as ratios within one run: `make bench`. See docs/benchmarks.md."""
