package io.hypertoken.check;

import io.hypertoken.engine.Batch;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.RewardKind;
import io.hypertoken.env.Spec;
import io.hypertoken.record.ScriptedActions;
import io.hypertoken.space.Space;
import java.util.List;

/// Looks at every step of whole episodes: what is seen, allowed, rewarded and ended, and whose turn it is.
final class PlayChecks {
    private PlayChecks() {}

    static List<Check> all() {
        return List.of(
                new Check("exceptions", "nothing throws, in 16 rows", PlayChecks::exceptions),
                new Check("spaces", "every observation lies in its declared space", PlayChecks::spaces),
                new Check(
                        "masks",
                        "whoever is to act has an allowed action, and a binding mask allows nobody else one",
                        PlayChecks::masks),
                new Check(
                        "rewards",
                        "rewards are finite, whole where declared whole, and only for agents that still played",
                        PlayChecks::rewards),
                new Check(
                        "ends",
                        "a reset ends nothing, an agent ends once, nobody plays beyond the step limit, episodes end",
                        PlayChecks::ends),
                new Check("turns", "the turn is an alive agent's, and every agent gets one", PlayChecks::turns));
    }

    private static void exceptions(Trial trial) {
        try (var vector = trial.open(Settings.DEFAULT.rows(16))) {
            vector.reset(trial.seed());
            var script = new ScriptedActions(trial.seed(), 16);
            for (int k = 0; k < trial.steps(); k++) {
                script.choose(vector);
                vector.step();
                for (int row = 0; vector.quarantined() > 0 && row < 16; row++) {
                    Object error = vector.info(row, 0).get("environment_error");
                    if (error != null) {
                        throw Verdict.failed(
                                Trial.place(vector, row) + " threw " + error,
                                "an exception ends the episode as truncated",
                                "mend the rules");
                    }
                }
            }
        }
    }

    private static void spaces(Trial trial) {
        var signature = trial.spec().signature(trial.options());
        trial.walk((vector, row, stepped) -> {
            Batch batch = vector.batch();
            for (int agent = 0; agent < batch.agents(); agent++) {
                if (!batch.alive(row, agent) && !ended(batch, row, agent)) {
                    continue;
                }
                Space space = signature.observationSpaces().get(agent);
                String outside = Bounds.outside(space, batch, row, agent);
                if (!outside.isEmpty()) {
                    throw Verdict.failed(
                            Trial.place(vector, row) + " showed " + name(vector, agent) + " " + outside,
                            "it is not in " + space,
                            "widen the space, or mend observe()");
                }
            }
        });
    }

    private static void masks(Trial trial) {
        var signature = trial.spec().signature(trial.options());
        if (trial.spec().maskMeaning() == MaskMeaning.NONE || signature.maskSize() == 0) {
            throw Verdict.notApplicable("it has no masks");
        }
        boolean binding = trial.spec().maskMeaning() == MaskMeaning.BINDING;
        trial.walk((vector, row, stepped) -> {
            Batch batch = vector.batch();
            for (int agent = 0; agent < batch.agents(); agent++) {
                boolean acts = trial.acts(batch, row, agent);
                int allowed = 0;
                for (int k = 0; k < batch.maskSize(); k++) {
                    allowed += batch.allowed(row, agent, k) ? 1 : 0;
                }
                if (acts && allowed == 0) {
                    throw Verdict.failed(
                            Trial.place(vector, row) + " allows nothing to " + name(vector, agent),
                            "whoever is to act needs a true flag",
                            "end the episode or allow a pass");
                }
                if (!acts && allowed > 0 && binding) {
                    throw Verdict.failed(
                            Trial.place(vector, row) + " allows something to " + name(vector, agent),
                            "it is not to act, and its mask binds",
                            "report this: the engine should hide it");
                }
            }
        });
    }

