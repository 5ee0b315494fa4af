package io.hypertoken.games.acrobot;

import io.hypertoken.games.Angle;

/// The equations of motion of two links, integrated over one step by the classical Runge-Kutta method of order 4.
///
/* Every expression keeps the order of Gymnasium's, so that each product and sum rounds as it does there. Both links have
length 1 m, mass 1 kg, centre at 0.5 m and moment of inertia 1 kg m², by which products with 1 vanish without a trace. The equations are
those of Sutton and Barto's book, not the slightly different ones of Sutton's paper of 1996. */
final class Motion {
    private static final double TAU = 0.2; // s
    private static final double GRAVITY = 9.8; // m/s²
    private static final double CENTRE = 0.5; // m along a link
    private static final double MOMENT = 1; // kg m²
    private static final double QUARTER = Math.PI / 2;

    private final double[] slope = new double[4];
    private final double[] sum = new double[4];
    private final double[] at = new double[4];

    /// Moves on by one step.
    ///
    /// @param state two angles and two speeds, the second link's relative to the first's
    /// @param torque in N m
    void advance(double[] state, double torque) {
        slopes(state, torque);
        copy(slope, sum);
        ahead(state, TAU / 2.0);
        slopes(at, torque);
        add(2);
        ahead(state, TAU / 2.0);
        slopes(at, torque);
        add(2);
        ahead(state, TAU);
        slopes(at, torque);
        add(1);
        for (int k = 0; k < state.length; k++) {
            state[k] += TAU / 6.0 * sum[k];
        }
    }

    private void ahead(double[] state, double time) {
        for (int k = 0; k < at.length; k++) {
            at[k] = state[k] + time * slope[k];
        }
    }

    private void add(double weight) {
        for (int k = 0; k < sum.length; k++) {
            sum[k] += weight * slope[k];
        }
    }

    private static void copy(double[] from, double[] to) {
        System.arraycopy(from, 0, to, 0, to.length);
    }

    /// The speeds and accelerations at a state.
    private void slopes(double[] state, double torque) {
        double theta1 = state[0];
        double theta2 = state[1];
        double speed1 = state[2];
        double speed2 = state[3];
        double cos2 = Angle.cos(theta2);
        double sin2 = Angle.sin(theta2);
        double d1 = CENTRE * CENTRE + (1 + CENTRE * CENTRE + 2 * CENTRE * cos2) + MOMENT + MOMENT;
        double d2 = CENTRE * CENTRE + CENTRE * cos2 + MOMENT;
        double phi2 = CENTRE * GRAVITY * Angle.cos(theta1 + theta2 - QUARTER);
        double phi1 = -CENTRE * (speed2 * speed2) * sin2
                - 2 * CENTRE * speed2 * speed1 * sin2
                + (CENTRE + 1) * GRAVITY * Angle.cos(theta1 - QUARTER)
                + phi2;
        double acceleration2 = (torque + d2 / d1 * phi1 - CENTRE * (speed1 * speed1) * sin2 - phi2)
                / (CENTRE * CENTRE + MOMENT - d2 * d2 / d1);
        slope[0] = speed1;
        slope[1] = speed2;
        slope[2] = -(d2 * acceleration2 + phi1) / d1;
        slope[3] = acceleration2;
    }
}
