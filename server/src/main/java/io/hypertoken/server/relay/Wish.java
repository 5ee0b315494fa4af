package io.hypertoken.server.relay;

import io.hypertoken.server.relay.wire.Announcement;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a player waits for: to be told of a game, or to have instances of it.
///
/// @param id the player's own; null for none
/// @param name the game's; null for whichever there is
/// @param expected what the game must be, as it was told before; null for anything
/// @param count how many instances; 0 to be told of the game
/// @param millis how long it waits
record Wish(
        Player player,
        @Nullable Object id,
        @Nullable String name,
        @Nullable Map<String, @Nullable Object> expected,
        int count,
        long deadlineNanos,
        long millis) {
    boolean isFor(Announcement game) {
        return name == null || name.equals(game.name());
    }

    boolean accepts(Announcement game) {
        return expected == null || expected.equals(game.told());
    }
}
