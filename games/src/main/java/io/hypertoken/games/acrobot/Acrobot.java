package io.hypertoken.games.acrobot;

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

/// Swing the free end of a two-link robot up by the torque at the joint between its links.
public final class Acrobot implements Environment, Snapshot, Renders {
    private static final double TOP_SPEED_1 = 4 * Math.PI; // rad/s
    private static final double TOP_SPEED_2 = 9 * Math.PI; // rad/s
    private static final double TURN = Math.PI - -Math.PI;
    /// From the farthest first states a step leads to angles of a few hundred rad, never to these.
    private static final double FAR = 10_000; // rad

    private static final double MOST_AT_FIRST = 30; // rad and rad/s, whatever the options
    private static final int ANGLES_AND_SPEEDS = 4;

    public static final Spec SPEC = Spec.of("Acrobot-v1", 1)
            .rules("""
                    Two links of 1 m and 1 kg hang from a fixed joint; each step applies a torque of -1, 0 or 1 N m at
                    the joint between them for 0.2 s. The episode ends when the free end is more than 1 m above the
                    fixed joint, and is cut off after 500 steps. Each step costs 1, the last one nothing. The four
                    numbers of the first state are uniform in [low, high). Source: Sutton and Barto, Reinforcement
                    Learning (1998), example 11.3, as Gymnasium 1.4 plays Acrobot-v1. The motion is chaotic: numpy's
                    sine and power differ from Java's in the last bit here and there, and after some 400 steps that can
                    show in an observation.""")
            .episodeOption(
                    "low",
                    numbers(-MOST_AT_FIRST, MOST_AT_FIRST),
                    -0.1,
                    "the lower bound of the first angles and speeds")
            .episodeOption(
                    "high",
                    numbers(-MOST_AT_FIRST, MOST_AT_FIRST),
                    0.1,
                    "the upper bound of the first angles and speeds")
            .requires(o -> o.number("low") <= o.number("high"), "low must not be above high")
            .observes(box(
                    new double[] {-1, -1, -1, -1, -TOP_SPEED_1, -TOP_SPEED_2},
                    new double[] {1, 1, 1, 1, TOP_SPEED_1, TOP_SPEED_2}))
            .legend(
                    "cosine of the first link's angle from hanging",
                    "sine of the first link's angle",
                    "cosine of the second link's angle from the first",
                    "sine of the second link's angle",
                    "first link's speed, rad/s",
                    "second link's speed, rad/s")
            .acts("negative", "none", "positive")
            .masks(MaskMeaning.NONE)
            .stepLimit(500)
            .rewardThreshold(-100)
            .history("1: the rules of Gymnasium 1.4")
            .creates(Acrobot::new);

    private final Motion motion = new Motion();
    private final double[] state = new double[ANGLES_AND_SPEEDS];
    /// Whether the state is that of a reset: float32 numbers, of which numpy takes sine and cosine in float32.
    private boolean begun;

    Acrobot(Options o) {}

    @Override
    public void reset(Step s) {
        double low = s.options().number("low");
        double high = s.options().number("high");
        for (int k = 0; k < state.length; k++) {
            state[k] = (float) s.random().uniform(low, high);
        }
        begun = true;
    }

    @Override
    public void step(Step s) {
        motion.advance(state, s.action() - 1);
        begun = false;
        state[0] = withinHalfTurn(state[0]);
        state[1] = withinHalfTurn(state[1]);
        state[2] = Math.clamp(state[2], -TOP_SPEED_1, TOP_SPEED_1);
        state[3] = Math.clamp(state[3], -TOP_SPEED_2, TOP_SPEED_2);
        boolean up = -Angle.cos(state[0]) - Angle.cos(state[1] + state[0]) > 1;
        s.reward(up ? 0 : -1).terminateIf(up);
    }

    /// Turn by turn, as rounding there differs from that of a remainder; so many turns that this would take long are no
    /// state of the rules.
    static double withinHalfTurn(double angle) {
        if (Math.abs(angle) > FAR) {
            return Math.IEEEremainder(angle, TURN);
        }
        double rest = angle;
        while (rest > Math.PI) {
            rest -= TURN;
        }
        while (rest < -Math.PI) {
            rest += TURN;
        }
        return rest;
    }

    @Override
    public void observe(int agent, View v) {
        for (int link = 0; link < 2; link++) {
            double angle = state[link];
            v.set(2 * link, begun ? FloatAngle.cos((float) angle) : Angle.cos(angle));
            v.set(2 * link + 1, begun ? FloatAngle.sin((float) angle) : Angle.sin(angle));
        }
        v.set(4, state[2]).set(5, state[3]);
    }

    @Override
    public String text(int agent) {
        return String.format(
                Locale.ROOT,
                "links at %+.4f and %+.4f rad, %+.4f and %+.4f rad/s",
                state[0],
                state[1],
                state[2],
                state[3]);
    }

    @Override
    public void save(DataOutput out) throws IOException {
        for (double number : state) {
            out.writeDouble(number);
        }
        out.writeBoolean(begun);
    }

    @Override
    public void load(DataInput in) throws IOException {
        double[] read = new double[ANGLES_AND_SPEEDS];
        for (int k = 0; k < read.length; k++) {
            read[k] = in.readDouble();
        }
        boolean atFirst = in.readBoolean();
        for (int k = 0; k < read.length; k++) {
            double most = atFirst ? MOST_AT_FIRST : k < 2 ? Math.PI : k == 2 ? TOP_SPEED_1 : TOP_SPEED_2;
            Snapshot.require(Math.abs(read[k]) <= most, "a link's angle or speed is " + read[k] + ", beyond " + most);
        }
        System.arraycopy(read, 0, state, 0, read.length);
        begun = atFirst;
    }
}
