package io.hypertoken.server.relay;

import io.hypertoken.json.NumberJson;
import io.hypertoken.server.http.Connection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// What players at the relay's root do, shown to all who watch there; whoever reads too slowly misses some. Safe for
/// any
/// thread.
final class Stage {
    private final Set<Connection> viewers = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Object latest;

    /// Shows what is to be seen now, if there is anything, and from then on whatever happens.
    ///
    /// @return whether there was anything
    boolean watch(Connection viewer) {
        viewers.add(viewer);
        Object seen = latest;
        if (seen != null) {
            Words.send(viewer, "type", "reset", "observation", seen);
        }
        return seen != null;
    }

    void leave(Connection viewer) {
        viewers.remove(viewer);
    }

    void begun(@Nullable Object observation) {
        latest = observation;
        tell("type", "reset", "observation", observation);
    }

    void stepped(@Nullable Object observation) {
        latest = observation;
        tell("type", "observation", "observation", observation);
    }

    void render() {
        tell("type", "render");
    }

    private void tell(@Nullable Object... fields) {
        if (viewers.isEmpty()) {
            return;
        }
        byte[] json = NumberJson.bytes(Words.object(fields));
        for (Connection viewer : viewers) {
            if (viewer.isWritable()) {
                Words.send(viewer, json);
            }
        }
    }
}
