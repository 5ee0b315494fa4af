"""Java inside this process: found, started, and an opened vector of it."""
