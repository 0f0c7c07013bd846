"""Meta's Graph API, as far as Messenger goes."""
