package io.hypertoken.check;

import io.hypertoken.ErrorCode;
import io.hypertoken.HyperTokenException;
import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Batch;
import io.hypertoken.engine.IllegalActions;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.record.ScriptedActions;
import io.hypertoken.record.ScriptedRun;
import io.hypertoken.space.Box;
import io.hypertoken.space.DictSpace;
import io.hypertoken.space.Discrete;
import io.hypertoken.space.MultiBinary;
import io.hypertoken.space.MultiDiscrete;
import io.hypertoken.space.Space;
import io.hypertoken.space.TupleSpace;
import java.util.Arrays;
import java.util.List;

/// Sends actions that are outside the space, or that the mask forbids.
final class RefusalChecks {
    private RefusalChecks() {}

    static List<Check> all() {
        return List.of(
                new Check(
                        "bad-action",
                        "an action outside its space is refused and changes nothing",
                        RefusalChecks::badAction),
                new Check("strict", "an illegal action is refused and changes nothing", RefusalChecks::strict),
                new Check(
                        "fallback",
                        "an allowed action is played for an illegal one, and told",
                        RefusalChecks::fallback),
                new Check("terminate", "an illegal action ends the episode for all", RefusalChecks::terminate));
    }

    /// An element of an action: leaf, place and value.
    private record Element(int leaf, int k, double value) {}

    private static void badAction(Trial trial) {
        try (var vector = trial.open(Settings.DEFAULT.rows(2).autoreset(Autoreset.DISABLED))) {
            vector.reset(trial.seed());
            var script = new ScriptedActions(trial.seed(), 2);
            for (int k = 0; k < 50; k++) {
                if (!vector.over(0) && !vector.over(1)) {
                    script.choose(vector);
                    sendBadActions(trial, vector);
                }
                ScriptedRun.step(vector, script);
            }
        }
    }

    private static void sendBadActions(Trial trial, VectorEnvironment vector) {
        Batch batch = vector.batch();
        for (int agent = 0; agent < batch.agents(); agent++) {
            if (!trial.acts(batch, 1, agent)) {
                continue;
            }
            for (Element bad : outside(batch.signature().actionSpaces().get(agent))) {
                double good = batch.action(1, agent, bad.leaf, bad.k);
                batch.action(1, agent, bad.leaf, bad.k, bad.value);
                requireRefused(vector, ErrorCode.BAD_ACTION, "action " + bad.value);
                batch.action(1, agent, bad.leaf, bad.k, good);
            }
        }
    }

    private static List<Element> outside(Space space) {
        return switch (space) {
            case Discrete discrete ->
                List.of(
                        new Element(0, 0, discrete.start() - 1.0),
                        new Element(0, 0, (double) discrete.start() + discrete.n()),
                        new Element(0, 0, Long.MAX_VALUE));
            case MultiDiscrete multi ->
                List.of(
                        new Element(0, 0, -1),
                        new Element(0, multi.nvec().size() - 1, multi.nvec().getLast()));
            case MultiBinary binary -> List.of(new Element(0, 0, -1), new Element(0, binary.n() - 1, 2));
            case Box box
            when box.dtype().floating() ->
                List.of(new Element(0, 0, Double.NaN), new Element(0, 0, Double.POSITIVE_INFINITY));
            case Box ignored -> List.of();
            // The parts are Boxes and the like, whose refusals the engine's own tests hold.
            case DictSpace ignored -> List.of();
            case TupleSpace ignored -> List.of();
        };
    }

    private static void requireRefused(VectorEnvironment vector, ErrorCode code, String what) {
        byte[] before = Trial.reply(vector);
        try {
            vector.step();
        } catch (HyperTokenException refused) {
            if (refused.code() == code && Arrays.equals(before, Trial.reply(vector))) {
                return;
            }
            throw Verdict.failed(
                    Trial.place(vector, 0) + " answered " + what + " with "
                            + refused.code().wireName()
                            + (Arrays.equals(before, Trial.reply(vector)) ? "" : ", and changed"),
                    "it is " + code.wireName() + " and changes nothing",
                    "report this: the engine should keep it so");
        }
        throw Verdict.failed(
                Trial.place(vector, 0) + " played " + what,
                "it is " + code.wireName() + " and changes nothing",
                "report this: the engine should have refused it");
    }

