"""Measures training: a file for each part, and what runs the rivals."""
