package io.hypertoken.engine;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import io.hypertoken.random.Generator;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.OptionalLong;

/// Which seed each row's generator was given, and the seeds drawn for rows that were given none.
final class RowSeeds {
    /// Continue drawing from the row's own generator.
    static final long NONE = -1;

    /// Guests that are made anew are given seeds below this, as numpy's legacy generators want them.
    private static final int DRAWN_SEEDS = Integer.MAX_VALUE;

    private final Generator[] generators;
    private final boolean[] seeded;
    private final long[] used;
    /// The seed of a reset that has not come about yet: another try is a reset with that seed too.
    private final long[] pending;
    private final long[] ofEpisode;

    /// @param generators the rows' own
    RowSeeds(Generator[] generators) {
        this.generators = generators;
        int count = generators.length;
        this.seeded = new boolean[count];
        this.used = new long[count];
        this.pending = new long[count];
        this.ofEpisode = new long[count];
        Arrays.fill(used, NONE);
        Arrays.fill(pending, NONE);
        Arrays.fill(ofEpisode, NONE);
    }

    /// The seed that the row's generator was last seeded with, given or drawn.
    long used(int row) {
        return used[row];
    }

    /// The seed that the row's episode began with; [#NONE] where it drew on.
    long ofEpisode(int row) {
        return ofEpisode[row];
    }

    /// The seed that the reset under way was given, or that was drawn for it; empty where it draws on.
    OptionalLong ofReset(int row) {
        return pending[row] == NONE ? OptionalLong.empty() : OptionalLong.of(pending[row]);
    }

    /// The reset has come about.
    void begun(int row) {
        ofEpisode[row] = pending[row];
        pending[row] = NONE;
    }

    /// Seeds a row from its own generator, for rules that cannot draw on.
    void draw(int row) {
        use(row, generators[row].integers(DRAWN_SEEDS));
    }

    /// Takes over a restored row, whose generator goes on from where it was saved.
    void restore(int row, long seed) {
        used[row] = seed;
        pending[row] = NONE;
        ofEpisode[row] = NONE;
        seeded[row] = true;
    }

    /// Checks the seeds that the batch's reset columns name for the rows of its reset mask.
    ///
    /// @return the first of the seeds for rows that have none and never had one; row i takes this plus i
    /// @throws HyperTokenException `bad_field` for a seed below -1
    long check(Batch batch) {
        boolean draws = false;
        for (int row = 0; row < seeded.length; row++) {
            if (Memory.getFlag(batch.resetMask + row)) {
                long seed = Memory.getLong(batch.seeds + 8L * row);
                if (seed < NONE) {
                    throw refusal(seed);
                }
                draws |= seed == NONE && !seeded[row];
            }
        }
        return draws ? Source.SECURE.nextInt(Integer.MAX_VALUE) : 0;
    }

    /// Seeds a row's generator, unless it has been seeded before and is given no seed now.
    ///
    /// @param drawn what [#check(Batch)] returned
    void seed(int row, long seed, long drawn) {
        if (seed != NONE || !seeded[row]) {
            use(row, seed == NONE ? drawn + row : seed);
        }
    }

    private void use(int row, long seed) {
        seeded[row] = true;
        used[row] = seed;
        pending[row] = seed;
        generators[row].reseed(seed);
    }

    /// Refuses a seed.
    static HyperTokenException refusal(long seed) {
        return new HyperTokenException(
                BAD_FIELD,
                "refused seed " + seed,
                "a seed is an integer from 0 up, and seed + rows must fit in 64 bits",
                "pass a smaller seed that is not negative, or none");
    }

    /// Made for the first seedless reset: who gives seeds need not wait for it.
    private static final class Source {
        static final SecureRandom SECURE = new SecureRandom();
    }
}
