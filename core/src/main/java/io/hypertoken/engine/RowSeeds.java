package io.hypertoken.engine;

import static io.hypertoken.ErrorCode.BAD_FIELD;

import io.hypertoken.HyperTokenException;
import java.security.SecureRandom;
import java.util.Arrays;

/// Which seed each row's generator was given, and the seeds drawn for rows that were given none.
final class RowSeeds {
    /// Continue drawing from the row's own generator.
    static final long NONE = -1;

    private final Rows rows;
    private final long[] used;
    private final long[] atReset;
    private final boolean[] seeded;

    RowSeeds(Rows rows) {
        this.rows = rows;
        int count = rows.settings.rows();
        this.used = new long[count];
        this.atReset = new long[count];
        this.seeded = new boolean[count];
        Arrays.fill(used, NONE);
        Arrays.fill(atReset, NONE);
    }

    /// The seed that the row's generator was last seeded with, given or drawn.
    long used(int row) {
        return used[row];
    }

    /// The seed that the row's last reset gave its generator; [#NONE] where that reset drew on.
    long atReset(int row) {
        return atReset[row];
    }

    /// Takes over a restored row, whose generator goes on from where it was saved.
    void restore(int row, long seed) {
        used[row] = seed;
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
        if (seed == NONE && seeded[row]) {
            atReset[row] = NONE;
            return;
        }
        used[row] = seed == NONE ? drawn + row : seed;
        atReset[row] = used[row];
        seeded[row] = true;
        rows.generators[row].reseed(used[row]);
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
