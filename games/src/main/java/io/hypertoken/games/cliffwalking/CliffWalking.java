package io.hypertoken.games.cliffwalking;

import static io.hypertoken.env.OptionType.flag;
import static io.hypertoken.space.Spaces.discrete;

import io.hypertoken.env.Environment;
import io.hypertoken.env.Frame;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Options;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Snapshot;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.games.Categorical;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/// Walk from one corner along a cliff to the other; a fall costs 100 and begins the walk anew.
public final class CliffWalking implements Environment, Snapshot, Renders {
    public static final Spec SPEC = declare("CliffWalking-v1", false);

    private static final int PROB = SPEC.infoNumber("prob");

    private static final int ROWS = 4;
    private static final int COLUMNS = 12;
    private static final int START = (ROWS - 1) * COLUMNS;
    private static final int GOAL = ROWS * COLUMNS - 1;
    private static final int STEP_REWARD = -1;
    private static final int FALL_REWARD = -100;
    private static final double THIRD = 1.0 / 3;

    private final boolean slippery;
    /// On slippery ground: a quarter turn left, straight on, a quarter turn right.
    private final Categorical outcomes;

    private int cell;

    CliffWalking(Options o) {
        slippery = o.flag("is_slippery");
        outcomes = slippery ? new Categorical(THIRD, THIRD, THIRD) : new Categorical(1.0);
    }

    /// The declaration of one of Gymnasium's two walks.
    static Spec declare(String id, boolean slippery) {
        return Spec.of(id, 1)
                .rules("""
                        A grid of 4 rows and 12 columns; start at the bottom left, end at the bottom right. The cells
                        between them are a cliff: a fall costs 100 and puts you back at the start. Any other step costs
                        1; the edges hold you. On slippery ground a step goes as meant, or to either side of that, each
                        with a chance of 1/3. There is no step limit. Source: Sutton and Barto, Reinforcement Learning
                        (2018), example 6.6, as Gymnasium 1.4 plays it (envs/toy_text/cliffwalking.py).""")
                .option("is_slippery", flag(), slippery, "whether steps can go sideways")
                .observes(discrete(ROWS * COLUMNS))
                .legend("cell: row times 12 plus column, from the top left")
                .acts("up", "right", "down", "left")
                .masks(MaskMeaning.NONE)
                .infoNumber("prob", 1, "the chance of what happened")
                .integerRewards()
                .history("1: the rules of Gymnasium 1.4")
                .creates(CliffWalking::new);
    }

    @Override
    public void reset(Step s) {
        s.random().random(); // Gymnasium draws among one possible start
        cell = START;
    }

    @Override
    public void step(Step s) {
        int outcome = outcomes.draw(s.random());
        int heading = slippery ? (s.action() + outcome + 3) & 3 : s.action();
        int next = neighbour(cell, heading);
        boolean falls = isCliff(next);
        cell = falls ? START : next;
        s.info(PROB, outcomes.chance(outcome))
                .reward(falls ? FALL_REWARD : STEP_REWARD)
                .terminateIf(cell == GOAL);
    }

    private static int neighbour(int cell, int heading) {
        int column = cell % COLUMNS;
        return switch (heading) {
            case 0 -> cell >= COLUMNS ? cell - COLUMNS : cell;
            case 1 -> column < COLUMNS - 1 ? cell + 1 : cell;
            case 2 -> cell + COLUMNS <= GOAL ? cell + COLUMNS : cell;
            default -> column > 0 ? cell - 1 : cell;
        };
    }

    private static boolean isCliff(int cell) {
        return cell > START && cell < GOAL;
    }

    @Override
    public void observe(int agent, View v) {
        v.set(cell);
    }

    @Override
    public String text(int agent) {
        var out = new StringBuilder();
        for (int k = 0; k <= GOAL; k++) {
            int column = k % COLUMNS;
            char mark = k == cell ? 'x' : k == GOAL ? 'T' : isCliff(k) ? 'C' : 'o';
            out.append(column == 0 ? "" : "  ").append(mark).append(column == COLUMNS - 1 ? "\n" : "");
        }
        return out.append('\n').toString();
    }

    @Override
    public Frame frame() {
        return CliffPicture.draw(COLUMNS, ROWS, START, cell);
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeByte(cell);
    }

    @Override
    public void load(DataInput in) throws IOException {
        int read = in.readByte();
        Snapshot.require(read >= 0 && read <= GOAL && !isCliff(read), "the walker is at " + read);
        cell = read;
    }
}
