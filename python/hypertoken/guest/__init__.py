"""The worker that hosts Gymnasium's and PettingZoo's environments for Java: `gym:` and `pz:` ids.

Java carries these files in its jar and hands them to any Python that has numpy and gymnasium, so
they import nothing else of this package. `python -m hypertoken.guest` is the same worker, started
by hand: HYPERTOKEN_GUEST is the address to dial and HYPERTOKEN_GUEST_KEY what to say there.
"""
