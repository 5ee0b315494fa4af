package io.hypertoken.server.relay;

import io.hypertoken.server.http.Connection;
import io.hypertoken.server.relay.wire.Announcement;
import io.hypertoken.server.relay.wire.RowLayout;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A page that hosts a game, and what it has been asked. Guarded by the [Switchboard]'s lock.
final class Page {
    final int handle;
    final Connection connection;
    final Announcement game;
    final RowLayout layout;
    /// What the tab calls itself, so that it has one connection only; empty if it says nothing.
    final String tab;
    /// Who plays each instance; null where it is free.
    final @Nullable Player[] players;
    /// Questions without an answer, by the id that the page was given.
    final Map<Integer, Asked> asked = new HashMap<>();

    boolean gone;
    private int ids;

    /// A question that the page has yet to answer.
    ///
    /// @param player null once it has left: the answer is dropped
    /// @param id the player's own
    /// @param count of rows
    record Asked(@Nullable Player player, int id, int count, long deadlineNanos, long millis) {
        Asked ofNobody() {
            return new Asked(null, id, count, deadlineNanos, millis);
        }
    }

    Page(int handle, Connection connection, Announcement game, String tab, int instances) {
        this.handle = handle;
        this.connection = connection;
        this.game = game;
        this.layout = game.layout();
        this.tab = tab;
        this.players = new Player[instances];
    }

    int nextId() {
        return ++ids;
    }

    int free() {
        int free = 0;
        for (Player player : players) {
            free += player == null ? 1 : 0;
        }
        return free;
    }

    boolean isDrivenBy(Player player) {
        for (Player driver : players) {
            if (driver == player) {
                return true;
            }
        }
        return false;
    }
}
