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

/// The kernel for every Java runtime: short loops that the compiler turns into vector code.
final class PlainKernel implements CartPoleTwin.Kernel {
    private final double[] sin;
    private final double[] cos;
    private final double[] push;
    private final double[] turn;

    PlainKernel(int rows) {
        sin = new double[rows];
        cos = new double[rows];
        push = new double[rows];
        turn = new double[rows];
    }

    @Override
    public int step(CartPoleTwin state, TwinColumns columns, int from, int to, int[] fallen, int already) {
        int count = already;
        for (int start = from; start < to; start += CartPoleTwin.CHUNK) {
            int end = Math.min(start + CartPoleTwin.CHUNK, to);
            smallSines(state.theta, start, end);
            smallCosines(state.theta, start, end);
            move(state, columns.action(), start, end);
            count = show(state, columns, start, end, fallen, count);
        }
        return count;
    }

    /// The same for angles of any size.
    int stepAnyAngle(CartPoleTwin state, TwinColumns columns, int from, int to, int[] fallen) {
        for (int row = from; row < to; row++) {
            sin[row] = SmallAngle.sin(state.theta[row]);
            cos[row] = SmallAngle.cos(state.theta[row]);
        }
        move(state, columns.action(), from, to);
        return show(state, columns, from, to, fallen, 0);
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

    private void move(CartPoleTwin state, MemorySegment action, int from, int to) {
        for (int row = from; row < to; row++) {
            push[row] = (2 * (int) action.getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, row) - 1) * FORCE;
        }
        push(state.thetaDot, from, to);
        turn(from, to);
        integrate(state.x, state.xDot, state.theta, state.thetaDot, from, to);
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

    private static int show(CartPoleTwin state, TwinColumns columns, int from, int to, int[] fallen, int already) {
        MemorySegment observation = columns.observation();
        MemorySegment reward = columns.reward();
        double standing = state.suttonBartoReward ? 0 : 1;
        int count = already;
        for (int row = from; row < to; row++) {
            long at = 16L * row;
            observation.set(FLOAT, at, (float) state.x[row]);
            observation.set(FLOAT, at + 4, (float) state.xDot[row]);
            observation.set(FLOAT, at + 8, (float) state.theta[row]);
            observation.set(FLOAT, at + 12, (float) state.thetaDot[row]);
            reward.setAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, row, standing);
            if (Math.abs(state.x[row]) > POSITION_LIMIT | Math.abs(state.theta[row]) > ANGLE_LIMIT) {
                columns.terminated().set(ValueLayout.JAVA_BYTE, row, (byte) 1);
                reward.setAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, row, state.suttonBartoReward ? -1 : 1);
                fallen[count++] = row;
            }
        }
        return count;
    }
}
