package io.hypertoken.engine;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.event.EventSink;

/// How a vector runs its rows, whatever the environment.
///
/// @param rows how many copies, at least 1
/// @param autoreset when an ended row begins anew
/// @param illegal what happens to an action that the mask forbids
/// @param threads how many threads may share a step; results never depend on it
/// @param observesAll whether all alive agents are shown after each step, not only whoever acts next
/// @param alwaysShares whether the threads share every step, also one so short that a single thread is faster
/// @param twins whether an environment's faster twin plays in its place, with the same results
/// @param events who hears of events that environments emit
public record Settings(
        int rows,
        Autoreset autoreset,
        IllegalActions illegal,
        int threads,
        boolean observesAll,
        boolean alwaysShares,
        boolean twins,
        EventSink events) {
    /// One row, next-step autoreset, fallback for illegal actions, one thread, views for whoever acts next.
    public static final Settings DEFAULT =
            new Settings(1, Autoreset.NEXT_STEP, IllegalActions.FALLBACK, 1, false, false, true, (row, event) -> {});

    public Settings {
        if (rows < 1) {
            throw new HyperTokenException(
                    BAD_FIELD, "refused num_envs=" + rows, "a vector has at least one row", "pass 1 or more");
        }
        if (threads < 1) {
            throw new HyperTokenException(
                    BAD_FIELD, "refused threads=" + threads, "a step needs at least one thread", "pass 1 or more");
        }
    }

    /// These settings with another number of rows.
    public Settings rows(int count) {
        return new Settings(count, autoreset, illegal, threads, observesAll, alwaysShares, twins, events);
    }

    /// These settings with another autoreset mode.
    public Settings autoreset(Autoreset mode) {
        return new Settings(rows, mode, illegal, threads, observesAll, alwaysShares, twins, events);
    }

    /// These settings with another policy for illegal actions.
    public Settings illegal(IllegalActions policy) {
        return new Settings(rows, autoreset, policy, threads, observesAll, alwaysShares, twins, events);
    }

    /// These settings with another number of threads.
    public Settings threads(int count) {
        return new Settings(rows, autoreset, illegal, count, observesAll, alwaysShares, twins, events);
    }

    /// These settings with all alive agents shown after each step, or only whoever acts next.
    public Settings observesAll(boolean all) {
        return new Settings(rows, autoreset, illegal, threads, all, alwaysShares, twins, events);
    }

    /// These settings with every step shared among the threads, or only those that gain by it.
    public Settings alwaysShares(boolean always) {
        return new Settings(rows, autoreset, illegal, threads, observesAll, always, twins, events);
    }

    /// These settings with twins, or with plain environments only.
    public Settings twins(boolean allowed) {
        return new Settings(rows, autoreset, illegal, threads, observesAll, alwaysShares, allowed, events);
    }

    /// These settings with a listener for events.
    public Settings events(EventSink sink) {
        return new Settings(rows, autoreset, illegal, threads, observesAll, alwaysShares, twins, sink);
    }
}
