"""What runs by itself in a process: the outbox, polling, profile names, maintenance, the heartbeat."""
