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

import io.hypertoken.env.TwinColumns;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The kernel for runtimes with the Vector API: several rows an instruction, the whole step in one loop.
///
/* One long method on purpose: a helper that takes or returns vectors boxes them, which measured 512 bytes
for every four rows and 15 ns more for each row. */
final class VectorKernel implements CartPoleTwin.Kernel {
    private static final VectorSpecies<Double> D = DoubleVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Long> L = LongVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Float> F =
            VectorSpecies.of(float.class, VectorShape.forBitSize(D.vectorBitSize()));
    /// How many rows an instruction works on.
    static final int ROWS = D.length();
    private static final long TEN = Double.doubleToRawLongBits(FORCE);
    /// From `x… xDot…` and `theta… thetaDot…` to the first and the second half of the rows' observations.
    private static final VectorShuffle<Float> FIRST = interleaved(0);
    private static final VectorShuffle<Float> SECOND = interleaved(ROWS / 2);

    /// Element 4r + q of the result is quantity q of row `first` + r; quantities 2 and 3 lie in the second vector.
    private static VectorShuffle<Float> interleaved(int first) {
        return VectorShuffle.fromOp(F, k -> {
            int row = first + k / 4;
            int quantity = k % 4;
            int lane = quantity % 2 * ROWS + row;
            return quantity < 2 ? lane : lane - F.length();
        });
    }

    @Override
    public int step(CartPoleTwin state, TwinColumns columns, int from, int to, int[] fallen, int already) {
        MemorySegment action = columns.action();
        MemorySegment observation = columns.observation();
        MemorySegment reward = columns.reward();
        double[] xs = state.x;
        double[] xDots = state.xDot;
        double[] thetas = state.theta;
        double[] thetaDots = state.thetaDot;
        boolean sutton = state.suttonBartoReward;
        DoubleVector standing = DoubleVector.broadcast(D, sutton ? 0 : 1);
        double last = sutton ? -1 : 1;
        DoubleVector one = DoubleVector.broadcast(D, 1.0);
        DoubleVector fourThirds = DoubleVector.broadcast(D, 4.0 / 3.0);
        ByteOrder order = ByteOrder.nativeOrder();
        int count = already;
        int row = from;
        for (; row + ROWS <= to; row += ROWS) {
            DoubleVector x = DoubleVector.fromArray(D, xs, row);
            DoubleVector xDot = DoubleVector.fromArray(D, xDots, row);
            DoubleVector theta = DoubleVector.fromArray(D, thetas, row);
            DoubleVector thetaDot = DoubleVector.fromArray(D, thetaDots, row);
            // An action is 0 or 1; its complement is the sign bit of the force.
            DoubleVector force = LongVector.fromMemorySegment(L, action, 8L * row, order)
                    .lanewise(VectorOperators.XOR, 1)
                    .lanewise(VectorOperators.LSHL, 63)
                    .lanewise(VectorOperators.OR, TEN)
                    .reinterpretAsDoubles();

            DoubleVector z = theta.mul(theta);
            DoubleVector r = z.mul(SmallAngle.S6)
                    .add(SmallAngle.S5)
                    .mul(z)
                    .add(SmallAngle.S4)
                    .mul(z);
            r = r.add(SmallAngle.S3).mul(z).add(SmallAngle.S2);
            DoubleVector sin = theta.add(z.mul(theta).mul(z.mul(r).add(SmallAngle.S1)));
            r = z.mul(SmallAngle.C6)
                    .add(SmallAngle.C5)
                    .mul(z)
                    .add(SmallAngle.C4)
                    .mul(z);
            r = r.add(SmallAngle.C3)
                    .mul(z)
                    .add(SmallAngle.C2)
                    .mul(z)
                    .add(SmallAngle.C1)
                    .mul(z);
            DoubleVector cos = one.sub(z.mul(0.5).sub(z.mul(r)));

            DoubleVector push =
                    thetaDot.mul(thetaDot).mul(POLE_MOMENT).mul(sin).add(force).div(TOTAL_MASS);
            DoubleVector turn = sin.mul(GRAVITY)
                    .sub(cos.mul(push))
                    .div(fourThirds
                            .sub(cos.mul(cos).mul(POLE_MASS).div(TOTAL_MASS))
                            .mul(HALF_LENGTH));
            DoubleVector drive = push.sub(turn.mul(POLE_MOMENT).mul(cos).div(TOTAL_MASS));
            x = x.add(xDot.mul(TAU));
            xDot = xDot.add(drive.mul(TAU));
            theta = theta.add(thetaDot.mul(TAU));
            thetaDot = thetaDot.add(turn.mul(TAU));
            x.intoArray(xs, row);
            xDot.intoArray(xDots, row);
            theta.intoArray(thetas, row);
            thetaDot.intoArray(thetaDots, row);

            // Each conversion fills one half of a float vector and leaves the other zero.
            FloatVector cart = ((FloatVector) x.convertShape(VectorOperators.D2F, F, 0))
                    .lanewise(VectorOperators.ADD, xDot.convertShape(VectorOperators.D2F, F, -1));
            FloatVector pole = ((FloatVector) theta.convertShape(VectorOperators.D2F, F, 0))
                    .lanewise(VectorOperators.ADD, thetaDot.convertShape(VectorOperators.D2F, F, -1));
            cart.rearrange(FIRST, pole).intoMemorySegment(observation, 16L * row, order);
            cart.rearrange(SECOND, pole).intoMemorySegment(observation, 16L * row + D.vectorByteSize(), order);
            standing.intoMemorySegment(reward, 8L * row, order);

            VectorMask<Double> down = x.abs()
                    .compare(VectorOperators.GT, POSITION_LIMIT)
                    .or(theta.abs().compare(VectorOperators.GT, ANGLE_LIMIT));
            for (long lanes = down.toLong(); lanes != 0; lanes &= lanes - 1) {
                int end = row + Long.numberOfTrailingZeros(lanes);
                columns.terminated().set(ValueLayout.JAVA_BYTE, end, (byte) 1);
                reward.setAtIndex(ValueLayout.JAVA_DOUBLE_UNALIGNED, end, last);
                fallen[count++] = end;
            }
        }
        return state.plain().step(state, columns, row, to, fallen, count);
    }
}
