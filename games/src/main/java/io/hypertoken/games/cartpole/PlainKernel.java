package io.hypertoken.games.cartpole;

import static io.hypertoken.games.cartpole.CartPole.ANGLE_LIMIT;
import static io.hypertoken.games.cartpole.CartPole.FORCE;
import static io.hypertoken.games.cartpole.CartPole.GRAVITY;
import static io.hypertoken.games.cartpole.CartPole.HALF_LENGTH;
import static io.hypertoken.games.cartpole.CartPole.POLE_MASS;
import static io.hypertoken.games.cartpole.CartPole.POLE_MOMENT;
import static io.hypertoken.games.cartpole.CartPole.POSITION_LIMIT;
import static io.hypertoken.games.cartpole.CartPole.TAU;
import static io.hypertoken.games.cartpole.CartPole.TOTAL_MASS;
import static io.hypertoken.games.cartpole.CartPoleTwin.FLOAT;

import io.hypertoken.env.TwinColumns;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// The kernel for every Java runtime: short loops that the compiler turns into vector code.
///
/* They see arrays only, which are copied from and to the columns a chunk at a time: until the optimising compiler has come
round, access to a memory segment takes a hundred times what it takes to an array's element, and the first half second
of a process is spent so (two thirds of it went into observations). Compiled, both ways cost the same. */
final class PlainKernel implements CartPoleTwin.Kernel {
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

    private final double[] sin;
    private final double[] cos;
    private final double[] push;
    private final double[] turn;
    private final long[] actions;
    private final float[] shown;
    private final double[] standing = new double[CartPoleTwin.CHUNK];
    private final double fallenReward;

    PlainKernel(int rows, boolean suttonBartoReward) {
        sin = new double[rows];
        cos = new double[rows];
        push = new double[rows];
        turn = new double[rows];
        actions = new long[rows];
        shown = new float[4 * rows];
        Arrays.fill(standing, suttonBartoReward ? 0 : 1);
        fallenReward = suttonBartoReward ? -1 : 1;
    }

    @Override
    public int step(CartPoleTwin state, TwinColumns columns, int from, int to, int[] fallen, int already) {
        int count = already;
        for (int start = from; start < to; start += CartPoleTwin.CHUNK) {
            int end = Math.min(start + CartPoleTwin.CHUNK, to);
            smallSines(state.theta, start, end);
            smallCosines(state.theta, start, end);
            count = moveAndShow(state, columns, start, end, fallen, count);
        }
        return count;
    }

    /// The same for angles of any size.
    int stepAnyAngle(CartPoleTwin state, TwinColumns columns, int from, int to, int[] fallen) {
        int count = 0;
        for (int start = from; start < to; start += CartPoleTwin.CHUNK) {
            int end = Math.min(start + CartPoleTwin.CHUNK, to);
            for (int row = start; row < end; row++) {
                sin[row] = SmallAngle.sin(state.theta[row]);
                cos[row] = SmallAngle.cos(state.theta[row]);
            }
            count = moveAndShow(state, columns, start, end, fallen, count);
        }
        return count;
    }

    private int moveAndShow(CartPoleTwin state, TwinColumns columns, int from, int to, int[] fallen, int already) {
        int rows = to - from;
        MemorySegment.copy(columns.action(), ValueLayout.JAVA_LONG_UNALIGNED, 8L * from, actions, from, rows);
        force(from, to);
        push(state.thetaDot, from, to);
        turn(from, to);
        integrate(state.x, state.xDot, state.theta, state.thetaDot, from, to);
        show(state.x, state.xDot, state.theta, state.thetaDot, from, to);
        MemorySegment.copy(shown, 4 * from, columns.observation(), FLOAT, 16L * from, 4 * rows);
        MemorySegment.copy(standing, 0, columns.reward(), DOUBLE, 8L * from, rows);
        return end(state.x, state.theta, columns, from, to, fallen, already);
    }

    private void smallSines(double[] theta, int from, int to) {
        for (int row = from; row < to; row++) {
            sin[row] = SmallAngle.smallSin(theta[row]);
        }
    }

    private void smallCosines(double[] theta, int from, int to) {
        for (int row = from; row < to; row++) {
            cos[row] = SmallAngle.smallCos(theta[row]);
        }
    }

    private void force(int from, int to) {
        for (int row = from; row < to; row++) {
            push[row] = (2 * (int) actions[row] - 1) * FORCE;
        }
    }

    private void push(double[] thetaDot, int from, int to) {
        for (int row = from; row < to; row++) {
            push[row] = (push[row] + POLE_MOMENT * (thetaDot[row] * thetaDot[row]) * sin[row]) / TOTAL_MASS;
        }
    }

    private void turn(int from, int to) {
        for (int row = from; row < to; row++) {
            turn[row] = (GRAVITY * sin[row] - cos[row] * push[row])
                    / (HALF_LENGTH * (4.0 / 3.0 - POLE_MASS * (cos[row] * cos[row]) / TOTAL_MASS));
        }
    }

    private void integrate(double[] x, double[] xDot, double[] theta, double[] thetaDot, int from, int to) {
        for (int row = from; row < to; row++) {
            x[row] += TAU * xDot[row];
            theta[row] += TAU * thetaDot[row];
        }
        for (int row = from; row < to; row++) {
            xDot[row] += TAU * (push[row] - POLE_MOMENT * turn[row] * cos[row] / TOTAL_MASS);
            thetaDot[row] += TAU * turn[row];
        }
    }

    private void show(double[] x, double[] xDot, double[] theta, double[] thetaDot, int from, int to) {
        float[] into = shown;
        for (int row = from; row < to; row++) {
            int at = 4 * row;
            into[at] = (float) x[row];
            into[at + 1] = (float) xDot[row];
            into[at + 2] = (float) theta[row];
            into[at + 3] = (float) thetaDot[row];
        }
    }

    private int end(double[] x, double[] theta, TwinColumns columns, int from, int to, int[] fallen, int already) {
        int count = already;
        for (int row = from; row < to; row++) {
            if (Math.abs(x[row]) > POSITION_LIMIT | Math.abs(theta[row]) > ANGLE_LIMIT) {
                columns.terminated().set(ValueLayout.JAVA_BYTE, row, (byte) 1);
                columns.reward().set(DOUBLE, 8L * row, fallenReward);
                fallen[count++] = row;
            }
        }
        return count;
    }
}
