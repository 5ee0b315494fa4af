package io.hypertoken.engine;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.env.Spec;
import io.hypertoken.event.EventSink;

/// How a vector runs its rows, whatever the environment; immutable: the methods that take a value return other
/// settings.
///
/// ```java
/// Settings.DEFAULT.rows(64).autoreset(Autoreset.SAME_STEP).threads(2)
/// ```
public final class Settings implements Cloneable {
    /// One row, next-step autoreset, fallback for illegal actions, one thread, views for whoever acts next, and nobody
    /// who listens to events.
    public static final Settings DEFAULT = new Settings();

    /// The step limit that the environment declares, if any.
    public static final int OWN_LIMIT = 0;
    /// No step limit, whatever the environment declares.
    public static final int NO_LIMIT = -1;

    private int rows = 1;
    private Autoreset autoreset = Autoreset.NEXT_STEP;
    private IllegalActions illegal = IllegalActions.FALLBACK;
    private int threads = 1;
    private boolean observesAll;
    private int stepLimit = OWN_LIMIT;
    private EventSink events = EventSink.NONE;
    private Tuning tuning = Tuning.DEFAULT;

    private Settings() {}

    /// How many copies, at least 1.
    public int rows() {
        return rows;
    }

    /// These settings with another number of rows.
    ///
    /// @throws HyperTokenException `bad_field` below 1
    public Settings rows(int count) {
        if (count < 1) {
            throw new HyperTokenException(
                    BAD_FIELD, "refused num_envs=" + count, "a vector has at least one row", "pass 1 or more");
        }
        Settings changed = copy();
        changed.rows = count;
        return changed;
    }

    /// When an ended row begins anew.
    public Autoreset autoreset() {
        return autoreset;
    }

    /// These settings with another autoreset mode.
    public Settings autoreset(Autoreset mode) {
        Settings changed = copy();
        changed.autoreset = mode;
        return changed;
    }

    /// What happens to an action that the mask forbids.
    public IllegalActions illegal() {
        return illegal;
    }

    /// These settings with another policy for illegal actions.
    public Settings illegal(IllegalActions policy) {
        Settings changed = copy();
        changed.illegal = policy;
        return changed;
    }

    /// How many threads may share a step; results never depend on it.
    public int threads() {
        return threads;
    }

    /// These settings with another number of threads.
    ///
    /// @throws HyperTokenException `bad_field` below 1
    public Settings threads(int count) {
        if (count < 1) {
            throw new HyperTokenException(
                    BAD_FIELD, "refused threads=" + count, "a step needs at least one thread", "pass 1 or more");
        }
        Settings changed = copy();
        changed.threads = count;
        return changed;
    }

    /// Whether all alive agents are shown after each step, not only whoever acts next.
    public boolean observesAll() {
        return observesAll;
    }

    /// These settings with all alive agents shown after each step, or only whoever acts next.
    public Settings observesAll(boolean all) {
        Settings changed = copy();
        changed.observesAll = all;
        return changed;
    }

    /// After how many steps an episode is truncated: a number, [#OWN_LIMIT] or [#NO_LIMIT].
    public int stepLimit() {
        return stepLimit;
    }

    /// These settings with another step limit: shorter or longer than the environment's own, or none.
    ///
    /// @throws HyperTokenException `bad_field` for another number below 1
    public Settings stepLimit(int steps) {
        if (steps < 1 && steps != OWN_LIMIT && steps != NO_LIMIT) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "refused max_episode_steps=" + steps,
                    "an episode has at least one step",
                    "pass 1 or more, or -1 for no limit");
        }
        Settings changed = copy();
        changed.stepLimit = steps;
        return changed;
    }

    /// After how many steps the engine truncates an episode of this environment; 0 for never.
    public int stepLimitOf(Spec spec) {
        return switch (stepLimit) {
            case OWN_LIMIT -> spec.stepLimit();
            case NO_LIMIT -> 0;
            default -> stepLimit;
        };
    }

    /// Who hears the events that environments emit.
    public EventSink events() {
        return events;
    }

    /// These settings with a listener for events.
    public Settings events(EventSink sink) {
        Settings changed = copy();
        changed.events = sink;
        return changed;
    }

    /// How the vector goes about its steps.
    public Tuning tuning() {
        return tuning;
    }

    /// These settings with another tuning.
    public Settings tuning(Tuning other) {
        Settings changed = copy();
        changed.tuning = other;
        return changed;
    }

    private Settings copy() {
        try {
            return (Settings) clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("Settings are Cloneable", e);
        }
    }
}
