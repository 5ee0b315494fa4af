"""Trajectory digests and scripted play: proof that every path plays the same."""
