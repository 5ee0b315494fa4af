package io.hypertoken.engine;

import io.hypertoken.env.InfoNumber;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Signature;
import io.hypertoken.env.Spec;
import io.hypertoken.space.DType;
import io.hypertoken.space.Leaf;
import java.util.ArrayList;
import java.util.List;

/// Where everything lies in a batch's memory.
///
/// ```text
/// +-------------------+  reset: what a reset reads
/// | seeds        i64  |  [envs]            -1: go on drawing from the row's own generator
/// | mask         u8   |  [envs]            which rows to reset
/// +-------------------+  step: what a step reads
/// | action[.leaf]     |  [envs, agents, *leaf]
/// +-------------------+  reply: what both write
/// | observation[.leaf]|  [envs, agents, *leaf]
/// | action_mask  u8   |  [envs, agents, flags]      absent without masks; a binding one is all 0 where an agent cannot
/// act
/// | reward       f64  |  [envs, agents]
/// | terminated   u8   |  [envs, agents]     set in the step where it happens
/// | truncated    u8   |  [envs, agents]
/// | alive        u8   |  [envs, agents]
/// | turn         i32  |  [envs]             agent index; -1: all alive act, or the episode is over
/// | illegal_action u8 |  [envs, agents]     where a mask binds: 1 another action was played, 2 it ended the episode
/// | played            |  [envs, agents, *leaf]      what was played where illegal_action is 1, otherwise 0
/// | final_observation |  [envs, agents, *leaf]      SAME_STEP only
/// | episode_return f64|  [envs, agents]     of the running episode, or of the one that ended in this step
/// | episode_length i64|  [envs]
/// | metrics      f64  |  [envs, metrics]    absent where none are declared
/// | info.NAME    f64  |  [envs, agents]     for each number the Spec tells; NaN: this step did not tell it
/// | final_info.NAME   |  [envs, agents]     SAME_STEP only: as told by the episode that ended in this step
/// +-------------------+
/// ```
///
/// @param reset the columns that a reset reads
/// @param step the columns that a step reads
/// @param reply the columns that both write
public record BatchLayout(ColumnGroup reset, ColumnGroup step, ColumnGroup reply) {

    /// The layout of `rows` copies of an environment.
    public static BatchLayout of(Spec spec, Signature signature, int rows, Autoreset autoreset) {
        int agents = signature.agents().size();
        var reset = new ColumnGroup.Builder()
                .add("seeds", DType.INT64, List.of(rows))
                .add("mask", DType.UINT8, List.of(rows));
        var step = new ColumnGroup.Builder();
        addLeaves(step, "action", signature.actionLeaves(), rows, agents);
        var reply = new ColumnGroup.Builder();
        addLeaves(reply, "observation", signature.observationLeaves(), rows, agents);
        if (maskSize(spec, signature) > 0) {
            reply.add("action_mask", DType.UINT8, List.of(rows, agents, maskSize(spec, signature)));
        }
        reply.add("reward", DType.FLOAT64, List.of(rows, agents))
                .add("terminated", DType.UINT8, List.of(rows, agents))
                .add("truncated", DType.UINT8, List.of(rows, agents))
                .add("alive", DType.UINT8, List.of(rows, agents))
                .add("turn", DType.INT32, List.of(rows));
        if (maskBinds(spec, signature)) {
            reply.add("illegal_action", DType.UINT8, List.of(rows, agents));
            addLeaves(reply, "played", signature.actionLeaves(), rows, agents);
        }
        if (autoreset == Autoreset.SAME_STEP) {
            addLeaves(reply, "final_observation", signature.observationLeaves(), rows, agents);
        }
        reply.add("episode_return", DType.FLOAT64, List.of(rows, agents))
                .add("episode_length", DType.INT64, List.of(rows));
        if (!spec.metrics().isEmpty()) {
            reply.add("metrics", DType.FLOAT64, List.of(rows, spec.metrics().size()));
        }
        for (InfoNumber number : spec.infoNumbers()) {
            reply.add("info." + number.name(), DType.FLOAT64, List.of(rows, agents));
        }
        if (autoreset == Autoreset.SAME_STEP) {
            for (InfoNumber number : spec.infoNumbers()) {
                reply.add("final_info." + number.name(), DType.FLOAT64, List.of(rows, agents));
            }
        }
        return new BatchLayout(reset.build(), step.build(), reply.build());
    }

    /// The bytes of all three groups.
    public long bytes() {
        return reset.bytes() + step.bytes() + reply.bytes();
    }

    /// The name of a leaf's column.
    public static String columnName(String prefix, Leaf leaf) {
        return leaf.name().isEmpty() ? prefix : prefix + "." + leaf.name();
    }

    /// How many mask flags an agent has in the batch; 0 without masks.
    static int maskSize(Spec spec, Signature signature) {
        return spec.maskMeaning() == MaskMeaning.NONE ? 0 : signature.maskSize();
    }

    /// Whether an action can be illegal.
    static boolean maskBinds(Spec spec, Signature signature) {
        return spec.maskMeaning() == MaskMeaning.BINDING && maskSize(spec, signature) > 0;
    }

    private static void addLeaves(ColumnGroup.Builder group, String prefix, List<Leaf> leaves, int rows, int agents) {
        for (Leaf leaf : leaves) {
            var shape = new ArrayList<>(List.of(rows, agents));
            shape.addAll(leaf.shape());
            group.add(columnName(prefix, leaf), leaf.dtype(), shape);
        }
    }
}
