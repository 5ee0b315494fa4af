package io.hypertoken.games.cartpole;

import io.hypertoken.env.Environment;
import io.hypertoken.env.Frame;
import io.hypertoken.env.Options;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Snapshot;
import io.hypertoken.env.Step;
import io.hypertoken.env.Twin;
import io.hypertoken.env.TwinColumns;
import io.hypertoken.env.View;
import io.hypertoken.random.Generator;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Many cart-poles side by side, equal bit for bit to as many [CartPole]s.
///
/* State lies in one array a quantity. A chunk of rows small enough for the first-level cache is taken through several
short loops, because the compiler vectorises a loop of a dozen operations and leaves one of a hundred scalar. Where
the Vector API is there, its kernel takes over once it is warm. */
final class CartPoleTwin implements Twin {
    static final int CHUNK = 256;
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    final Options opened;
    final boolean suttonBartoReward;
    final double[] x;
    final double[] xDot;
    final double[] theta;
    final double[] thetaDot;
    private final double low;
    private final double high;
    private final PlainKernel plain;
    /// Whether some row was ever put at an angle that only StrictMath can take.
    private volatile boolean anyWide;

    /// Plays rows `from` to `to` - 1 as [Twin#step] does; all angles are small.
    interface Kernel {
        /// @param already how many entries of `fallen` are taken
        /// @return how many are taken now
        int step(CartPoleTwin state, TwinColumns columns, int from, int to, int[] fallen, int already);
    }

    CartPoleTwin(Options opened, int rows) {
        this.opened = opened;
        this.suttonBartoReward = opened.flag("sutton_barto_reward");
        this.low = opened.number("low");
        this.high = opened.number("high");
        this.x = new double[rows];
        this.xDot = new double[rows];
        this.theta = new double[rows];
        this.thetaDot = new double[rows];
        this.plain = new PlainKernel(rows, suttonBartoReward);
    }

    @Override
    public int step(TwinColumns columns, int from, int to, int[] terminated) {
        return anyWide
                ? plain.stepAnyAngle(this, columns, from, to, terminated)
                : VectorSwitch.orElse(plain, to - from).step(this, columns, from, to, terminated, 0);
    }

    @Override
    public boolean begin(TwinColumns columns, int row, Generator random) {
        if (!SmallAngle.isSmall(low) || !SmallAngle.isSmall(high)) {
            return false;
        }
        MemorySegment observation = columns.observation();
        long at = 16L * row;
        observation.set(FLOAT, at, (float) (x[row] = random.uniform(low, high)));
        observation.set(FLOAT, at + 4, (float) (xDot[row] = random.uniform(low, high)));
        observation.set(FLOAT, at + 8, (float) (theta[row] = random.uniform(low, high)));
        observation.set(FLOAT, at + 12, (float) (thetaDot[row] = random.uniform(low, high)));
        return true;
    }

    /// Puts a row's pole upright and at rest.
    void stand(int row) {
        x[row] = 0;
        xDot[row] = 0;
        theta[row] = 0;
        thetaDot[row] = 0;
    }

    /// The kernel for the rows that a vector kernel leaves over, and for all where there is none.
    PlainKernel plain() {
        return plain;
    }

    @Override
    public Environment row(int row) {
        return new Row(row);
    }

    /// One of the rows, lent to a plain CartPole for as long as a call takes.
    private final class Row implements Environment, Snapshot, Renders {
        private final int row;
        private final CartPole pole = new CartPole(opened);

        Row(int row) {
            this.row = row;
        }

        private CartPole lent() {
            pole.x = x[row];
            pole.xDot = xDot[row];
            pole.theta = theta[row];
            pole.thetaDot = thetaDot[row];
            return pole;
        }

        private void takeBack() {
            x[row] = pole.x;
            xDot[row] = pole.xDot;
            theta[row] = pole.theta;
            thetaDot[row] = pole.thetaDot;
            anyWide |= !SmallAngle.isSmall(pole.theta);
        }

        @Override
        public void reset(Step step) {
            pole.reset(step);
            takeBack();
        }

        @Override
        public void step(Step step) {
            lent().step(step);
            takeBack();
        }

        @Override
        public void observe(int agent, View view) {
            lent().observe(agent, view);
        }

        @Override
        public void save(DataOutput out) throws IOException {
            lent().save(out);
        }

        @Override
        public void load(DataInput in) throws IOException {
            pole.load(in);
            takeBack();
        }

        @Override
        public String text(int agent) {
            return lent().text(agent);
        }

        @Override
        public Frame frame() {
            return lent().frame();
        }
    }
}
