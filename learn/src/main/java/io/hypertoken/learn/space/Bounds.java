package io.hypertoken.learn.space;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.learn.net.ActionHead;
import io.hypertoken.learn.net.Categorical;
import io.hypertoken.learn.net.Gaussian;
import io.hypertoken.space.Box;
import io.hypertoken.space.Discrete;
import io.hypertoken.space.MultiBinary;
import io.hypertoken.space.MultiDiscrete;
import io.hypertoken.space.Space;
import java.util.Arrays;

/// What a head's choice is in an action space.
///
/// Choices of a Discrete space count from 0 in a head, whatever its start. Numbers for a Box are bounded on the way,
/// where it has bounds: cut off (detail 5 of continuous actions in Huang et al., 2022), or squashed by a tanh from -∞…∞
/// to low…high.
public final class Bounds {
    private final int size;
    private final int start;
    private final float[] low;
    private final float[] high;
    private final boolean squashed;

    /// @param squashed whether a tanh bounds a Box's numbers
    /// @throws HyperTokenException `bad_field` if nothing can learn to act in the space, or it has no bounds to squash
    /// between
    public Bounds(Space space, boolean squashed) {
        requireKnown(space);
        size = space.leaves().getFirst().size();
        start = space instanceof Discrete discrete ? discrete.start() : 0;
        low = space instanceof Box box ? floats(box.low()) : new float[0];
        high = space instanceof Box box ? floats(box.high()) : new float[0];
        this.squashed = squashed && low.length > 0;
        for (int k = 0; k < low.length && this.squashed; k++) {
            if (Float.isInfinite(low[k]) || Float.isInfinite(high[k])) {
                throw new HyperTokenException(
                        BAD_FIELD,
                        "cannot squash actions of " + space,
                        "it has no bounds to squash them between",
                        "leave squash off");
            }
        }
    }

    /// The distribution that actions of a space are drawn from.
    ///
    /// @param masked whether the environment says what is legal
    /// @throws HyperTokenException `bad_field` if there is none for such a space
    public static ActionHead head(Space space, boolean masked) {
        requireKnown(space);
        return switch (space) {
            case Discrete discrete -> new Categorical(new int[] {discrete.n()}, masked);
            case MultiDiscrete many ->
                new Categorical(many.nvec().stream().mapToInt(Integer::intValue).toArray(), masked);
            case Box box -> new Gaussian(box.low().length);
            default -> {
                int[] bits = new int[space.leaves().getFirst().size()];
                Arrays.fill(bits, 2);
                yield new Categorical(bits, false);
            }
        };
    }

    private static void requireKnown(Space space) {
        boolean known = space instanceof Discrete
                || space instanceof MultiDiscrete
                || space instanceof MultiBinary
                || (space instanceof Box box && box.dtype().floating());
        if (!known) {
            throw new HyperTokenException(
                    BAD_FIELD,
                    "cannot learn to act in " + space,
                    "actions must be Discrete, MultiDiscrete, MultiBinary or a Box of floats",
                    "choose an environment with such actions");
        }
    }

    private static float[] floats(double[] bounds) {
        float[] floats = new float[bounds.length];
        for (int k = 0; k < floats.length; k++) {
            floats[k] = (float) bounds[k];
        }
        return floats;
    }

    /// How many numbers an action has.
    public int size() {
        return size;
    }

    /// What a head's number k is in the space.
    public float played(float value, int k) {
        if (low.length == 0) {
            return value + start;
        }
        if (!squashed) {
            return Math.min(Math.max(value, low[k]), high[k]);
        }
        float within = (float) StrictMath.tanh(value);
        return Math.fma(0.5f * (within + 1), high[k] - low[k], low[k]);
    }
}
