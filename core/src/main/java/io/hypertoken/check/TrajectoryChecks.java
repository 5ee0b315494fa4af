package io.hypertoken.check;

import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.Tuning;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Renders;
import io.hypertoken.record.ScriptedActions;
import io.hypertoken.record.ScriptedRun;
import io.hypertoken.record.TrajectoryDigest;
import io.hypertoken.record.TrajectoryRecorder;
import java.util.Arrays;
import java.util.List;

/// Finds the same trajectory from the same seed, however the environment is run.
final class TrajectoryChecks {
    private static final String SAME = "the same seed and actions give the same trajectory";
    private static final String HIDDEN_STATE =
            "look for chance that is not step.random(), static state, or state that reset() leaves behind";

    private TrajectoryChecks() {}

    static List<Check> all() {
        return List.of(
                new Check("repeat", "two copies play the same, from either of two seeds", TrajectoryChecks::repeat),
                new Check(
                        "clean-reset",
                        "an episode is the same whatever the copy has played before",
                        TrajectoryChecks::cleanReset),
                new Check(
                        "rows",
                        "vectors of 1, 7 and 64 rows play as each row does by plain calls of the environment alone",
                        TrajectoryChecks::rows),
                new Check("threads", "two and three threads play as one", TrajectoryChecks::threads),
                new Check(
                        "autoreset",
                        "all three autoreset modes play the same, in 5 rows, and in 64 that two threads share",
                        TrajectoryChecks::autoreset),
                new Check(
                        "aec",
                        "PettingZoo's cycle of single agents, with dead steps, tells the same",
                        TrajectoryChecks::aec),
                new Check(
                        "purity",
                        "looking and drawing change nothing, and looking twice shows the same",
                        TrajectoryChecks::purity),
                new Check(
                        "snapshot",
                        "a saved row goes on the same where it is restored, and saving changes nothing",
                        TrajectoryChecks::snapshot));
    }

    private static void repeat(Trial trial) {
        for (long seed : new long[] {trial.seed(), trial.seed() + 12_345}) {
            String first = trial.digest(Settings.DEFAULT, seed, trial.steps()).ofRow(0);
            String second = trial.digest(Settings.DEFAULT, seed, trial.steps()).ofRow(0);
            requireSame(first, second, "two copies with seed " + seed + " differ");
        }
    }

    private static void cleanReset(Trial trial) {
        int steps = Math.min(trial.steps(), 100);
        String fresh = trial.digest(Settings.DEFAULT, trial.seed(), steps).ofRow(0);
        for (int before = 1; before <= 20; before++) {
            try (var vector = trial.open(Settings.DEFAULT)) {
                vector.reset(trial.seed() + before);
                play(vector, new ScriptedActions(trial.seed() + before, 1), before);
                var digest = new TrajectoryDigest(1, steps);
                TrajectoryRecorder.attach(vector, digest);
                vector.reset(trial.seed());
                var script = new ScriptedActions(trial.seed(), 1);
                while (!digest.complete()) {
                    ScriptedRun.step(vector, script);
                }
                requireSame(
                        fresh,
                        digest.ofRow(0),
                        "seed " + trial.seed() + " after " + before + " steps of seed " + (trial.seed() + before)
                                + " differs from a fresh copy");
            }
        }
    }

    private static void rows(Trial trial) {
        int steps = trial.fewSteps();
        String[] expected = new String[64];
        for (int row = 0; row < expected.length; row++) {
            expected[row] = DirectPlay.digest(trial.spec(), trial.options(), trial.seed() + row, steps);
        }
        for (int rows : new int[] {1, 7, 64}) {
            TrajectoryDigest digest = trial.digest(Settings.DEFAULT.rows(rows), trial.seed(), steps);
            for (int row = 0; row < rows; row++) {
                requireSame(
                        expected[row],
                        digest.ofRow(row),
                        "row " + row + " of " + rows + " (seed " + (trial.seed() + row)
                                + ") differs from plain calls of the environment");
            }
        }
    }

    private static void threads(Trial trial) {
        int steps = trial.fewSteps();
        for (int rows : new int[] {7, 64}) {
            Settings settings = Settings.DEFAULT.rows(rows).tuning(Tuning.SHARES_ALWAYS);
            String one = trial.digest(settings, trial.seed(), steps).ofBatch();
            for (int threads = 2; threads <= 3; threads++) {
                String shared = trial.digest(settings.threads(threads), trial.seed(), steps)
                        .ofBatch();
                requireSame(one, shared, rows + " rows on " + threads + " threads differ from one thread");
            }
        }
    }

