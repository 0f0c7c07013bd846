"""The commands; thin: parse, call a service, print."""
