"""The original PPO flipper's scripts by their names: a folder to put on the path of old programs.

PYTHONPATH=$(python -m hypertoken.events.scripts) python my_script.py
"""
