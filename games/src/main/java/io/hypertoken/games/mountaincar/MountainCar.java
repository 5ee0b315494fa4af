package io.hypertoken.games.mountaincar;

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

/// Rock a car out of a valley whose slope is too steep for its engine; every step costs 1.
///
/* Every expression keeps the order of Gymnasium's, so that each product and sum rounds as it does there. */
public final class MountainCar implements Environment, Snapshot, Renders {
    private static final double LEFT_END = -1.2;
    private static final double RIGHT_END = 0.6;
    private static final double GOAL = 0.5;
    private static final double TOP_SPEED = 0.07;
    private static final double FORCE = 0.001;
    private static final double GRAVITY = 0.0025;
    private static final double FARTHEST_START = 1e6; // from 0, whatever the options

    public static final Spec SPEC = Spec.of("MountainCar-v0", 1)
            .rules("""
                    A car in a valley of height sin(3 x) between -1.2 and 0.6 pushes left, not at all, or right; its
                    engine is too weak to climb from a standstill. The left end stops it. The episode ends when it is
                    at 0.5 or beyond and at least as fast as goal_velocity, and is cut off after 200 steps. Each step
                    costs 1. It starts at rest, at a place uniform in [low, high). Source: Moore, Efficient Memory-based
                    Learning for Robot Control (1990), as Gymnasium 1.4 plays MountainCar-v0.""")
            .option("goal_velocity", numbers(-1, 1), 0, "the least velocity at the goal that ends the episode")
            .episodeOption(
                    "low", numbers(-FARTHEST_START, FARTHEST_START), -0.6, "the lower bound of the first position")
            .episodeOption(
                    "high", numbers(-FARTHEST_START, FARTHEST_START), -0.4, "the upper bound of the first position")
            .requires(o -> o.number("low") <= o.number("high"), "low must not be above high")
            .observes(box(new double[] {LEFT_END, -TOP_SPEED}, new double[] {RIGHT_END, TOP_SPEED}))
            .legend("position", "velocity, per step")
            .acts("left", "coast", "right")
            .masks(MaskMeaning.NONE)
            .stepLimit(200)
            .rewardThreshold(-110)
            .history("1: the rules of Gymnasium 1.4")
            .creates(MountainCar::new);

    private final double goalVelocity;
    private double position;
    private double velocity;

    MountainCar(Options o) {
        goalVelocity = o.number("goal_velocity");
    }

    @Override
    public void reset(Step s) {
        position = s.random().uniform(s.options().number("low"), s.options().number("high"));
        velocity = 0;
    }

    @Override
    public void step(Step s) {
        velocity += (s.action() - 1) * FORCE + Angle.cos(3 * position) * -GRAVITY;
        velocity = Math.clamp(velocity, -TOP_SPEED, TOP_SPEED);
        position = Math.clamp(position + velocity, LEFT_END, RIGHT_END);
        if (position == LEFT_END && velocity < 0) {
            velocity = 0;
        }
        s.reward(-1).terminateIf(position >= GOAL && velocity >= goalVelocity);
    }

    @Override
    public void observe(int agent, View v) {
        v.set(0, position).set(1, velocity);
    }

    @Override
    public String text(int agent) {
        return String.format(Locale.ROOT, "car at %+.4f, velocity %+.5f", position, velocity);
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeDouble(position);
        out.writeDouble(velocity);
    }

    @Override
    public void load(DataInput in) throws IOException {
        double place = in.readDouble();
        double speed = in.readDouble();
        // It starts at rest, and a step holds it between the ends.
        boolean possible = speed == 0
                ? Math.abs(place) <= FARTHEST_START
                : place >= LEFT_END && place <= RIGHT_END && Math.abs(speed) <= TOP_SPEED;
        Snapshot.require(possible, "the car is at " + place + " with velocity " + speed);
        position = place;
        velocity = speed;
    }
}
