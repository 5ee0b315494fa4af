package io.hypertoken.games.connectfour;

import static io.hypertoken.space.DType.INT8;
import static io.hypertoken.space.Spaces.box;

import io.hypertoken.env.Environment;
import io.hypertoken.env.Frame;
import io.hypertoken.env.Options;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Snapshot;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/// Take turns to drop a token into one of seven columns; four in a line win.
///
/* A side's tokens are the bits of a long: seven bits a column from the bottom up, of which the top one stays 0, so that
no line runs over from one column into the next (Tromp's layout, as in Pons, "Solving Connect 4", 2015). */
public final class ConnectFour implements Environment, Snapshot, Renders {
    private static final int COLUMNS = 7;
    private static final int HEIGHT = 6;
    private static final int COLUMN_BITS = HEIGHT + 1;
    private static final long COLUMN = (1L << HEIGHT) - 1;
    private static final int CELLS = COLUMNS * HEIGHT;
    private static final long BOTTOM = 0b0000001_0000001_0000001_0000001_0000001_0000001_0000001L;
    private static final long BOARD = COLUMN * BOTTOM;
    /// How far apart neighbours are: upwards, and to the right level, falling and rising.
    private static final int[] DIRECTIONS = {1, COLUMN_BITS, COLUMN_BITS - 1, COLUMN_BITS + 1};

    public static final Spec SPEC = Spec.of("connect-four", 1)
            .aliases("connect4")
            .rules("""
                    Two players take turns to drop a token into a column, 0 to 6 from the left, of a board six rows
                    high; it falls to the lowest free cell. Four tokens in a line win 1, and the other loses 1; a full
                    board without a line is a draw at 0. Both see their own tokens and the other's, rows from the top.
                    Source: PettingZoo 1.27, connect_four_v3.""")
            .agents("player_0", "player_1")
            .observes(box(INT8, 0, 1, HEIGHT, COLUMNS, 2))
            .legend("plane 0: own tokens", "plane 1: the other's tokens")
            .acts("column_0", "column_1", "column_2", "column_3", "column_4", "column_5", "column_6")
            .integerRewards()
            .history("1: the rules of PettingZoo 1.27's connect_four_v3")
            .creates(ConnectFour::new);

    private final long[] tokens = new long[2];

    ConnectFour(Options o) {}

    @Override
    public void reset(Step s) {
        tokens[0] = 0;
        tokens[1] = 0;
    }

    @Override
    public void step(Step s) {
        int side = s.agent();
        int shift = s.action() * COLUMN_BITS;
        long board = tokens[0] | tokens[1];
        long lowestFree = (board + (1L << shift)) & (COLUMN << shift); // the carry runs up through the tokens
        tokens[side] |= lowestFree;
        if (hasLine(tokens[side])) {
            s.reward(side, 1).reward(1 - side, -1).terminate();
        } else {
            s.terminateIf(Long.bitCount(board | lowestFree) == CELLS);
        }
    }

    @Override
    public void observe(int agent, View v) {
        show(tokens[agent], 0, v);
        show(tokens[1 - agent], 1, v);
        long board = tokens[0] | tokens[1];
        for (int column = 0; column < COLUMNS; column++) {
            v.allow(column, (board >> (column * COLUMN_BITS + HEIGHT - 1) & 1) == 0);
        }
    }

    private static void show(long tokens, int plane, View v) {
        for (long left = tokens; left != 0; left &= left - 1) {
            int bit = Long.numberOfTrailingZeros(left);
            int row = HEIGHT - 1 - bit % COLUMN_BITS;
            v.set((row * COLUMNS + bit / COLUMN_BITS) * 2 + plane, 1);
        }
    }

    @Override
    public String text(int agent) {
        var board = new StringBuilder();
        for (int height = HEIGHT - 1; height >= 0; height--) {
            for (int column = 0; column < COLUMNS; column++) {
                int bit = column * COLUMN_BITS + height;
                board.append((tokens[0] >> bit & 1) == 1 ? 'X' : (tokens[1] >> bit & 1) == 1 ? 'O' : '.');
            }
            board.append('\n');
        }
        return board.toString();
    }

    @Override
    public Frame frame() {
        var picture = new BoardPicture(COLUMNS, HEIGHT);
        for (int side = 0; side < 2; side++) {
            for (long left = tokens[side]; left != 0; left &= left - 1) {
                int bit = Long.numberOfTrailingZeros(left);
                picture.token(side, bit / COLUMN_BITS, bit % COLUMN_BITS);
            }
        }
        return picture.frame();
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeLong(tokens[0]);
        out.writeLong(tokens[1]);
    }

    @Override
    public void load(DataInput in) throws IOException {
        long first = in.readLong();
        long second = in.readLong();
        long board = first | second;
        int ahead = Long.bitCount(first) - Long.bitCount(second);
        Snapshot.require((board & ~BOARD) == 0 && (first & second) == 0, "a token lies beside the board or in another");
        Snapshot.require((board & ~(board << 1 | BOTTOM)) == 0, "a token hangs above a free cell");
        Snapshot.require(ahead == 0 || ahead == 1, "player_0 is " + ahead + " tokens ahead of player_1");
        Snapshot.require(!(hasLine(first) && hasLine(second)), "both players have a line");
        tokens[0] = first;
        tokens[1] = second;
    }

    private static boolean hasLine(long own) {
        for (int step : DIRECTIONS) {
            long pairs = own & own >> step;
            if ((pairs & pairs >> 2 * step) != 0) {
                return true;
            }
        }
        return false;
    }
}
