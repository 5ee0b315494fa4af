package io.hypertoken.check;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.engine.Batch;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Snapshot;
import io.hypertoken.env.Spec;
import io.hypertoken.random.Generator;
import io.hypertoken.record.ScriptedActions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Restores saved states that somebody has changed, and plays on from those that are accepted.
///
/* On a thread of its own, because a state that no rules could be in may keep them busy for ever: nothing can end such a
thread, so it is left behind with its vector when it has shown no progress for long enough. */
final class ForgedSnapshots {
    private static final int SAVED = 6;
    private static final int STEPS = 50; // from each that is accepted
    private static final int SOME = 25; // so many restored states for each that is drawn as a picture, which takes long
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private static final String RULE = "a snapshot may come from anyone";
    private static final String WHAT_TO_DO = "let load() refuse by Snapshot.require what the rules could not be in";

    private final Trial trial;
    private final Spec spec;
    private final Duration deadline;
    private byte[] state = {};
    private @Nullable Forgery forgery;
    private String place = "";
    private volatile long progress;
    private volatile @Nullable Throwable thrown;

    /// @param deadline how long one restored state may keep the rules busy
    ForgedSnapshots(Trial trial, Duration deadline) {
        this.trial = trial;
        this.deadline = deadline;
        this.spec = trial.spec().wrapping(sound -> new ForgedState(sound, this::forge));
    }

    static List<Check> all() {
        return List.of(new Check(
                "forged-snapshot",
                "a snapshot whose state was changed is refused and changes nothing, or can be played on from",
                trial -> new ForgedSnapshots(trial, DEADLINE).look()));
    }

    private byte[] forge(byte[] saved) {
        state = saved;
        return forgery == null ? saved : forgery.in(saved);
    }

    void look() {
        if (!(trial.spec().create(trial.options()) instanceof Snapshot)) {
            throw Verdict.notApplicable("it is no Snapshot, so its state cannot be saved");
        }
        Thread player = Thread.ofPlatform()
                .daemon()
                .name("forged-snapshot")
                .uncaughtExceptionHandler((thread, failure) -> thrown = failure)
                .start(this::restoreAll);
        try {
            for (long before = -1; !player.join(deadline); before = progress) {
                if (before == progress) {
                    throw failed("is still busy after " + deadline.toMillis() + " ms");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Verdict.notApplicable("it was interrupted");
        }
        Throwable failure = thrown;
        if (failure instanceof Verdict verdict) {
            throw verdict;
        }
        if (failure != null) {
            throw failed("threw " + Shown.failure(failure));
        }
    }

    private Verdict failed(String what) {
        return Verdict.failed(place + ", restored with " + forgery + ", " + what, RULE, WHAT_TO_DO);
    }

    private void restoreAll() {
        Settings settings = Settings.DEFAULT.observesAll(true);
        try (var original = VectorEnvironment.open(spec, trial.options(), settings);
                var other = VectorEnvironment.open(spec, trial.options(), settings)) {
            original.reset(trial.seed());
            var script = new ScriptedActions(trial.seed(), 1);
            var random = Generator.seeded(trial.seed());
            for (int k = 0; k < SAVED; k++) {
                byte[] saved = original.snapshot(0);
                place = Trial.place(original, 0);
                forgery = null;
                other.restore(0, saved);
                for (Forgery next : Forgery.of(state, trial.forgeries(), random)) {
                    forgery = next;
                    restore(other, saved);
                    progress++;
                }
                play(original, script, Math.max(1, trial.steps() * k / (SAVED * SAVED)));
            }
        }
    }

    private void restore(VectorEnvironment vector, byte[] saved) {
        byte[] reply = Trial.reply(vector);
        byte[] before = vector.snapshot(0);
        try {
            vector.restore(0, saved);
        } catch (HyperTokenException refused) {
            if (!Arrays.equals(reply, Trial.reply(vector)) || !Arrays.equals(before, vector.snapshot(0))) {
                throw failed("was refused, but had changed the row");
            }
            return;
        }
        playOn(vector);
    }

    private void playOn(VectorEnvironment vector) {
        Batch batch = vector.batch();
        for (int agent = 0; agent < batch.agents(); agent++) {
            vector.text(0, agent);
            vector.observe(0, agent); // so that the mask is that of the state
        }
        vector.text(0, Renders.SPECTATOR);
        if (progress % SOME == 0) {
            vector.frame(0);
        }
        var script = new ScriptedActions(trial.seed(), 1);
        long broken = vector.quarantined();
        for (int step = 1; step <= STEPS; step++) {
            play(vector, script, 1);
            if (vector.quarantined() > broken) {
                throw failed("threw " + vector.info(0, 0).get("environment_error") + " in step " + step);
            }
            for (int agent = 0; agent < batch.agents(); agent++) {
                requireShown(batch, agent, step);
            }
        }
    }

    private void requireShown(Batch batch, int agent, int step) {
        String name = batch.signature().agents().get(agent);
        if (!Double.isFinite(batch.reward(0, agent))) {
            throw failed("gave " + name + " the reward " + batch.reward(0, agent) + " in step " + step);
        }
        if (batch.alive(0, agent) || batch.terminated(0, agent) || batch.truncated(0, agent)) {
            var space = batch.signature().observationSpaces().get(agent);
            String outside = Bounds.outside(space, batch, 0, agent);
            if (!outside.isEmpty()) {
                throw failed("showed " + name + " " + outside + " in step " + step + ", which is not in " + space);
            }
        }
    }

    private static void play(VectorEnvironment vector, ScriptedActions script, int steps) {
        for (int k = 0; k < steps; k++) {
            script.choose(vector);
            vector.step();
        }
    }
}
