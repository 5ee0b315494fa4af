"""Measures environments whose rules run elsewhere: a file for each kind of guest."""
