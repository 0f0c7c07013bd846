"""Pictures of every screen, drawn from the running program over the demo's people at a fixed time."""
