package io.hypertoken.server.bridge;

/// How many WebSockets are inside, and whether more may come; safe for any thread.
final class Doors {
    private final int limit;
    private int inside;
    private boolean open = true;
    private int port;

    Doors(int limit) {
        this.limit = limit;
    }

    synchronized boolean areOpen() {
        return open;
    }

    synchronized void close() {
        open = false;
    }

    /// Lets one more in, unless it is full or closed.
    synchronized boolean enter() {
        if (!open || inside >= limit) {
            return false;
        }
        inside++;
        return true;
    }

    synchronized void leave() {
        inside--;
    }

    synchronized void port(int bound) {
        port = bound;
    }

    /// The port that the server listens on.
    synchronized int port() {
        return port;
    }
}
