package io.hypertoken.engine;

import static io.hypertoken.ErrorCode.BAD_ACTION;
import static io.hypertoken.ErrorCode.ILLEGAL_ACTION;

import io.hypertoken.HyperTokenException;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Spec;
import io.hypertoken.space.Box;
import io.hypertoken.space.DType;
import io.hypertoken.space.DictSpace;
import io.hypertoken.space.Discrete;
import io.hypertoken.space.Leaf;
import io.hypertoken.space.MultiBinary;
import io.hypertoken.space.MultiDiscrete;
import io.hypertoken.space.Space;
import io.hypertoken.space.TupleSpace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Checks actions before anything moves: inside the space always, and against a binding mask.
final class ActionRules {
    private static final int CHUNK = 512; // 4 KiB: stays in the first-level cache

    private final Spec spec;
    private final Batch batch;
    private final boolean binding;
    /// Per agent, for a Discrete or MultiDiscrete space: the number of values of each element; otherwise empty.
    private final int[][] choices;
    private final int[] starts;
    private final boolean oneFreeChoice;
    private final int firstCount;
    private final int firstStart;
    private final long[] chunk;
    /// Per agent, what each leaf may hold.
    private final List<List<LeafRule>> leafRules;

    ActionRules(Spec spec, Batch batch) {
        this.spec = spec;
        this.batch = batch;
        this.binding = spec.maskMeaning() == MaskMeaning.BINDING && batch.maskSize() > 0;
        List<Space> spaces = batch.signature().actionSpaces();
        this.choices = new int[spaces.size()][];
        this.starts = new int[spaces.size()];
        for (int agent = 0; agent < choices.length; agent++) {
            choices[agent] = choices(spaces.get(agent));
            starts[agent] = spaces.get(agent) instanceof Discrete discrete ? discrete.start() : 0;
        }
        this.oneFreeChoice = choices.length == 1 && choices[0].length == 1 && !binding;
        this.firstCount = choices[0].length == 0 ? 0 : choices[0][0];
        this.firstStart = starts[0];
        this.chunk = new long[oneFreeChoice ? Math.min(CHUNK, batch.rows()) : 0];
        this.leafRules = spaces.stream().map(ActionRules::leafRules).toList();
    }

    /// Whether a row's action is one number that no mask binds, so that [#checkChoice(int)] is all the check it needs.
    boolean oneFreeChoice() {
        return oneFreeChoice;
    }

    /// [#check(int, int)] for [#oneFreeChoice()], with nothing to look up by agent: 2-3 ns less a row.
    void checkChoice(int row) {
        long choice = Memory.getLong(batch.actions[0] + 8L * row) - firstStart;
        if (choice < 0 || choice >= firstCount) {
            throw outside(row, 0, Long.toString(choice + firstStart));
        }
    }

    /// Whether [#checkChoice(int)] would let the actions of rows 0 to `count` - 1 pass, all of them.
    ///
    /* In an array, a few rows at a time: the compiler vectorises it, and before it has, raw memory is the slower. */
    boolean choicesInside(int count) {
        long outside = 0;
        long last = firstCount - 1L;
        for (int start = 0; start < count; start += chunk.length) {
            int rows = Math.min(chunk.length, count - start);
            Memory.copy(batch.actions[0] + 8L * start, chunk, 0, rows);
            for (int k = 0; k < rows; k++) {
                long choice = chunk[k] - firstStart;
                outside |= choice | last - choice; // negative where either is
            }
        }
        return outside >= 0;
    }

    /// Checks one agent's action.
    ///
    /// @return whether a binding mask allows it
    /// @throws HyperTokenException `bad_action` if it lies outside the space
    boolean check(int row, int agent) {
        long cell = (long) row * batch.agents() + agent;
        int[] counts = choices[agent];
        if (counts.length == 0) {
            checkLeaves(row, agent, cell);
            return true;
        }
        boolean legal = true;
        long flags = batch.actionMask + cell * batch.maskSize();
        for (int k = 0; k < counts.length; k++) {
            long choice = Memory.getLong(batch.actions[0] + 8 * (cell * counts.length + k)) - starts[agent];
            if (choice < 0 || choice >= counts[k]) {
                throw outside(row, agent, Long.toString(choice + starts[agent]));
            }
            legal &= !binding || Memory.getFlag(flags + choice);
            flags += counts[k];
        }
        return legal;
    }

    /// Refuses an action that the mask forbids.
    HyperTokenException refusal(int row, int agent) {
        return new HyperTokenException(
                ILLEGAL_ACTION,
                where(row) + spec.id() + " refused action " + integers(batch.actions[0], row, agent) + " of "
                        + name(agent),
                "its action mask forbids it now",
                "choose an action whose flag in the mask is true");
    }

    /// Puts the fallback in the place of an illegal action: the declared one if it is allowed, otherwise, in each
    /// forbidden dimension, the first allowed value.
    void playFallback(int row, int agent) {
        long cell = (long) row * batch.agents() + agent;
        int[] counts = choices[agent];
        long flags = batch.actionMask + cell * batch.maskSize();
        for (int k = 0; k < counts.length; k++) {
            long at = batch.actions[0] + 8 * (cell * counts.length + k);
            long choice = Memory.getLong(at) - starts[agent];
            if (!Memory.getFlag(flags + choice)) {
                Memory.putLong(at, fallback(flags, k, counts[k]) + starts[agent]);
            }
            flags += counts[k];
        }
    }

