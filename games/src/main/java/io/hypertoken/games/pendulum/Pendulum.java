package io.hypertoken.games.pendulum;

import static io.hypertoken.env.OptionType.numbers;
import static io.hypertoken.space.Spaces.box;

import io.hypertoken.env.Environment;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Options;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Snapshot;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.games.Angle;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Locale;

/// Swing a pendulum up with a weak torque and hold it there; every step costs by angle, speed and torque.
///
/* Every expression keeps the order of Gymnasium's, so that each product and sum rounds as it does there. The torque is
a float32 number, and what Gymnasium computes of it and Python's own floats alone is float32 too. */
public final class Pendulum implements Environment, Snapshot, Renders {
    private static final double TOP_SPEED = 8; // rad/s
    private static final double TOP_TORQUE = 2; // N m
    private static final double TAU = 0.05; // s between steps
    private static final double TURN = 2 * Math.PI;
    private static final double MOST_AT_FIRST = 1e6; // rad and rad/s, whatever the options
    /// Farther than any episode turns it, from wherever it starts.
    private static final double FARTHEST = 1e12; // rad

    public static final Spec SPEC = Spec.of("Pendulum-v1", 1)
            .rules("""
                    A rod of 1 m and 1 kg hangs on a motor that is too weak to lift it at once; each step applies a
                    torque from -2 to 2 N m for 0.05 s, and one beyond counts as the nearest of these. Each step costs
                    the squared angle from upright, a tenth of the squared speed and a thousandth of the squared torque.
                    The episode never ends but is cut off after 200 steps. The first angle is uniform between -x_init
                    and x_init, the first speed between -y_init and y_init. Source: Gymnasium 1.4, Pendulum-v1.""")
            .option("g", numbers(-1000, 1000), 10, "gravity, m/s²")
            .episodeOption("x_init", numbers(0, MOST_AT_FIRST), Math.PI, "the bound of the first angle, rad")
            .episodeOption("y_init", numbers(0, MOST_AT_FIRST), 1, "the bound of the first speed, rad/s")
            .observes(box(new double[] {-1, -1, -TOP_SPEED}, new double[] {1, 1, TOP_SPEED}))
            .legend("cosine of the angle", "sine of the angle", "speed, rad/s")
            .acts(box(-TOP_TORQUE, TOP_TORQUE, 1))
            .masks(MaskMeaning.NONE)
            .stepLimit(200)
            .history("1: the rules of Gymnasium 1.4")
            .creates(Pendulum::new);

    private final double gravity;
    private double angle;
    private double speed;

    Pendulum(Options o) {
        gravity = o.number("g");
    }

    @Override
    public void reset(Step s) {
        double highestAngle = s.options().number("x_init");
        double highestSpeed = s.options().number("y_init");
        angle = s.random().uniform(-highestAngle, highestAngle);
        speed = s.random().uniform(-highestSpeed, highestSpeed);
    }

    @Override
    public void step(Step s) {
        float torque = (float) Math.clamp(s.value(0), -TOP_TORQUE, TOP_TORQUE);
        double lean = fromUpright(angle);
        s.reward(-(lean * lean + 0.1 * (speed * speed) + 0.001f * (torque * torque)));
        speed += (3 * gravity / 2.0 * Angle.sin(angle) + 3.0f * torque) * TAU;
        speed = Math.clamp(speed, -TOP_SPEED, TOP_SPEED);
        angle += speed * TAU;
    }

    /// The angle within half a turn of upright.
    private static double fromUpright(double angle) {
        double turned = (angle + Math.PI) % TURN;
        return (turned < 0 ? turned + TURN : turned) - Math.PI;
    }

    @Override
    public void observe(int agent, View v) {
        v.set(0, Angle.cos(angle)).set(1, Angle.sin(angle)).set(2, speed);
    }

    @Override
    public String text(int agent) {
        return String.format(Locale.ROOT, "pendulum at %+.4f rad from upright, %+.4f rad/s", fromUpright(angle), speed);
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeDouble(angle);
        out.writeDouble(speed);
    }

    @Override
    public void load(DataInput in) throws IOException {
        double turned = in.readDouble();
        double turning = in.readDouble();
        Snapshot.require(
                Math.abs(turned) <= FARTHEST && Math.abs(turning) <= MOST_AT_FIRST,
                "the pendulum is at " + turned + " rad, turning by " + turning + " rad/s");
        angle = turned;
        speed = turning;
    }
}
