package io.hypertoken.check;

import io.hypertoken.engine.Batch;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Options;
import io.hypertoken.env.Spec;
import io.hypertoken.env.TurnOrder;
import io.hypertoken.record.ScriptedActions;
import io.hypertoken.record.ScriptedRun;
import io.hypertoken.record.TrajectoryDigest;
import io.hypertoken.record.TrajectoryRecorder;
import java.lang.foreign.ValueLayout;

/// What every check needs: the environment, its options, a seed, and how long to play.
///
/// @param steps how many steps of each row
/// @param forgeries how many changes of each saved state are restored
record Trial(Spec spec, Options options, long seed, int steps, int forgeries) {
    static final int USUAL_FORGERIES = 600;

    /// Who has not ended an episode after so many random steps is taken for never ending one.
    static final int LONG_EPISODE = 20_000;

    private static final int USUAL = 500;
    private static final int FEW = 200;
    private static final int BEYOND = 200;

    /// The same of as many steps as see the first row's first episode end and the next one begin, and no fewer than
    /// 500.
    Trial ofUsualLength() {
        int ends = new Trial(spec, options, seed, USUAL, forgeries).firstEnd();
        return new Trial(spec, options, seed, Math.max(USUAL, ends + BEYOND), forgeries);
    }

    /// After how many scripted steps the first row's first episode ends; 0 when it takes longer than [#LONG_EPISODE].
    int firstEnd() {
        try (var vector = open(Settings.DEFAULT)) {
            vector.reset(seed);
            var script = new ScriptedActions(seed, 1);
            for (int k = 1; k <= LONG_EPISODE; k++) {
                script.choose(vector);
                vector.step();
                if (vector.over(0)) {
                    return k;
                }
            }
            return 0;
        }
    }

    /// The steps of checks that play many times over: fewer, unless episodes are long or more were asked for.
    int fewSteps() {
        return steps > USUAL ? steps : Math.min(steps, FEW);
    }

    /// Looks at a row after a reset or a step.
    @FunctionalInterface
    interface Look {
        /// @param stepped whether the row has just played a step, and was not merely reset
        void at(VectorEnvironment vector, int row, boolean stepped);
    }

    VectorEnvironment open(Settings settings) {
        return VectorEnvironment.open(spec, options, settings);
    }

    boolean simultaneous() {
        return spec.turnOrder() == TurnOrder.SIMULTANEOUS;
    }

    boolean acts(Batch batch, int row, int agent) {
        return simultaneous() ? batch.alive(row, agent) : batch.turn(row) == agent;
    }

    /// `row 2, step 17 of its episode`, for a message.
    static String place(VectorEnvironment vector, int row) {
        long length = vector.batch().episodeLength(row);
        return "row " + row + " (seed " + vector.usedSeed(row) + "), "
                + (length == 0 ? "at a reset" : "in step " + length + " of its episode");
    }

    /// Plays scripted actions in four rows, with next-step autoreset and every alive agent shown.
    void walk(Look look) {
        try (var vector = open(Settings.DEFAULT.rows(4).observesAll(true))) {
            vector.reset(seed);
            lookAtAll(vector, look, new boolean[4]);
            var script = new ScriptedActions(seed, 4);
            for (int k = 0; k < steps; k++) {
                boolean[] plays = new boolean[4];
                for (int row = 0; row < 4; row++) {
                    plays[row] = !vector.over(row);
                }
                script.choose(vector);
                vector.step();
                lookAtAll(vector, look, plays);
            }
        }
    }

    private static void lookAtAll(VectorEnvironment vector, Look look, boolean[] stepped) {
        for (int row = 0; row < stepped.length; row++) {
            look.at(vector, row, stepped[row]);
        }
    }

    /// The rows' digests of `count` scripted steps each.
    TrajectoryDigest digest(Settings settings, long from, int count) {
        try (var vector = open(settings)) {
            var digest = new TrajectoryDigest(settings.rows(), count);
            TrajectoryRecorder.attach(vector, digest);
            vector.reset(from);
            var script = new ScriptedActions(from, settings.rows());
            while (!digest.complete()) {
                ScriptedRun.step(vector, script);
            }
            return digest;
        }
    }

    static byte[] reply(VectorEnvironment vector) {
        return vector.batch().reply().toArray(ValueLayout.JAVA_BYTE);
    }
}
