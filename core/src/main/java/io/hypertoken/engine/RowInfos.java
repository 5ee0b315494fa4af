package io.hypertoken.engine;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What environments and the engine tell agents beside the columns: rare, so kept as maps that exist only when used.
///
/* Several threads write at once, each for rows of its own. `any` is only ever set by them, and cleared by the caller
between steps: reading it and writing it back in one go lost another thread's true. */
final class RowInfos {
    private final int agents;
    private final @Nullable Map<String, Object>[] infos;
    private volatile boolean any;

    @SuppressWarnings("unchecked")
    RowInfos(int rows, int agents) {
        this.agents = agents;
        this.infos = (Map<String, Object>[]) new Map<?, ?>[rows * agents];
    }

    boolean any() {
        return any;
    }

    void put(int row, int agent, String key, Object value) {
        int cell = row * agents + agent;
        Map<String, Object> info = infos[cell];
        if (info == null) {
            info = new LinkedHashMap<>();
            infos[cell] = info;
            any = true;
        }
        info.put(key, value);
    }

    Map<String, Object> of(int row, int agent) {
        Map<String, Object> info = infos[row * agents + agent];
        return info == null ? Map.of() : info;
    }

    /// Hands what a row was told to another, whose row has been told nothing yet.
    void moveTo(RowInfos other, int row) {
        if (!any) {
            return;
        }
        for (int cell = row * agents; cell < (row + 1) * agents; cell++) {
            if (infos[cell] != null) {
                other.infos[cell] = infos[cell];
                other.any = true;
                infos[cell] = null;
            }
        }
    }

    void clear(int row) {
        if (any) {
            Arrays.fill(infos, row * agents, (row + 1) * agents, null);
        }
    }

    void clear() {
        if (any) {
            Arrays.fill(infos, null);
            any = false;
        }
    }
}
