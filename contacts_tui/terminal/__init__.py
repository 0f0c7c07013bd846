"""What is done to Textual, Rich and the terminal's line, so that any terminal shows what is meant."""
