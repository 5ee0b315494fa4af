package io.hypertoken.games.tictactoe;

import static io.hypertoken.space.DType.INT8;
import static io.hypertoken.space.Spaces.box;

import io.hypertoken.env.Environment;
import io.hypertoken.env.Options;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Snapshot;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/// Take turns to mark the cells of a 3 by 3 board; three in a line win.
///
/// Cells are numbered down the columns: 0 3 6, 1 4 7, 2 5 8. A side's marks are the bits of a number.
public final class TicTacToe implements Environment, Snapshot, Renders {
    private static final int CELLS = 9;
    private static final int FULL = (1 << CELLS) - 1;
    private static final int[] LINES = {
        0b000_000_111, 0b000_111_000, 0b111_000_000, // down
        0b001_001_001, 0b010_010_010, 0b100_100_100, // across
        0b100_010_001, 0b001_010_100
    };

    public static final Spec SPEC = Spec.of("tic-tac-toe", 1)
            .aliases("tictactoe")
            .rules("""
                    Two players take turns to mark an empty cell of a 3 by 3 board, numbered down the columns: 0 3 6,
                    1 4 7, 2 5 8. Three marks in a line win 1, and the other loses 1; a full board without a line is a
                    draw at 0. Both see their own marks and the other's. Source: PettingZoo 1.27, tictactoe_v3.""")
            .agents("player_1", "player_2")
            .observes(box(INT8, 0, 1, 3, 3, 2))
            .legend("plane 0: own marks", "plane 1: the other's marks")
            .acts("cell_0", "cell_1", "cell_2", "cell_3", "cell_4", "cell_5", "cell_6", "cell_7", "cell_8")
            .integerRewards()
            .history("1: the rules of PettingZoo 1.27's tictactoe_v3")
            .creates(TicTacToe::new);

    private final int[] marks = new int[2];

    TicTacToe(Options o) {}

    @Override
    public void reset(Step s) {
        marks[0] = 0;
        marks[1] = 0;
    }

    @Override
    public void step(Step s) {
        int side = s.agent();
        marks[side] |= 1 << s.action();
        if (hasLine(marks[side])) {
            s.reward(side, 1).reward(1 - side, -1).terminate();
        } else {
            s.terminateIf((marks[0] | marks[1]) == FULL);
        }
    }

    @Override
    public void observe(int agent, View v) {
        int own = marks[agent];
        int others = marks[1 - agent];
        v.setBits(0, 2 * CELLS, spread(own) | spread(others) << 1);
        v.allow(0, CELLS, ~(own | others));
    }

    /// Nine bits with room for another behind each.
    private static int spread(int bits) {
        int halves = (bits | bits << 8) & 0x1_00FF;
        int quarters = (halves | halves << 4) & 0x1_0F0F;
        int pairs = (quarters | quarters << 2) & 0x1_3333;
        return (pairs | pairs << 1) & 0x1_5555;
    }

    @Override
    public String text(int agent) {
        var board = new StringBuilder();
        for (int y = 0; y < 3; y++) {
            for (int x = 0; x < 3; x++) {
                int cell = 3 * x + y;
                board.append((marks[0] >> cell & 1) == 1 ? 'X' : (marks[1] >> cell & 1) == 1 ? 'O' : '.');
            }
            board.append('\n');
        }
        return board.toString();
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeInt(marks[0]);
        out.writeInt(marks[1]);
    }

    @Override
    public void load(DataInput in) throws IOException {
        int first = in.readInt();
        int second = in.readInt();
        int ahead = Integer.bitCount(first) - Integer.bitCount(second);
        Snapshot.require(
                ((first | second) & ~FULL) == 0 && (first & second) == 0, "a mark lies beside the board or on another");
        Snapshot.require(ahead == 0 || ahead == 1, "player_1 is " + ahead + " marks ahead of player_2");
        Snapshot.require(!(hasLine(first) && hasLine(second)), "both players have a line");
        marks[0] = first;
        marks[1] = second;
    }

    private static boolean hasLine(int own) {
        for (int line : LINES) {
            if ((own & line) == line) {
                return true;
            }
        }
        return false;
    }
}
