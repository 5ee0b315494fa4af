"""`python -m hypertoken.guest`."""

from hypertoken.guest.worker import main

main()
