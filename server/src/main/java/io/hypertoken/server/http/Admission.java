package io.hypertoken.server.http;

/// One connection's place, from accept to its end. Used on the front loop, and left from anywhere.
final class Admission {
    private final Places places;
    private boolean inside;
    private boolean waiting;

    /// Takes a place, or waits in the lobby.
    Admission(Places places) {
        this.places = places;
        this.inside = places.enter();
        this.waiting = !inside && places.enterLobby();
    }

    /// Whether it has either.
    synchronized boolean isAtTheDoor() {
        return inside || waiting;
    }

    /// Whether a WebSocket may open: it has a place, or one has become free.
    synchronized boolean comesIn() {
        if (waiting && places.enter()) {
            places.leaveLobby();
            waiting = false;
            inside = true;
        }
        return inside && places.areOpen();
    }

    synchronized void leave() {
        if (inside) {
            places.leave();
        } else if (waiting) {
            places.leaveLobby();
        }
        inside = false;
        waiting = false;
    }
}
