package io.hypertoken.games.mountaincarcontinuous;

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

/// Rock a car out of a valley with a force of your choice; force costs, the goal earns 100.
///
/* Gymnasium computes in numpy's mix of types, and so does this, to round as it does. A reset makes a float64 state;
every step leaves a float32 one. An action is float32, and so is all arithmetic of one float32 with Python's own floats,
which are rounded to float32 first. An action beyond its bounds, though, is replaced by a Python float, whose
products are float64. */
public final class MountainCarContinuous implements Environment, Snapshot, Renders {
    private static final double LEFT_END = -1.2;
    private static final double RIGHT_END = 0.6;
    private static final double GOAL = 0.45;
    private static final double TOP_SPEED = 0.07;
    private static final double POWER = 0.0015;
    private static final double GRAVITY = 0.0025;
    private static final double FARTHEST_START = 1e6; // from 0, whatever the options
    private static final double GOAL_REWARD = 100;
    private static final double FORCE_COST = 0.1;

    public static final Spec SPEC = Spec.of("MountainCarContinuous-v0", 1)
            .rules("""
                    A car in a valley of height sin(3 x) between -1.2 and 0.6 pushes with a force from -1 to 1, and one
                    beyond counts as the nearest of these; it is too weak to climb from a standstill. The left end stops
                    it. The episode ends when it is at 0.45 or beyond and at least as fast as goal_velocity, which earns
                    100, and is cut off after 999 steps. Each step costs a tenth of the squared action. It starts at
                    rest, at a place uniform in [low, high). Source: Moore, Efficient Memory-based Learning for Robot
                    Control (1990), as Gymnasium 1.4 plays MountainCarContinuous-v0.""")
            .option("goal_velocity", numbers(-1, 1), 0, "the least velocity at the goal that ends the episode")
            .episodeOption(
                    "low", numbers(-FARTHEST_START, FARTHEST_START), -0.6, "the lower bound of the first position")
            .episodeOption(
                    "high", numbers(-FARTHEST_START, FARTHEST_START), -0.4, "the upper bound of the first position")
            .requires(o -> o.number("low") <= o.number("high"), "low must not be above high")
            .observes(box(new double[] {LEFT_END, -TOP_SPEED}, new double[] {RIGHT_END, TOP_SPEED}))
            .legend("position", "velocity, per step")
            .acts(box(-1, 1, 1))
            .masks(MaskMeaning.NONE)
            .stepLimit(999)
            .rewardThreshold(90)
            .history("1: the rules of Gymnasium 1.4")
            .creates(MountainCarContinuous::new);

    private final double goalVelocity;
    private double position;
    private double velocity;
    /// Whether position and velocity are float32 numbers, as after the first step.
    private boolean single;

    MountainCarContinuous(Options o) {
        goalVelocity = o.number("goal_velocity");
    }

    @Override
    public void reset(Step s) {
        position = s.random().uniform(s.options().number("low"), s.options().number("high"));
        velocity = 0;
        single = false;
    }

    @Override
    public void step(Step s) {
        double action = s.value(0);
        velocity = Math.clamp(round(velocity + push(action)), round(-TOP_SPEED), round(TOP_SPEED));
        position = Math.clamp(round(position + velocity), round(LEFT_END), round(RIGHT_END));
        if (position == round(LEFT_END) && velocity < 0) {
            velocity = 0;
        }
        boolean arrived = position >= round(GOAL) && velocity >= round(goalVelocity);
        s.reward((arrived ? GOAL_REWARD : 0) - action * action * FORCE_COST).terminateIf(arrived);
        single = true;
        position = round(position);
        velocity = round(velocity);
    }

    /// The change of velocity, in the type that numpy gives it.
    private double push(double action) {
        double slope = GRAVITY * Angle.cos(round(3 * position));
        if (action < -1 || action > 1) {
            return round(Math.clamp(action, -1.0, 1.0) * POWER - slope);
        }
        return (float) action * (float) POWER - (float) slope;
    }

    /// A number as the state's own type holds it.
    private double round(double number) {
        return single ? (float) number : number;
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
        out.writeBoolean(single);
    }

    @Override
    public void load(DataInput in) throws IOException {
        double place = in.readDouble();
        double speed = in.readDouble();
        boolean stepped = in.readBoolean();
        boolean possible = stepped
                ? place >= (float) LEFT_END && place <= (float) RIGHT_END && Math.abs(speed) <= (float) TOP_SPEED
                : Math.abs(place) <= FARTHEST_START && Math.abs(speed) <= TOP_SPEED;
        Snapshot.require(possible, "the car is at " + place + " with velocity " + speed);
        position = place;
        velocity = speed;
        single = stepped;
    }
}
