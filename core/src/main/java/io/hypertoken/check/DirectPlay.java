package io.hypertoken.check;

import io.hypertoken.env.Environment;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Options;
import io.hypertoken.env.Signature;
import io.hypertoken.env.Spec;
import io.hypertoken.env.TurnOrder;
import io.hypertoken.random.Generator;
import io.hypertoken.record.RecordLayout;
import io.hypertoken.record.TrajectoryDigest;
import io.hypertoken.space.Leaf;
import io.hypertoken.space.Space;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/// Plays one copy of an environment with plain arrays and no engine: what every engine must agree with.
///
/// Slow, and written apart from the engine on purpose: it shares no memory, cursor, script or recorder with it.
final class DirectPlay {
    private final Spec spec;
    private final Signature signature;
    private final boolean simultaneous;
    private final Environment environment;
    private final DirectStep step;
    private final DirectScript script;
    private final TrajectoryDigest digest;
    private final ByteBuffer record;
    private final DirectView[] views;
    private int turn;
    private int length;

    private DirectPlay(Spec spec, Options options, long seed, long steps) {
        this.spec = spec;
        this.signature = spec.signature(options);
        this.simultaneous = spec.turnOrder() == TurnOrder.SIMULTANEOUS;
        this.environment = spec.create(options);
        int agents = signature.agents().size();
        this.step = new DirectStep(Generator.seeded(seed), options, agents);
        this.script = new DirectScript(seed);
        this.digest = new TrajectoryDigest(1, steps);
        this.views = new DirectView[agents];
        int widest = bytes(signature.observationLeaves()) + bytes(signature.actionLeaves()) + signature.maskSize();
        this.record = ByteBuffer.allocate(64 + agents * (64 + 2 * widest)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// The row digest of the first `steps` scripted steps of a row with this seed.
    static String digest(Spec spec, Options options, long seed, long steps) {
        var play = new DirectPlay(spec, options, seed, steps);
        try {
            play.reset(seed);
            while (!play.digest.complete()) {
                if (play.step.over()) {
                    play.reset(RecordLayout.DREW_ON);
                }
                play.step();
            }
            return play.digest.ofRow(0);
        } finally {
            play.environment.close();
        }
    }

    private void reset(long seed) {
        step.begin(0);
        Arrays.fill(step.alive, true);
        step.seed = seed == RecordLayout.DREW_ON ? OptionalLong.empty() : OptionalLong.of(seed);
        environment.reset(step);
        step.seed = OptionalLong.empty();
        turn = simultaneous ? RecordLayout.NOBODY : Math.max(0, step.chosenNext);
        length = 0;
        record.clear();
        record.put(RecordLayout.RESET).putLong(seed).putInt(turn);
        putNext();
        digest.record(0, record.array(), record.position());
    }

    private void step() {
        boolean[] before = step.alive.clone();
        record.clear();
        record.put(RecordLayout.STEP);
        for (int agent = 0; agent < before.length; agent++) {
            if (acts(agent)) {
                act(agent);
            }
        }
        step.begin(Math.max(0, turn));
        environment.step(step);
        length++;
        endAtLimit(before);
        turn = simultaneous || step.over() ? RecordLayout.NOBODY : step.nextActor();
        for (double reward : step.rewards) {
            record.putLong(Double.doubleToLongBits(reward));
        }
        putFlags(step.terminated);
        putFlags(step.truncated);
        record.putInt(turn);
        putNext();
        for (int agent = 0; agent < before.length; agent++) {
            if (before[agent] && !step.alive[agent]) {
                see(agent).putLeaves(record);
            }
        }
        digest.record(0, record.array(), record.position());
    }

    private boolean acts(int agent) {
        return simultaneous ? step.alive[agent] : agent == turn;
    }

    private void act(int agent) {
        List<double[]> chosen = script.choose(signature.actionSpaces().get(agent), views[agent].mask());
        step.actions[agent] = chosen.toArray(double[][]::new);
        List<Leaf> leaves = signature.actionLeaves();
        for (int leaf = 0; leaf < leaves.size(); leaf++) {
            var writer = new DirectView(List.of(leaves.get(leaf)), 0);
            double[] values = chosen.get(leaf);
            for (int k = 0; k < values.length; k++) {
                writer.set(0, k, values[k]);
            }
            writer.putLeaves(record);
        }
    }

    private void endAtLimit(boolean[] before) {
        for (int agent = 0; length == spec.stepLimit() && agent < before.length; agent++) {
            step.truncated[agent] = before[agent];
            step.alive[agent] = false;
        }
    }

    private void putNext() {
        for (int agent = 0; agent < views.length; agent++) {
            if (step.over() || !acts(agent)) {
                continue;
            }
            views[agent] = see(agent);
            views[agent].putLeaves(record);
            putFlags(views[agent].mask());
        }
    }

    private DirectView see(int agent) {
        Space actions = signature.actionSpaces().get(agent);
        var view = new DirectView(
                signature.observationLeaves(), spec.maskMeaning() == MaskMeaning.NONE ? 0 : actions.maskSize());
        environment.observe(agent, view);
        return view;
    }

    private void putFlags(boolean[] flags) {
        for (boolean flag : flags) {
            record.put(flag ? (byte) 1 : 0);
        }
    }

    /// The bytes of all leaves together.
    static int bytes(List<Leaf> leaves) {
        return leaves.stream().mapToInt(Leaf::bytes).sum();
    }
}