    private static void autoreset(Trial trial) {
        autoreset(trial, Settings.DEFAULT.rows(5), 1, trial.steps());
        autoreset(trial, Settings.DEFAULT.rows(64).tuning(Tuning.SHARES_ALWAYS), 2, trial.fewSteps());
    }

    private static void autoreset(Trial trial, Settings settings, int threads, int steps) {
        String expected = trial.digest(settings, trial.seed(), steps).ofBatch();
        for (Autoreset mode : Autoreset.values()) {
            String found = trial.digest(settings.autoreset(mode).threads(threads), trial.seed(), steps)
                    .ofBatch();
            requireSame(
                    expected,
                    found,
                    mode.wireName() + " in " + settings.rows() + " rows, by " + threads
                            + (threads == 1 ? " thread" : " threads") + ", differs from next_step by one");
        }
    }

    private static void aec(Trial trial) {
        int steps = trial.fewSteps();
        String expected = trial.digest(Settings.DEFAULT, trial.seed(), steps).ofRow(0);
        requireSame(expected, AecPlay.digest(trial, steps), "the agent-environment cycle differs from the vector");
    }

    private static void purity(Trial trial) {
        int steps = trial.fewSteps();
        String expected = trial.digest(Settings.DEFAULT, trial.seed(), steps).ofRow(0);
        try (var vector = trial.open(Settings.DEFAULT)) {
            var digest = new TrajectoryDigest(1, steps);
            TrajectoryRecorder.attach(vector, digest);
            vector.reset(trial.seed());
            var script = new ScriptedActions(trial.seed(), 1);
            while (!digest.complete()) {
                lookAround(vector);
                ScriptedRun.step(vector, script);
            }
            requireSame(expected, digest.ofRow(0), "looking and drawing between the steps changed what follows");
        }
    }

    private static void lookAround(VectorEnvironment vector) {
        int agents = vector.batch().agents();
        for (int agent = 0; agent < agents; agent++) {
            vector.observe(0, agent);
        }
        byte[] seen = Trial.reply(vector);
        vector.text(0, Renders.SPECTATOR);
        vector.frame(0);
        for (int agent = 0; agent < agents; agent++) {
            vector.text(0, agent);
            vector.observe(0, agent);
        }
        if (!Arrays.equals(seen, Trial.reply(vector))) {
            throw Verdict.failed(
                    Trial.place(vector, 0) + " showed another observation when looked at twice",
                    "observe() is pure",
                    "move what changes into step() or reset()");
        }
    }

    private static void snapshot(Trial trial) {
        if (!trial.spec().savable()) {
            throw Verdict.notApplicable("it is no Snapshot, so its state cannot be saved");
        }
        int between = Math.max(1, trial.steps() / 40);
        try (var vector = trial.open(Settings.DEFAULT);
                var other = trial.open(Settings.DEFAULT)) {
            vector.reset(trial.seed());
            var script = new ScriptedActions(trial.seed(), 1);
            for (int k = 0; k < 40; k++) {
                play(vector, script, between);
                byte[] saved = vector.snapshot(0);
                if (!Arrays.equals(saved, vector.snapshot(0))) {
                    throw Verdict.failed(
                            Trial.place(vector, 0) + " saves other bytes the second time",
                            "saving changes nothing",
                            "mend save()");
                }
                other.restore(0, saved);
                goOnTogether(vector, other, trial.seed() + k);
            }
        }
    }

    private static void goOnTogether(VectorEnvironment vector, VectorEnvironment restored, long seed) {
        var script = new ScriptedActions(seed, 1);
        var same = new ScriptedActions(seed, 1);
        for (int k = 0; k < 20; k++) {
            if (!Arrays.equals(Trial.reply(vector), Trial.reply(restored))) {
                throw Verdict.failed(
                        Trial.place(vector, 0) + ", " + k + " steps after it was saved, differs from its restored copy",
                        "a snapshot holds all state that decides what happens next",
                        "save and load every such field");
            }
            play(vector, script, 1);
            play(restored, same, 1);
        }
    }

    private static void play(VectorEnvironment vector, ScriptedActions script, int steps) {
        for (int k = 0; k < steps; k++) {
            script.choose(vector);
            vector.step();
        }
    }

    private static void requireSame(String expected, String found, String what) {
        if (!expected.equals(found)) {
            throw Verdict.failed(what, SAME, HIDDEN_STATE);
        }
    }
}
