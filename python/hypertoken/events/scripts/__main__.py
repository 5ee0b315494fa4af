"""Prints this folder, for PYTHONPATH."""

from pathlib import Path

print(Path(__file__).parent)
