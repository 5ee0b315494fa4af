"""Rows in Ray's actors: each holds some in a Java of its own; what the driver keeps brings back one
that dies.
"""
