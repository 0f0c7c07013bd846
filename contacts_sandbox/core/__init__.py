"""What the stand-ins of all providers share: the server, control, faults, webhooks."""
