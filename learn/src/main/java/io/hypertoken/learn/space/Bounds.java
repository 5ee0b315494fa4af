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
    /// Nearer to a bound a tanh would need a number beyond what a network gives.
    private static final double MOST_SQUASHED = 0.999_99;

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
        start = start(space);
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
        return space instanceof Box box
                ? new Gaussian(box.low().length)
                : new Categorical(choices(space), masked && !(space instanceof MultiBinary));
    }

    /// How many choices there are in each dimension of a space; none for a Box.
    ///
    /// @throws HyperTokenException `bad_field` if nothing can learn to act in the space
    public static int[] choices(Space space) {
        requireKnown(space);
        return switch (space) {
            case Discrete discrete -> new int[] {discrete.n()};
            case MultiDiscrete many ->
                many.nvec().stream().mapToInt(Integer::intValue).toArray();
            case Box box -> new int[0];
            default -> {
                int[] bits = new int[space.leaves().getFirst().size()];
                Arrays.fill(bits, 2);
                yield bits;
            }
        };
    }

    /// What choice 0 is called in a space.
    public static int start(Space space) {
        return space instanceof Discrete discrete ? discrete.start() : 0;
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

    /// The lower bounds of a Box; none for choices.
    public float[] low() {
        return low.clone();
    }

    /// The upper bounds of a Box; none for choices.
    public float[] high() {
        return high.clone();
    }

    /// Whether a tanh bounds the numbers.
    public boolean squashed() {
        return squashed;
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

    /// What a head would have to choose to play a number of the space: the inverse of [#played].
    public float chosen(double played, int k) {
        if (low.length == 0) {
            return (float) played - start;
        }
        if (!squashed) {
            return (float) played;
        }
        double within = Math.clamp(2 * (played - low[k]) / (high[k] - low[k]) - 1, -MOST_SQUASHED, MOST_SQUASHED);
        return (float) (0.5 * StrictMath.log((1 + within) / (1 - within)));
    }
}
