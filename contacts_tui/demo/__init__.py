"""The demo: its people, its script, its processes."""
