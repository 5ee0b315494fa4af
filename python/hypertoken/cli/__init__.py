"""The commands that are Python's own."""
