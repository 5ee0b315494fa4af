package io.hypertoken.engine;

import io.hypertoken.Shown;
import io.hypertoken.env.Environment;
import io.hypertoken.env.Options;
import io.hypertoken.env.RemoteRows;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.Twin;
import io.hypertoken.env.View;
import org.jspecify.annotations.Nullable;

/// The environments of a vector's rows, from their constructors to their ends: each is closed once, whatever it throws.
final class Copies {
    /// Stands where no copy could be made.
    private static final Environment NONE = new Environment() {
        @Override
        public void reset(Step step) {
            throw new IllegalStateException("no copy of the environment could be made");
        }

        @Override
        public void step(Step step) {
            throw new IllegalStateException("no copy of the environment could be made");
        }

        @Override
        public void observe(int agent, View view) {}
    };

    private final Spec spec;
    private final Options opened;
    final @Nullable Twin twin;
    final @Nullable RemoteRows remote;
    /// Each row's own.
    final Environment[] all;

    /// Makes them all, or, if one of them throws, none.
    ///
    /// @param twins whether the environment's twin plays, if it has one
    Copies(Spec spec, Options opened, int count, boolean twins) {
        this.spec = spec;
        this.opened = opened;
        this.remote = spec.createRemote(opened, count);
        this.twin = twins && remote == null ? spec.createTwin(opened, count) : null;
        this.all = new Environment[count];
        int made = 0;
        try {
            for (; made < count; made++) {
                all[made] = create(made);
            }
        } catch (Throwable thrown) {
            close(made);
            throw thrown;
        }
    }

    /// One that belongs to no row.
    Environment create() {
        return spec.create(opened);
    }

    /// Puts a fresh copy in the place of a row's.
    void renew(int row) {
        Environment former = all[row];
        all[row] = create(row);
        close(former);
    }

    /// Puts a fresh copy in the place of one that broke; if there is none to be had, the reset that follows tries
    /// again,
    /// or tells why it cannot.
    void replace(int row) {
        try {
            renew(row);
        } catch (Throwable again) {
            close(all[row]);
            all[row] = NONE;
        }
    }

    /// Puts another in the place of a row's, which is closed.
    void put(int row, Environment copy) {
        close(all[row]);
        all[row] = copy;
    }

    void close() {
        close(all.length);
    }

    void close(Environment former) {
        try {
            former.close();
        } catch (Throwable thrown) {
            EngineLog.warn("a copy of {} did not close in order: {}", spec, Shown.trace(thrown));
        }
    }

    private void close(int made) {
        if (remote == null) {
            for (int row = 0; row < made; row++) {
                close(all[row]);
            }
            return;
        }
        try {
            remote.close();
        } catch (Throwable thrown) {
            EngineLog.warn("{} did not close in order: {}", spec, Shown.trace(thrown));
        }
    }

    private Environment create(int row) {
        return remote != null ? remote.row(row) : twin == null ? create() : twin.row(row);
    }
}
