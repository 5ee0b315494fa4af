package io.hypertoken.engine;

import io.hypertoken.env.Options;
import io.hypertoken.env.RemoteRequest;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.OptionalLong;

/// One message to a group of remote rows.
final class RemoteCall implements RemoteRequest {
    private final Rows rows;
    private final Kind[] kinds;
    private final OptionalLong[] seeds;

    RemoteCall(Rows rows) {
        this.rows = rows;
        this.kinds = new Kind[rows.status.length];
        this.seeds = new OptionalLong[kinds.length];
        clear();
    }

    /// Asks nothing of any row.
    void clear() {
        Arrays.fill(kinds, Kind.NOTHING);
        Arrays.fill(seeds, OptionalLong.empty());
    }

    /// Whether any row is asked anything.
    boolean any() {
        for (Kind kind : kinds) {
            if (kind != Kind.NOTHING) {
                return true;
            }
        }
        return false;
    }

    void step(int row) {
        kinds[row] = Kind.STEP;
    }

    /// Asks a row to begin an episode; anew, if its rules were lost or broke.
    void reset(int row) {
        if (rows.fresh[row] && rows.episodes[row] > 0) {
            renew(row);
        } else {
            kinds[row] = Kind.RESET;
            seeds[row] = rows.seeds.ofReset(row);
        }
    }

    /// Asks for a row to be made anew. It cannot draw on from where it stood: its row's generator gives it a seed.
    void renew(int row) {
        if (rows.seeds.ofReset(row).isEmpty()) {
            rows.seeds.draw(row);
        }
        kinds[row] = Kind.RENEW;
        seeds[row] = rows.seeds.ofReset(row);
    }

    @Override
    public Kind kind(int row) {
        return kinds[row];
    }

    @Override
    public OptionalLong seed(int row) {
        return seeds[row];
    }

    @Override
    public Options options(int row) {
        return rows.options[row];
    }

    @Override
    public MemorySegment action(int leaf) {
        return rows.batch.action(leaf);
    }

    @Override
    public int turn(int row) {
        return rows.turn(row);
    }
}