    private static void strict(Trial trial) {
        withIllegalAction(trial, IllegalActions.STRICT, (vector, agent) -> {
            requireRefused(vector, ErrorCode.ILLEGAL_ACTION, "an illegal action");
        });
    }

    private static void fallback(Trial trial) {
        withIllegalAction(trial, IllegalActions.FALLBACK, (vector, agent) -> {
            boolean[] allowed = new boolean[vector.batch().maskSize()];
            for (int k = 0; k < allowed.length; k++) {
                allowed[k] = vector.batch().allowed(0, agent, k);
            }
            vector.step();
            Object played = vector.info(0, agent).get("played");
            Space space = vector.batch().signature().actionSpaces().get(agent);
            boolean legal = space instanceof Discrete discrete
                    ? played instanceof Long action && allowed[(int) (action - discrete.start())]
                    : played instanceof List<?>;
            if (!legal || vector.quarantined() > 0) {
                throw Verdict.failed(
                        Trial.place(vector, 0) + " played " + played + " for an illegal action",
                        "the fallback is one that the mask " + Arrays.toString(allowed) + " allows",
                        "report this: the engine should choose such a one");
            }
        });
    }

    private static void terminate(Trial trial) {
        withIllegalAction(trial, IllegalActions.TERMINATE, (vector, agent) -> {
            Batch batch = vector.batch();
            boolean[] played = new boolean[batch.agents()];
            for (int other = 0; other < played.length; other++) {
                played[other] = batch.alive(0, other);
            }
            vector.step();
            for (int other = 0; other < played.length; other++) {
                boolean ends = batch.terminated(0, other) && batch.truncated(0, other);
                if (ends != played[other] || batch.reward(0, other) != (other == agent ? -1 : 0)) {
                    throw Verdict.failed(
                            Trial.place(vector, 0) + " gave agent " + other + " the reward " + batch.reward(0, other)
                                    + " and terminated=" + batch.terminated(0, other),
                            "an illegal action ends it for all, with -1 for the offender",
                            "report this: the engine should keep it so");
                }
            }
        });
    }

    /// Acts on a row in which an illegal action has been written for an agent that is to act.
    @FunctionalInterface
    private interface Offence {
        void commit(VectorEnvironment vector, int agent);
    }

    private static void withIllegalAction(Trial trial, IllegalActions policy, Offence offence) {
        if (trial.spec().maskMeaning() != MaskMeaning.BINDING
                || trial.spec().signature(trial.options()).maskSize() == 0) {
            throw Verdict.notApplicable("it has no binding mask");
        }
        try (var vector = trial.open(Settings.DEFAULT.illegal(policy))) {
            vector.reset(trial.seed());
            var script = new ScriptedActions(trial.seed(), 1);
            for (int k = 0; k < trial.steps(); k++) {
                script.choose(vector);
                for (int agent = 0; !vector.over(0) && agent < vector.batch().agents(); agent++) {
                    if (trial.acts(vector.batch(), 0, agent) && writeIllegal(vector.batch(), agent)) {
                        offence.commit(vector, agent);
                        return;
                    }
                }
                vector.step();
            }
        }
        throw Verdict.notApplicable("its mask forbade nothing in " + trial.steps() + " random steps");
    }

    /// Writes an action that the mask forbids; false where it forbids none.
    private static boolean writeIllegal(Batch batch, int agent) {
        Space space = batch.signature().actionSpaces().get(agent);
        int start = space instanceof Discrete discrete ? discrete.start() : 0;
        List<Integer> counts = space instanceof MultiDiscrete multi ? multi.nvec() : List.of(space.maskSize());
        int flag = 0;
        for (int element = 0; element < counts.size(); element++) {
            for (int k = 0; k < counts.get(element); k++, flag++) {
                if (!batch.allowed(0, agent, flag)) {
                    batch.action(0, agent, 0, element, k + start);
                    return true;
                }
            }
        }
        return false;
    }
}
