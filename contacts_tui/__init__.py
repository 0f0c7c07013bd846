"""contacts-tui: contacts and conversations for support agents, in the terminal."""
