package io.hypertoken.server.http;

/// How many connections are inside, and whether more may come; safe for any thread.
///
/// Behind the places there is a small lobby, so that a full server still answers health checks and says why it refuses
/// a WebSocket.
final class Places {
    private static final int LOBBY = 64;

    private final int limit;
    private int inside;
    private int waiting;
    private boolean open = true;

    Places(int limit) {
        this.limit = limit;
    }

    synchronized boolean areOpen() {
        return open;
    }

    synchronized void close() {
        open = false;
    }

    /// Takes a place, unless all are taken or closed.
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

    /// Waits in the lobby, unless that is full too.
    synchronized boolean enterLobby() {
        if (waiting >= LOBBY) {
            return false;
        }
        waiting++;
        return true;
    }

    synchronized void leaveLobby() {
        waiting--;
    }
}