    private static void rewards(Trial trial) {
        boolean whole = trial.spec().rewardKind() == RewardKind.INTEGER;
        boolean[][] played = new boolean[4][];
        trial.walk((vector, row, stepped) -> {
            Batch batch = vector.batch();
            for (int agent = 0; agent < batch.agents(); agent++) {
                double reward = batch.reward(row, agent);
                String rule = !Double.isFinite(reward)
                        ? "a reward is finite"
                        : whole && reward != Math.rint(reward)
                                ? "its rewards are declared to be whole"
                                : reward != 0 && (!stepped || !played[row][agent])
                                        ? "an agent that no longer plays gets none; no framework would show it"
                                        : "";
                if (!rule.isEmpty()) {
                    throw Verdict.failed(
                            Trial.place(vector, row) + " gave " + name(vector, agent) + " the reward " + reward,
                            rule,
                            "mend the rules or the declaration");
                }
            }
            played[row] = alive(batch, row);
        });
    }

    private static void ends(Trial trial) {
        Spec spec = trial.spec();
        boolean[][] played = new boolean[4][];
        int[] episodes = new int[1];
        trial.walk((vector, row, stepped) -> {
            Batch batch = vector.batch();
            boolean[] alive = alive(batch, row);
            for (int agent = 0; agent < batch.agents(); agent++) {
                boolean should = stepped && played[row][agent] && !alive[agent];
                if (ended(batch, row, agent) != should || (!stepped && !alive[agent])) {
                    throw Verdict.failed(
                            Trial.place(vector, row) + " has " + name(vector, agent) + " alive=" + alive[agent]
                                    + ", terminated=" + batch.terminated(row, agent) + ", truncated="
                                    + batch.truncated(row, agent),
                            "an agent ends once, in the step where its flag is set",
                            "report this: the engine should keep it so");
                }
            }
            if (spec.stepLimit() > 0 && batch.episodeLength(row) >= spec.stepLimit() && !vector.over(row)) {
                throw Verdict.failed(
                        Trial.place(vector, row) + " goes on",
                        "the step limit is " + spec.stepLimit(),
                        "report this: the engine should have truncated it");
            }
            episodes[0] += vector.over(row) ? 1 : 0;
            played[row] = alive;
        });
        if (episodes[0] == 0 && spec.stepLimit() == 0 && trial.firstEnd() == 0) {
            throw Verdict.warned(
                    "no episode ended in " + Trial.LONG_EPISODE + " random steps",
                    "an episode that may never end is hard to learn from and to test",
                    "declare a .stepLimit(…)");
        }
    }

    private static void turns(Trial trial) {
        var signature = trial.spec().signature(trial.options());
        boolean[] acted = new boolean[signature.agents().size()];
        trial.walk((vector, row, stepped) -> {
            Batch batch = vector.batch();
            int turn = batch.turn(row);
            boolean nobody = trial.simultaneous() || vector.over(row);
            if (nobody ? turn != -1 : turn < 0 || !batch.alive(row, turn)) {
                throw Verdict.failed(
                        Trial.place(vector, row) + " gives the turn to agent " + turn,
                        nobody ? "no single agent is to act" : "it must be an alive agent's",
                        "report this: the engine should keep it so");
            }
            for (int agent = 0; agent < acted.length; agent++) {
                acted[agent] |= trial.acts(batch, row, agent);
            }
        });
        for (int agent = 0; agent < acted.length; agent++) {
            if (!acted[agent]) {
                throw Verdict.warned(
                        signature.agents().get(agent) + " never acted in " + 4L * trial.steps() + " random steps",
                        "an agent that never acts cannot learn",
                        "give it a turn, or check more --steps");
            }
        }
    }

    private static boolean ended(Batch batch, int row, int agent) {
        return batch.terminated(row, agent) || batch.truncated(row, agent);
    }

    private static boolean[] alive(Batch batch, int row) {
        boolean[] alive = new boolean[batch.agents()];
        for (int agent = 0; agent < alive.length; agent++) {
            alive[agent] = batch.alive(row, agent);
        }
        return alive;
    }

    private static String name(VectorEnvironment vector, int agent) {
        return vector.batch().signature().agents().get(agent);
    }
}
