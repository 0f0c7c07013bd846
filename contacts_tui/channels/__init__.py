"""One adapter for each provider: it sends, parses webhooks, verifies signatures and explains the provider's errors."""
