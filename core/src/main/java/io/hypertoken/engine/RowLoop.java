package io.hypertoken.engine;

import io.hypertoken.env.Environment;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/// The loop that steps rows by the plain [Environment] class.
///
/* The compiler inlines `step` and `observe` only while one loop meets one environment class. So every environment class
gets its own hidden copy of this class, with a profile of its own; that measured 28 ns a CartPole step against 33-36
for a loop shared by four classes. The first environment class of a process has this class itself: a copy's bytes come
out of the jar, and to open that takes 40 ms of a new process. The engine makes one virtual call a block to reach it. */
final class RowLoop implements BlockLoop {
    private static final ClassValue<BlockLoop> LOOPS = new ClassValue<>() {
        @Override
        protected BlockLoop computeValue(Class<?> environmentClass) {
            return TAKEN.compareAndSet(false, true) ? new RowLoop() : copy();
        }
    };
    private static final AtomicBoolean TAKEN = new AtomicBoolean();

    RowLoop() {}

    /// The loop that serves one environment class alone.
    static BlockLoop of(Class<? extends Environment> environmentClass) {
        return LOOPS.get(environmentClass);
    }

    @Override
    public void run(Rows rows, RowStep step, RowView view, int from, int to) {
        rows.prepare(step, view, from, to);
        play(rows, step, view, from, to);
        rows.finish(step, view, from, to);
    }

    /// Steps the rows that run, and leaves those that end to the caller.
    static void play(Rows rows, RowStep step, RowView view, int from, int to) {
        if (rows.agents == 1) {
            runSolo(rows, step, view, from, to);
        } else {
            runTables(rows, step, view, from, to);
        }
    }

    /// Rows of one agent have no turns to pass.
    private static void runSolo(Rows rows, RowStep step, RowView view, int from, int to) {
        for (int row = from; row < to; row++) {
            if (rows.status[row] != Rows.RUNNING) {
                continue;
            }
            step.beginSolo(row);
            long length = ++rows.lengths[row];
            Environment environment = rows.environments[row];
            try {
                environment.step(step);
                if (length == rows.stepLimit) {
                    step.truncateAtLimit();
                }
                view.open(row, 0);
                environment.observe(0, view);
                view.commit(!step.anyEnded());
            } catch (Throwable thrown) {
                rows.quarantine(row, step, view, thrown);
            }
            step.flush();
            if (step.anyEnded()) {
                rows.turn(row, Rows.NOBODY);
                rows.status[row] = Rows.ENDED;
            }
        }
    }

    private static void runTables(Rows rows, RowStep step, RowView view, int from, int to) {
        for (int row = from; row < to; row++) {
            if (rows.status[row] != Rows.RUNNING) {
                continue;
            }
            step.begin(row, Math.max(0, rows.turn(row)));
            long length = ++rows.lengths[row];
            Environment environment = rows.environments[row];
            try {
                environment.step(step);
                if (length == rows.stepLimit) {
                    step.truncateAtLimit();
                }
                show(rows, environment, step, view, row);
            } catch (Throwable thrown) {
                rows.quarantine(row, step, view, thrown);
            }
            step.flush();
            if (step.anyEnded() && !step.anyAlive()) {
                rows.status[row] = Rows.ENDED;
            }
        }
    }

    /// Passes the turn on, and shows the row to whoever acts next and to those for whom it has just ended.
    private static void show(Rows rows, Environment environment, RowStep step, RowView view, int row) {
        int acted = step.agent();
        int next = rows.simultaneous ? Rows.NOBODY : step.nextActor();
        for (int agent = 0; agent < rows.agents; agent++) {
            boolean alive = step.isAlive(agent);
            boolean acts = alive && (rows.simultaneous || agent == next);
            if (acts || step.ended(agent) || (alive && rows.settings.observesAll())) {
                view.open(row, agent);
                environment.observe(agent, view);
                view.commit(acts);
            } else if (agent == acted) {
                view.hideMask(row, agent);
            }
        }
        rows.turn(row, next);
    }

    private static BlockLoop copy() {
        try (InputStream bytes = Objects.requireNonNull(RowLoop.class.getResourceAsStream("RowLoop.class"))) {
            Class<?> copy = MethodHandles.lookup()
                    .defineHiddenClass(bytes.readAllBytes(), false)
                    .lookupClass();
            return (BlockLoop) copy.getDeclaredConstructor().newInstance();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the class file of RowLoop", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot copy RowLoop", e);
        }
    }
}
