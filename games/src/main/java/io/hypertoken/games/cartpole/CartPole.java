package io.hypertoken.games.cartpole;

import static io.hypertoken.env.OptionType.flag;
import static io.hypertoken.env.OptionType.numbers;
import static io.hypertoken.space.Spaces.box;
import static java.lang.Double.POSITIVE_INFINITY;

import io.hypertoken.env.Environment;
import io.hypertoken.env.Frame;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Options;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Snapshot;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Balance a pole on a cart by pushing the cart left or right; every step upright earns 1.
///
/* Every expression keeps the order of Gymnasium's, so that each product and sum rounds as it does there. */
public final class CartPole implements Environment, Snapshot, Renders {
    static final double GRAVITY = 9.8; // m/s²
    static final double POLE_MASS = 0.1; // kg
    static final double TOTAL_MASS = POLE_MASS + 1.0; // kg
    static final double HALF_LENGTH = 0.5; // m
    static final double POLE_MOMENT = POLE_MASS * HALF_LENGTH; // kg m
    static final double FORCE = 10.0; // N
    static final double TAU = 0.02; // s between steps
    static final double POSITION_LIMIT = 2.4; // m
    static final double ANGLE_LIMIT = 12 * 2 * Math.PI / 360; // rad
    private static final double FARTHEST_START = 1e6; // from 0, whatever the options

    /// What a saved state may be. From a start inside the limits no push makes the cart or the pole nearly as fast as
    /// this, and a step from there ends inside the observation space.
    private static final double TOP_SPEED = 100; // m/s

    private static final double TOP_TURNING = 8; // rad/s
    /// Beyond what one step makes of the farthest start; no step follows it.
    private static final double FARTHEST = 1e10;

    public static final Spec SPEC = Spec.of("CartPole-v1", 1)
            .aliases("CartPole")
            .rules("""
                    A pole stands on a cart; each step pushes the cart left or right with 10 N for 0.02 s. The episode
                    ends when the pole leans more than 12 degrees or the cart is more than 2.4 m from the middle, and
                    is cut off after 500 steps. Each step earns 1. The four numbers of the first state are uniform in
                    [low, high). Source: Barto, Sutton and Anderson (1983), as Gymnasium 1.4 plays CartPole-v1.""")
            .option(
                    "sutton_barto_reward",
                    flag(),
                    false,
                    "reward 0 a step and -1 for the last, as in the paper, in place of 1 a step")
            .episodeOption(
                    "low",
                    numbers(-FARTHEST_START, FARTHEST_START),
                    -0.05,
                    "the lower bound of the first state's numbers")
            .episodeOption(
                    "high",
                    numbers(-FARTHEST_START, FARTHEST_START),
                    0.05,
                    "the upper bound of the first state's numbers")
            .requires(o -> o.number("low") <= o.number("high"), "low must not be above high")
            .observes(box(
                    new double[] {-2 * POSITION_LIMIT, -POSITIVE_INFINITY, -2 * ANGLE_LIMIT, -POSITIVE_INFINITY},
                    new double[] {2 * POSITION_LIMIT, POSITIVE_INFINITY, 2 * ANGLE_LIMIT, POSITIVE_INFINITY}))
            .legend("cart position, m", "cart velocity, m/s", "pole angle, rad", "pole angular velocity, rad/s")
            .acts("left", "right")
            .masks(MaskMeaning.NONE)
            .stepLimit(500)
            .rewardThreshold(475)
            .history("1: the rules of Gymnasium 1.4")
            .twin(CartPoleTwin::new)
            .creates(CartPole::new);

    private final boolean suttonBartoReward;
    double x;
    double xDot;
    double theta;
    double thetaDot;

    private @Nullable Options episode;
    private double low;
    private double high;

    CartPole(Options o) {
        episode = o;
        low = o.number("low");
        high = o.number("high");
        suttonBartoReward = o.flag("sutton_barto_reward");
    }

    @Override
    public void reset(Step s) {
        Options options = s.options();
        if (options != episode) { // the same for most episodes, which saves their look-ups
            episode = options;
            low = options.number("low");
            high = options.number("high");
        }
        x = s.random().uniform(low, high);
        xDot = s.random().uniform(low, high);
        theta = s.random().uniform(low, high);
        thetaDot = s.random().uniform(low, high);
    }

    @Override
    public void step(Step s) {
        double force = (2 * s.action() - 1) * FORCE; // a branch on the action would be mispredicted every other step
        double cos = SmallAngle.cos(theta);
        double sin = SmallAngle.sin(theta);
        double push = (force + POLE_MOMENT * (thetaDot * thetaDot) * sin) / TOTAL_MASS;
        double thetaAcceleration =
                (GRAVITY * sin - cos * push) / (HALF_LENGTH * (4.0 / 3.0 - POLE_MASS * (cos * cos) / TOTAL_MASS));
        double xAcceleration = push - POLE_MOMENT * thetaAcceleration * cos / TOTAL_MASS;
        // Explicit Euler: positions move by the old velocities.
        x += TAU * xDot;
        xDot += TAU * xAcceleration;
        theta += TAU * thetaDot;
        thetaDot += TAU * thetaAcceleration;
        boolean fallen = Math.abs(x) > POSITION_LIMIT || Math.abs(theta) > ANGLE_LIMIT;
        s.reward(suttonBartoReward ? (fallen ? -1 : 0) : 1).terminateIf(fallen);
    }

    @Override
    public void observe(int agent, View v) {
        v.set(0, x).set(1, xDot).set(2, theta).set(3, thetaDot);
    }

    @Override
    public String text(int agent) {
        return String.format(
                Locale.ROOT, "cart %+.3f m %+.3f m/s, pole %+.4f rad %+.3f rad/s\n", x, xDot, theta, thetaDot);
    }

    @Override
    public Frame frame() {
        return CartPolePicture.draw(x, theta);
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeDouble(x);
        out.writeDouble(xDot);
        out.writeDouble(theta);
        out.writeDouble(thetaDot);
        out.writeDouble(low);
        out.writeDouble(high);
    }

    @Override
    public void load(DataInput in) throws IOException {
        double place = in.readDouble();
        double speed = in.readDouble();
        double angle = in.readDouble();
        double turning = in.readDouble();
        double lowest = in.readDouble();
        double highest = in.readDouble();
        Snapshot.require(
                lowest >= -FARTHEST_START && lowest <= highest && highest <= FARTHEST_START,
                "an episode began between " + lowest + " and " + highest);
        boolean ordinary = Math.max(-lowest, highest) <= ANGLE_LIMIT;
        Snapshot.require(
                ordinary
                        ? isBelow(place, speed, 2 * POSITION_LIMIT, TOP_SPEED)
                                && isBelow(angle, turning, 2 * ANGLE_LIMIT, TOP_TURNING)
                        : isBelow(place, speed, FARTHEST, FARTHEST) && isBelow(angle, turning, FARTHEST, FARTHEST),
                "the cart is at " + place + " m and " + speed + " m/s, the pole at " + angle + " rad and " + turning
                        + " rad/s");
        x = place;
        xDot = speed;
        theta = angle;
        thetaDot = turning;
        low = lowest;
        high = highest;
        episode = null; // the next reset looks its own bounds up
    }

    /// Whether something is, and will be after a step, at most `most` from 0, and no faster than `fastest`.
    private static boolean isBelow(double at, double speed, double most, double fastest) {
        return Math.abs(at) <= most && Math.abs(at + TAU * speed) <= most && Math.abs(speed) <= fastest;
    }
}
