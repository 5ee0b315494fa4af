package io.hypertoken.check;

import io.hypertoken.engine.AecView;
import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Batch;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Signature;
import io.hypertoken.record.RecordLayout;
import io.hypertoken.record.TrajectoryDigest;
import io.hypertoken.space.Leaf;
import io.hypertoken.space.Space;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

/// Plays a row as PettingZoo's agent-environment cycle, agent by agent with dead steps, and digests only what the cycle
/// tells: the far end of a transport, without the transport.
final class AecPlay {
    private final Trial trial;
    private final VectorEnvironment vector;
    private final Batch batch;
    private final Signature signature;
    private final AecView view;
    private final DirectScript script;
    private final TrajectoryDigest digest;
    private final ByteBuffer record;

    private AecPlay(Trial trial, VectorEnvironment vector, int steps) {
        this.trial = trial;
        this.vector = vector;
        this.batch = vector.batch();
        this.signature = batch.signature();
        this.view = new AecView(vector);
        this.script = new DirectScript(trial.seed());
        this.digest = new TrajectoryDigest(1, steps);
        int widest = DirectPlay.bytes(signature.observationLeaves())
                + DirectPlay.bytes(signature.actionLeaves())
                + signature.maskSize();
        this.record =
                ByteBuffer.allocate(64 + batch.agents() * (64 + 2 * widest)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// The row digest of the first `steps` scripted steps.
    static String digest(Trial trial, int steps) {
        try (var vector = trial.open(Settings.DEFAULT.autoreset(Autoreset.DISABLED))) {
            var play = new AecPlay(trial, vector, steps);
            play.reset(trial.seed());
            while (!play.digest.complete()) {
                if (play.view.selection() == AecView.NOBODY) {
                    play.reset(VectorEnvironment.NO_SEED);
                }
                play.step();
            }
            return play.digest.ofRow(0);
        }
    }

    private void reset(long seed) {
        view.reset(seed, Map.of());
        record.clear();
        record.put(RecordLayout.RESET).putLong(seed).putInt(turn());
        putNext();
        digest.record(0, record.array(), record.position());
    }

    private void step() {
        record.clear();
        record.put(RecordLayout.STEP);
        boolean[] acting = acting();
        for (int agent = 0; agent < acting.length; agent++) {
            if (acting[agent]) {
                act(agent);
                view.step();
            }
        }
        boolean[] ended = new boolean[acting.length];
        for (int agent = 0; agent < acting.length; agent++) {
            ended[agent] = view.tookPart(agent) && (view.terminated(agent) || view.truncated(agent));
            record.putLong(Double.doubleToLongBits(view.tookPart(agent) ? view.reward(agent) : 0));
        }
        for (int agent = 0; agent < acting.length; agent++) {
            record.put(view.tookPart(agent) && view.terminated(agent) ? (byte) 1 : 0);
        }
        for (int agent = 0; agent < acting.length; agent++) {
            record.put(view.tookPart(agent) && view.truncated(agent) ? (byte) 1 : 0);
        }
        ByteBuffer lastSeen = dieInTurn(ended);
        record.putInt(turn());
        putNext();
        record.put(lastSeen);
        digest.record(0, record.array(), record.position());
    }

    /// Each agent that ended looks one last time and makes its dead step.
    private ByteBuffer dieInTurn(boolean[] ended) {
        ByteBuffer seen = ByteBuffer.allocate(record.capacity()).order(ByteOrder.LITTLE_ENDIAN);
        for (int agent = 0; agent < ended.length; agent++) {
            if (!ended[agent]) {
                continue;
            }
            if (view.selection() != agent) {
                throw Verdict.failed(
                        Trial.place(vector, 0) + " selects agent " + view.selection(),
                        "agents that have ended make their dead steps in order, and it is agent " + agent + "'s",
                        "report this: the engine should keep it so");
            }
            see(agent).putLeaves(seen);
            view.deadStep();
        }
        return seen.flip();
    }

    private boolean[] acting() {
        boolean[] acting = new boolean[batch.agents()];
        for (int agent = 0; agent < acting.length; agent++) {
            acting[agent] = trial.simultaneous() ? view.isPresent(agent) : agent == view.selection();
        }
        return acting;
    }

    private void act(int agent) {
        DirectView seen = see(agent);
        List<double[]> chosen = script.choose(signature.actionSpaces().get(agent), seen.mask());
        List<Leaf> leaves = signature.actionLeaves();
        for (int leaf = 0; leaf < leaves.size(); leaf++) {
            var written = new DirectView(List.of(leaves.get(leaf)), 0);
            for (int k = 0; k < chosen.get(leaf).length; k++) {
                batch.action(0, agent, leaf, k, chosen.get(leaf)[k]);
                written.set(0, k, chosen.get(leaf)[k]);
            }
            written.putLeaves(record);
        }
    }

    private int turn() {
        return trial.simultaneous() ? RecordLayout.NOBODY : view.selection();
    }

    private void putNext() {
        boolean[] acting = acting();
        for (int agent = 0; agent < acting.length; agent++) {
            if (acting[agent]) {
                DirectView seen = see(agent);
                seen.putLeaves(record);
                for (boolean allowed : seen.mask()) {
                    record.put(allowed ? (byte) 1 : 0);
                }
            }
        }
    }

    private DirectView see(int agent) {
        view.observe(agent);
        Space actions = signature.actionSpaces().get(agent);
        boolean masked = trial.spec().maskMeaning() != MaskMeaning.NONE;
        var seen = new DirectView(signature.observationLeaves(), masked ? actions.maskSize() : 0);
        List<Leaf> leaves = signature.observationLeaves();
        for (int leaf = 0; leaf < leaves.size(); leaf++) {
            for (int k = 0; k < leaves.get(leaf).size(); k++) {
                seen.set(leaf, k, batch.observation(0, agent, leaf, k));
            }
        }
        for (int k = 0; k < seen.mask().length; k++) {
            seen.allow(k, batch.allowed(0, agent, k));
        }
        return seen;
    }
}
