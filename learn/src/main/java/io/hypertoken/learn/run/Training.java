package io.hypertoken.learn.run;

import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Signature;
import io.hypertoken.learn.policy.MlpPolicy;
import io.hypertoken.learn.policy.PolicyFolder;
import io.hypertoken.learn.ppo.Learner;
import io.hypertoken.learn.ppo.Ppo;
import io.hypertoken.record.ScriptedRun;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A training: a vector, an algorithm on it, and a folder that both leave their traces in.
///
/// For one thread; what stops it may be called from any.
public final class Training implements AutoCloseable {
    private static final long CHECKPOINT_NANOS = 60_000_000_000L;
    private static final long FLUSH_NANOS = 1_000_000_000L;
    private static final long DIGESTED_STEPS = 200;

    private final Plan plan;
    private final @Nullable RunFolder folder;
    private final VectorEnvironment vector;
    private final Ppo ppo;
    private final long firstStep;

    private Training(Plan plan, @Nullable RunFolder folder, @Nullable Path resumed, String version) {
        this.plan = plan;
        vector = VectorEnvironment.open(
                plan.spec(),
                plan.options(),
                Settings.DEFAULT
                        .rows(plan.settings().envs())
                        .threads(plan.threads())
                        .autoreset(Autoreset.SAME_STEP));
        Ppo made = null;
        try {
            made = new Ppo(vector, plan.settings(), plan.totalSteps(), plan.seed(), plan.threads());
            if (resumed == null) {
                made.begin();
                this.folder = folder;
            } else {
                made.load(RunFolder.newest(resumed));
                this.folder = RunFolder.reopen(resumed, plan, version, made.steps());
            }
        } catch (RuntimeException refused) {
            if (made != null) {
                made.close();
            }
            vector.close();
            throw refused;
        }
        ppo = made;
        firstStep = ppo.steps();
    }

    /// A training from the beginning.
    ///
    /// @param folder where its traces go; null for nowhere. It is closed with the training.
    public static Training begin(Plan plan, @Nullable RunFolder folder) {
        return new Training(plan, folder, null, "");
    }

    /// A training that goes on where its folder's newest checkpoint stood, as if it had never stopped.
    ///
    /// @param version of HyperToken
    /// @throws io.hypertoken.HyperTokenException if there is no checkpoint, or it is of something else
    public static Training resume(Plan plan, Path folder, String version) {
        return new Training(plan, null, folder, version);
    }

    /// What is trained.
    public Plan plan() {
        return plan;
    }

    /// Its folder; null where it leaves nothing.
    public @Nullable RunFolder folder() {
        return folder;
    }

    /// The algorithm, between two updates.
    public Ppo ppo() {
        return ppo;
    }

    /// A policy as it is now, playing its likeliest actions: the seat's own, or the one that all seats share.
    public MlpPolicy player(int seat) {
        Signature signature = plan.spec().signature(plan.options());
        Learner learner = ppo.learners().get(ppo.learners().size() == 1 ? 0 : seat);
        return new MlpPolicy(
                signature.observationSpaces().get(seat),
                signature.actionSpaces().get(seat),
                learner.network(),
                learner.parameters(),
                learner.seen(),
                plan.settings().squashes(),
                null);
    }

    /// Whether all steps are done.
    public boolean done() {
        return ppo.steps() >= plan.totalSteps();
    }

    /// Trains until all steps are done, or until it is told to stop: then the update under way is ended.
    ///
    /// @param stop asked before each update
    /// @param listener hears of each update
    public void run(BooleanSupplier stop, Consumer<Progress> listener) {
        long began = System.nanoTime();
        long flushed = began;
        long kept = began;
        while (!done() && !stop.getAsBoolean()) {
            ppo.iterate();
            long now = System.nanoTime();
            Progress progress =
                    Progress.of(ppo, plan.totalSteps(), (ppo.steps() - firstStep) * 1e9 / Math.max(1, now - began));
            if (folder != null) {
                folder.tell(progress);
                if (now - kept > CHECKPOINT_NANOS) {
                    folder.checkpoint(ppo);
                    kept = now;
                    flushed = now;
                } else if (now - flushed > FLUSH_NANOS) {
                    folder.flush();
                    flushed = now;
                }
            }
            listener.accept(progress);
        }
        if (folder != null) {
            folder.checkpoint(ppo);
        }
    }

    /// Gives the rows back, which somebody else may need where pages or processes play them: nothing is trained from
    /// now
    /// on, but the policy may still be written.
    public void retire() {
        ppo.close();
        vector.close();
    }

    /// Writes the policy as it is now: into `policy/`, or, if every seat has its own, into `policy/` and the agent's
    /// name.
    ///
    /// @param scores what is known of how well it plays, by name
    public void writePolicy(Map<String, ?> scores) {
        RunFolder into = folder;
        if (into == null) {
            return;
        }
        Signature signature = plan.spec().signature(plan.options());
        var more = new LinkedHashMap<String, Object>();
        if (!plan.spec().blocking()) {
            more.put("digest", digest());
        }
        var trained = new LinkedHashMap<String, Object>();
        trained.put("algorithm", "ppo");
        trained.put("steps", ppo.steps());
        trained.put("seed", plan.seed());
        more.put("trained", trained);
        more.put("scores", scores);
        List<Learner> learners = ppo.learners();
        for (int k = 0; k < learners.size(); k++) {
            boolean own = learners.size() > 1;
            List<Integer> seats = own
                    ? List.of(k)
                    : IntStream.range(0, signature.agents().size()).boxed().toList();
            PolicyFolder.write(
                    own ? into.policy().resolve(signature.agents().get(k)) : into.policy(),
                    plan.spec(),
                    plan.options(),
                    seats,
                    plan.settings(),
                    learners.get(k),
                    more);
        }
    }

    /// The trajectory digest by which somebody else may know that they play the same environment.
    private Map<String, Object> digest() {
        String digest = ScriptedRun.digest(plan.spec(), plan.options(), Settings.DEFAULT, 0, DIGESTED_STEPS);
        var described = new LinkedHashMap<String, Object>();
        described.put("sha256", digest);
        described.put("seed", 0);
        described.put("steps", DIGESTED_STEPS);
        described.put("envs", 1);
        return described;
    }

    @Override
    public void close() {
        retire();
        if (folder != null) {
            folder.close();
        }
    }
}
