package io.hypertoken.games;

import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Batch;
import io.hypertoken.engine.IllegalActions;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Spec;
import java.util.Map;
import java.util.stream.IntStream;

/// One copy of a game, stepped by hand: no autoreset, illegal actions refused, every agent shown after each step.
///
/// Beside what [io.hypertoken.check.Play] shows, its vector is open for snapshots and for what each agent may see
/// drawn.
public final class OneRow implements AutoCloseable {
    public final VectorEnvironment vector;
    public final Batch batch;

    private OneRow(VectorEnvironment vector) {
        this.vector = vector;
        this.batch = vector.batch();
    }

    public static OneRow of(Spec spec) {
        return of(spec, Map.of());
    }

    public static OneRow of(Spec spec, Map<String, ?> options) {
        var settings = Settings.DEFAULT
                .autoreset(Autoreset.DISABLED)
                .illegal(IllegalActions.STRICT)
                .observesAll(true);
        return new OneRow(VectorEnvironment.open(spec, spec.options(options), settings));
    }

    public OneRow reset(long seed) {
        vector.reset(seed);
        return this;
    }

    public OneRow reset(long seed, Map<String, ?> episodeOptions) {
        vector.reset(null, new long[] {seed}, episodeOptions);
        return this;
    }

    /// Plays one action of whoever is to act, or one of each agent.
    public OneRow step(int... actions) {
        if (actions.length == 1) {
            batch.action(0, Math.max(0, batch.turn(0)), actions[0]);
        } else {
            for (int agent = 0; agent < actions.length; agent++) {
                batch.action(0, agent, actions[agent]);
            }
        }
        vector.step();
        return this;
    }

    public boolean over() {
        return vector.over(0);
    }

    /// Leaf 0 of what an agent sees.
    public double[] observation(int agent) {
        int size = batch.signature().observationLeaves().getFirst().size();
        return IntStream.range(0, size)
                .mapToDouble(k -> batch.observation(0, agent, 0, k))
                .toArray();
    }

    /// Leaf 0 of what an agent sees, where all elements are 0 or 1: one character each.
    public String bits(int agent) {
        var text = new StringBuilder();
        for (double value : observation(agent)) {
            text.append((int) value);
        }
        return text.toString();
    }

    /// The mask of whoever is to act: one character a flag; all zeros when the episode is over.
    public String mask() {
        return mask(Math.max(0, batch.turn(0)));
    }

    public String mask(int agent) {
        var text = new StringBuilder();
        for (int k = 0; k < batch.maskSize(); k++) {
            text.append(batch.allowed(0, agent, k) ? 1 : 0);
        }
        return text.toString();
    }

    public double reward(int agent) {
        return batch.reward(0, agent);
    }

    @Override
    public void close() {
        vector.close();
    }
}
