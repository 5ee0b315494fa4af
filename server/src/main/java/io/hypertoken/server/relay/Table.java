package io.hypertoken.server.relay;

import io.hypertoken.server.bridge.BridgeService;
import io.hypertoken.server.http.Connection;
import io.hypertoken.server.http.Upgrade;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One environment for one peer at the relay's root, seen as an environment of one agent: that which acts.
final class Table {
    private final Switchboard switchboard;
    private final Translator bridge;
    private final boolean named;
    private boolean opened;

    /// What a step came to.
    record Outcome(@Nullable Object observation, Object reward, boolean terminated, boolean truncated, boolean over) {}

    /// @param named whether the address or the server names the environment; else it is what pages host
    Table(Switchboard switchboard, BridgeService bridge, Upgrade upgrade, Connection peer, boolean named) {
        this.switchboard = switchboard;
        this.bridge = new Translator(bridge, upgrade, peer);
        this.named = named;
    }

    /// Begins an episode.
    ///
    /// @param then is given the observation
    void reset(Consumer<@Nullable Object> then, Consumer<String> refused) {
        if (!opened && !named) {
            opened = true;
            List<Map<String, @Nullable Object>> games = switchboard.games();
            if (games.isEmpty()) {
                opened = false;
                refused.accept("no page hosts a game; open one, or start the relay with --env");
                return;
            }
            bridge.ask(
                    reply -> tellRefusal(reply, refused),
                    "cmd",
                    "open",
                    "env",
                    "browser:" + games.getFirst().get("name"));
        }
        bridge.ask(
                reply -> {
                    if (!tellRefusal(reply, refused)) {
                        then.accept(reply.get("observation"));
                    }
                },
                "cmd",
                "reset",
                "reply",
                "turn");
    }

    /// Plays the action of whoever acts.
    void step(@Nullable Object action, Consumer<Outcome> then, Consumer<String> refused) {
        bridge.ask(
                reply -> {
                    if (!tellRefusal(reply, refused)) {
                        then.accept(outcome(reply));
                    }
                },
                "cmd",
                "step",
                "action",
                action,
                "reply",
                "turn");
    }

    void end() {
        bridge.end();
    }

    /// While the game goes on, what the next to act is told; at its end, what the first agent was.
    private static Outcome outcome(Map<String, @Nullable Object> reply) {
        boolean over = reply.get("agents") instanceof List<?> alive && alive.isEmpty();
        Map<?, ?> told = reply;
        if (over && reply.get("final") instanceof Map<?, ?> ends) {
            Iterator<?> first = ends.values().iterator();
            told = first.hasNext() && first.next() instanceof Map<?, ?> end ? end : reply;
        }
        return new Outcome(
                told.get("observation"),
                told.get("reward") instanceof Object reward ? reward : 0L,
                Boolean.TRUE.equals(told.get("terminated")),
                Boolean.TRUE.equals(told.get("truncated")),
                over);
    }

    private static boolean tellRefusal(Map<String, @Nullable Object> reply, Consumer<String> refused) {
        if (reply.get("error") instanceof String why) {
            refused.accept(why);
            return true;
        }
        return false;
    }
}
