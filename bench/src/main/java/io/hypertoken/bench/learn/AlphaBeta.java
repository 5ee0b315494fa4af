package io.hypertoken.bench.learn;

import io.hypertoken.env.Policy;
import io.hypertoken.env.Seat;
import io.hypertoken.random.Generator;
import java.util.ArrayList;
import java.util.List;

/// Plays connect-four by looking so many tokens ahead (alpha-beta: Knuth & Moore, 1975).
///
/* A side's tokens are the bits of a long, seven a column from the bottom up, of which the top one stays 0 (Tromp's
layout). Behind the last ply a position is worth the lines of four that are still open to one side alone, by how many
tokens it has there. Of moves that are worth the same it draws one, so that games differ. */
final class AlphaBeta implements Policy {
    private static final int COLUMNS = 7;
    private static final int HEIGHT = 6;
    private static final int COLUMN_BITS = HEIGHT + 1;
    private static final int CELLS = COLUMNS * HEIGHT;
    private static final int WIN = 100_000;
    private static final int BEYOND = 2 * WIN;
    private static final int[] OPEN_LINE = {0, 1, 4, 16};
    private static final int[] BY_THE_MIDDLE = {3, 2, 4, 1, 5, 0, 6};
    private static final long[] LINES = lines();

    private final int depth;
    private final Generator random;
    private long nanos;
    private long moves;

    /// @param depth tokens that it looks ahead, its own among them; at least 1
    AlphaBeta(int depth, long seed) {
        this.depth = depth;
        random = Generator.seeded(seed);
    }

    /// How long it thought for a move, in seconds.
    double secondsAMove() {
        return nanos / 1e9 / Math.max(1, moves);
    }

    @Override
    public void act(Seat seat) {
        long began = System.nanoTime();
        seat.choose(0, best(tokens(seat, 0), tokens(seat, 1)));
        nanos += System.nanoTime() - began;
        moves++;
    }

    private static long tokens(Seat seat, int plane) {
        long tokens = 0;
        for (int cell = 0; cell < CELLS; cell++) {
            if (seat.seen(2 * cell + plane) != 0) {
                tokens |= 1L << cell % COLUMNS * COLUMN_BITS + HEIGHT - 1 - cell / COLUMNS;
            }
        }
        return tokens;
    }

    /// The best column for whoever has `own`; one that is not full.
    int best(long own, long others) {
        List<Integer> best = new ArrayList<>();
        int most = -BEYOND;
        for (int column : BY_THE_MIDDLE) {
            long token = free(own | others, column);
            if (token == 0) {
                continue;
            }
            int value = -value(others, own | token, depth - 1, -BEYOND, 1 - most); // 1: what is equal is told apart
            if (value > most) {
                most = value;
                best.clear();
            }
            if (value == most) {
                best.add(column);
            }
        }
        return best.get(random.integers(best.size()));
    }

    /// What the position is worth to whoever is to move and has `own`, within the bounds.
    private int value(long own, long others, int left, int low, int high) {
        if (hasLine(others)) {
            return -WIN - left; // the sooner the worse
        }
        if (left == 0) {
            return promise(own, others);
        }
        int most = -BEYOND;
        for (int column : BY_THE_MIDDLE) {
            long token = free(own | others, column);
            if (token != 0) {
                most = Math.max(most, -value(others, own | token, left - 1, -high, -Math.max(low, most)));
                if (most >= high) {
                    return most;
                }
            }
        }
        return most == -BEYOND ? 0 : most; // a full board is a draw
    }

    private static long free(long board, int column) {
        long cells = (1L << HEIGHT) - 1 << column * COLUMN_BITS;
        return board + (1L << column * COLUMN_BITS) & cells;
    }

    private static int promise(long own, long others) {
        int sum = 0;
        for (long line : LINES) {
            boolean mine = (line & others) == 0;
            boolean theirs = (line & own) == 0;
            if (mine != theirs) {
                sum += mine ? OPEN_LINE[Long.bitCount(line & own)] : -OPEN_LINE[Long.bitCount(line & others)];
            }
        }
        return sum;
    }

    static boolean hasLine(long tokens) {
        for (long line : LINES) {
            if ((tokens & line) == line) {
                return true;
            }
        }
        return false;
    }

    private static long[] lines() {
        List<Long> lines = new ArrayList<>();
        int[][] directions = {{0, 1}, {1, 0}, {1, 1}, {1, -1}};
        for (int column = 0; column < COLUMNS; column++) {
            for (int height = 0; height < HEIGHT; height++) {
                for (int[] direction : directions) {
                    int lastColumn = column + 3 * direction[0];
                    int lastHeight = height + 3 * direction[1];
                    if (lastColumn < COLUMNS && lastHeight >= 0 && lastHeight < HEIGHT) {
                        long line = 0;
                        for (int k = 0; k < 4; k++) {
                            line |= 1L << (column + k * direction[0]) * COLUMN_BITS + height + k * direction[1];
                        }
                        lines.add(line);
                    }
                }
            }
        }
        return lines.stream().mapToLong(Long::longValue).toArray();
    }
}
