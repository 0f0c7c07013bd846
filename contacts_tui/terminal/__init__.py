"""Changes to Textual, Rich and what is sent to the terminal, so that any terminal shows what is meant."""
