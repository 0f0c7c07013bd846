"""One adapter a provider: it sends, parses what comes in, verifies signatures and reads the provider's errors."""
