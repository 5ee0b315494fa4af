package io.hypertoken.check;

import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Batch;
import io.hypertoken.engine.IllegalActions;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Spec;
import io.hypertoken.env.TurnOrder;
import io.hypertoken.record.ScriptedActions;
import io.hypertoken.space.Leaf;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Plays one copy of an environment step by step, for its author's tests.
///
/// ```java
/// var last = Play.of(Corridor.SPEC).seed(3).actions(1, 1, 1, 1, 1, 1, 1);
/// assertThat(last.observation()).isEqualTo(7);
/// assertThat(last.terminated()).isTrue();
/// ```
/// An episode that is over stays over until [#seed(long)] or [#again()] begins the next. Illegal actions are refused
/// ([IllegalActions#STRICT]) unless said otherwise. An environment that throws fails the call. Not safe for several
/// threads at once; frees its memory when it is no longer reachable.
public final class Play {
    private static final Cleaner CLEANER = Cleaner.create();

    private final Spec spec;
    private final Map<String, Object> options = new LinkedHashMap<>();
    private final Map<String, Object> episodeOptions = new LinkedHashMap<>();
    private IllegalActions illegal = IllegalActions.STRICT;
    private @Nullable VectorEnvironment vector;
    private int acted;

    private Play(Spec spec) {
        this.spec = spec;
    }

    /// A player of one copy, with default options.
    public static Play of(Spec spec) {
        return new Play(spec);
    }

    /// Sets a construction option, before the first episode, or an episode option, for the episodes that begin from now
    /// on.
    public Play option(String name, Object value) {
        boolean episode =
                spec.options().stream().anyMatch(option -> option.name().equals(name) && option.episode());
        if (!episode && vector != null) {
            throw new IllegalStateException("cannot set option " + name + " of " + spec.id()
                    + "; it shapes the environment, which is open already; set it before seed()");
        }
        (episode ? episodeOptions : options).put(name, value);
        return this;
    }

    /// Chooses what happens to an action that the mask forbids; before the first episode.
    public Play illegal(IllegalActions policy) {
        if (vector != null) {
            throw new IllegalStateException("cannot set the illegal-action policy of " + spec.id()
                    + "; the environment is open already; set it before seed()");
        }
        illegal = policy;
        return this;
    }

    /// Begins an episode with this seed.
    public Play seed(long seed) {
        try {
            open().reset(null, new long[] {seed}, episodeOptions);
            acted = 0;
            return this;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /// Begins the next episode, drawing on from the same generator.
    public Play again() {
        try {
            open().reset(null, null, episodeOptions);
            acted = 0;
            return this;
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /// Plays integer actions one after another, each for whoever is to act; in a simultaneous game one for each alive
    /// agent in order, round after round. Actions behind the end of the episode are left out.
    ///
    /// @return what the last step brought
    public Played actions(int... actions) {
        try {
            Batch batch = begun().batch();
            int next = 0;
            while (next < actions.length && !begun().over(0)) {
                for (int agent = 0; agent < batch.agents(); agent++) {
                    if (!acts(agent)) {
                        continue;
                    }
                    if (next == actions.length) {
                        throw new IllegalArgumentException(
                                "cannot play a round of " + spec.id() + " without an action of "
                                        + batch.signature().agents().get(agent)
                                        + "; all alive agents act at once; pass one for each");
                    }
                    batch.action(0, agent, actions[next++]);
                }
                step();
            }
            return now();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /// Plays one step of whoever is to act, whose action has several elements: all elements of its leaves in order; in
    /// a simultaneous game those of each alive agent in order.
    ///
    /// @return what the step brought
    public Played values(double... elements) {
        try {
            Batch batch = begun().batch();
            List<Leaf> leaves = batch.signature().actionLeaves();
            int next = 0;
            for (int agent = 0; agent < batch.agents(); agent++) {
                for (int leaf = 0; acts(agent) && leaf < leaves.size(); leaf++) {
                    for (int k = 0; k < leaves.get(leaf).size(); k++) {
                        batch.action(0, agent, leaf, k, elements[next++]);
                    }
                }
            }
            step();
            return now();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /// Plays random allowed actions, at most `steps` of them, until the episode ends.
    ///
    /// @return what the last step brought
    public Played random(long seed, int steps) {
        try {
            var script = new ScriptedActions(seed, 1);
            for (int k = 0; k < steps && !begun().over(0); k++) {
                script.choose(begun(), 0);
                step();
            }
            return now();
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    /// What the last reset or step brought.
    public Played now() {
        try {
            return Played.of(begun(), acted);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    private void step() {
        VectorEnvironment playing = begun();
        acted = Math.max(0, playing.batch().turn(0));
        playing.step();
        Object error = playing.info(0, 0).get("environment_error");
        if (error != null) {
            throw new IllegalStateException(
                    spec + " threw in step " + playing.batch().episodeLength(0) + ": " + error);
        }
    }

    private boolean acts(int agent) {
        Batch batch = begun().batch();
        return spec.turnOrder() == TurnOrder.SIMULTANEOUS ? batch.alive(0, agent) : batch.turn(0) == agent;
    }

    private VectorEnvironment begun() {
        VectorEnvironment playing = open();
        if (!playing.wasReset(0)) {
            seed(0);
        }
        return playing;
    }

    private VectorEnvironment open() {
        VectorEnvironment opened = vector;
        if (opened == null) {
            var settings = Settings.DEFAULT
                    .autoreset(Autoreset.DISABLED)
                    .illegal(illegal)
                    .observesAll(true);
            opened = VectorEnvironment.open(spec, spec.options(options), settings);
            CLEANER.register(this, opened::close); // and so the public methods keep this player reachable to their end
            vector = opened;
        }
        return opened;
    }
}