    /// An agent's integers in a column shaped as the action, for a message: a number, or a list of them.
    Object integers(long column, int row, int agent) {
        long cell = (long) row * batch.agents() + agent;
        int[] counts = choices[agent];
        long[] chosen = new long[counts.length];
        Arrays.setAll(chosen, k -> Memory.getLong(column + 8 * (cell * counts.length + k)));
        return chosen.length == 1 && batch.signature().actionSpaces().get(agent) instanceof Discrete
                ? (Object) chosen[0]
                : Arrays.stream(chosen).boxed().toList();
    }

    private int fallback(long flags, int dimension, int count) {
        List<Integer> all = spec.fallback();
        int declared = dimension < all.size() ? all.get(dimension) : -1;
        if (declared >= 0 && declared < count && Memory.getFlag(flags + declared)) {
            return declared;
        }
        for (int choice = 0; choice < count; choice++) {
            if (Memory.getFlag(flags + choice)) {
                return choice;
            }
        }
        throw new IllegalStateException(spec + " allows no action to an agent that is to act; "
                + "a mask needs at least one true flag; end the episode or allow a pass");
    }

    private void checkLeaves(int row, int agent, long cell) {
        List<LeafRule> rules = leafRules.get(agent);
        for (int leaf = 0; leaf < rules.size(); leaf++) {
            LeafRule rule = rules.get(leaf);
            DType dtype = rule.dtype;
            long at = batch.actions[leaf] + cell * rule.size * dtype.bytes();
            for (int k = 0; k < rule.size; k++) {
                double value = Memory.getNumber(dtype, at, k);
                if (!(value >= rule.low(k) && value <= rule.high(k))) {
                    throw outside(row, agent, element(leaf, k, value));
                }
            }
        }
    }

    /// An element with its place, for a message: `faders[1]=NaN`, or just the value where it is the whole action.
    private String element(int leaf, int k, double value) {
        Leaf named = batch.signature().actionLeaves().get(leaf);
        String number = named.dtype().floating() ? Double.toString(value) : Long.toString((long) value);
        String place = named.name() + (named.shape().isEmpty() ? "" : "[" + k + "]");
        return place.isEmpty() ? number : place + "=" + number;
    }

    private HyperTokenException outside(int row, int agent, String value) {
        Space space = batch.signature().actionSpaces().get(agent);
        return new HyperTokenException(
                BAD_ACTION,
                where(row) + spec.id() + " refused action " + value + " of " + name(agent),
                "it is not in the action space " + space,
                advice(space));
    }

    private static String advice(Space space) {
        return switch (space) {
            case Discrete(int n, int start) -> "send an integer from " + start + " to " + (start + n - 1);
            case MultiDiscrete(List<Integer> nvec) ->
                "send " + nvec.size() + " integers, each below its entry in " + nvec;
            case MultiBinary(int n) -> "send " + n + " flags, each 0 or 1";
            case Box box -> "send finite numbers of shape " + box.shape();
            case DictSpace ignored -> "send a value of the space for each part";
            case TupleSpace ignored -> "send a value of the space for each part";
        };
    }

    private String where(int row) {
        return batch.rows() == 1 ? "" : "row " + row + ": ";
    }

    private String name(int agent) {
        return batch.signature().agents().get(agent);
    }

    /// How many values each element of a masked space's action has; nothing where there is no mask.
    static int[] choices(Space space) {
        return switch (space) {
            case Discrete discrete -> new int[] {discrete.n()};
            case MultiDiscrete multi ->
                multi.nvec().stream().mapToInt(Integer::intValue).toArray();
            case MultiBinary ignored -> new int[0];
            case Box ignored -> new int[0];
            case DictSpace ignored -> new int[0];
            case TupleSpace ignored -> new int[0];
        };
    }

    private static List<LeafRule> leafRules(Space space) {
        return switch (space) {
            case Discrete discrete ->
                List.of(LeafRule.integers(space, discrete.start(), discrete.start() + discrete.n() - 1));
            case MultiBinary binary -> List.of(LeafRule.integers(space, 0, 1));
            case Box box -> List.of(LeafRule.finite(box));
            case MultiDiscrete multi -> {
                double[] high = multi.nvec().stream().mapToDouble(n -> n - 1).toArray();
                Leaf leaf = space.leaves().getFirst();
                yield List.of(new LeafRule(leaf.dtype(), leaf.size(), new double[high.length], high));
            }
            case DictSpace dict -> concatenated(new ArrayList<>(dict.spaces().values()));
            case TupleSpace tuple -> concatenated(tuple.spaces());
        };
    }

    private static List<LeafRule> concatenated(List<Space> parts) {
        return parts.stream().flatMap(part -> leafRules(part).stream()).toList();
    }

    /// What the elements of a leaf may be. A Box takes any finite number: beyond its bounds the rules decide.
    private record LeafRule(DType dtype, int size, double[] low, double[] high) {
        static LeafRule integers(Space space, double low, double high) {
            Leaf leaf = space.leaves().getFirst();
            return new LeafRule(leaf.dtype(), leaf.size(), new double[] {low}, new double[] {high});
        }

        static LeafRule finite(Box box) {
            double limit = box.dtype() == DType.FLOAT32 ? Float.MAX_VALUE : Double.MAX_VALUE;
            return integers(box, -limit, limit);
        }

        double low(int k) {
            return low[low.length == 1 ? 0 : k];
        }

        double high(int k) {
            return high[high.length == 1 ? 0 : k];
        }
    }
}
