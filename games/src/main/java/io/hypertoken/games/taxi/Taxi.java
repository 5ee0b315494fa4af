package io.hypertoken.games.taxi;

import static io.hypertoken.env.OptionType.flag;
import static io.hypertoken.env.OptionType.numbers;
import static io.hypertoken.space.Spaces.discrete;

import io.hypertoken.env.Environment;
import io.hypertoken.env.Frame;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Options;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Snapshot;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.games.Categorical;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/// Drive to a passenger, pick them up, and drop them off where they want to go.
///
/* A state is one number, ((cell · 5) + passenger) · 4 + destination: the passenger stands at one of the four stands or
rides in the taxi (4), the destination is a stand. */
public final class Taxi implements Environment, Snapshot, Renders {
    private static final int PICK_UP = 4;
    private static final int DROP_OFF = 5;
    private static final int RIDING = 4;
    private static final int NONE = -1;
    private static final int STATES = Town.CELLS * 5 * 4;
    private static final int STEP_REWARD = -1;
    private static final int ARRIVAL_REWARD = 20;
    private static final int MISTAKE_REWARD = -10;
    /// Any cell, the passenger at a stand that is not the destination: 300 of the 500 states, equally likely.
    private static final Categorical STARTS = starts();

    public static final Spec SPEC = Spec.of("Taxi-v4", 1)
            .rules("""
                    A taxi in a town of 5 by 5 cells with walls and four stands. The passenger waits at one stand and
                    wants to go to another. Each step costs 1; picking up or dropping off where that is impossible costs
                    10; dropping off at the destination earns 20 and ends the episode. In rain a possible move goes as
                    meant with rainy_probability, otherwise to either side. A fickle passenger may, once an episode, choose
                    another destination on the first move of the ride. The mask shows the actions that change the state;
                    the others are allowed. Source: Dietterich, Hierarchical Reinforcement Learning with the MAXQ
                    Value Function Decomposition (2000), as Gymnasium 1.4 plays it (envs/toy_text/taxi.py).""")
            .option("is_rainy", flag(), false, "whether moves can go sideways")
            .option("fickle_passenger", flag(), false, "whether the passenger may change the destination")
            .option("rainy_probability", numbers(0, 1), 0.8, "the chance to move as meant in rain")
            .option("fickle_probability", numbers(0, 1), 0.3, "the chance that an episode's fickle passenger does")
            .observes(discrete(STATES))
            .legend("state: ((row * 5 + column) * 5 + passenger) * 4 + destination; passenger 4 rides")
            .acts("south", "north", "east", "west", "pickup", "dropoff")
            .masks(MaskMeaning.ADVISORY)
            .infoNumber("prob", 1.0, "the chance of what happened")
            .integerRewards()
            .stepLimit(200)
            .rewardThreshold(8)
            .history("1: the rules of Gymnasium 1.4")
            .creates(Taxi::new);

    private static final int PROB = SPEC.infoNumber("prob");

    private final boolean rainy;
    private final boolean fickle;
    private final double fickleChance;
    /// In rain: as meant, to the left, to the right.
    private final Categorical drift;

    private int cell;
    private int passenger;
    private int destination;
    private boolean willChange;
    private int lastAction = NONE;

    Taxi(Options o) {
        rainy = o.flag("is_rainy");
        fickle = o.flag("fickle_passenger");
        fickleChance = o.number("fickle_probability");
        double asMeant = o.number("rainy_probability");
        double aside = (1.0 - asMeant) / 2.0;
        drift = new Categorical(asMeant, aside, aside);
    }

    private static Categorical starts() {
        double[] chances = new double[STATES];
        for (int state = 0; state < STATES; state++) {
            int stand = state / 4 % 5;
            chances[state] = stand != RIDING && stand != state % 4 ? 1.0 / 300 : 0;
        }
        return new Categorical(chances);
    }

    @Override
    public void reset(Step s) {
        int state = STARTS.draw(s.random());
        cell = state / 20;
        passenger = state / 4 % 5;
        destination = state % 4;
        willChange = fickle && s.random().random() < fickleChance;
        lastAction = NONE;
    }

    @Override
    public void step(Step s) {
        int action = s.action();
        lastAction = action;
        if (action < PICK_UP) {
            move(s, action);
            return;
        }
        s.random().random(); // Gymnasium draws among one possible outcome
        s.info(PROB, 1.0);
        if (action == PICK_UP) {
            pickUp(s);
        } else {
            dropOff(s);
        }
    }

    private void move(Step s, int heading) {
        int from = cell;
        int ahead = Town.neighbour(from, heading);
        if (rainy) {
            int outcome = drift.draw(s.random());
            s.info(PROB, drift.chance(outcome));
            // A taxi that cannot move as meant does not drift either.
            if (ahead != from) {
                cell = outcome == 0
                        ? ahead
                        : Town.neighbour(from, outcome == 1 ? Town.leftOf(heading) : Town.rightOf(heading));
            }
        } else {
            s.random().random();
            s.info(PROB, 1.0);
            cell = ahead;
        }
        s.reward(STEP_REWARD);
        if (willChange && passenger == RIDING && cell != from) {
            willChange = false;
            int other = s.random().choice(3);
            destination = other < destination ? other : other + 1;
        }
    }

    private void pickUp(Step s) {
        if (passenger != RIDING && cell == Town.stand(passenger)) {
            passenger = RIDING;
            s.reward(STEP_REWARD);
        } else {
            s.reward(MISTAKE_REWARD);
        }
    }

    private void dropOff(Step s) {
        int stand = Town.standAt(cell);
        if (passenger != RIDING || stand < 0) {
            s.reward(MISTAKE_REWARD);
            return;
        }
        passenger = stand;
        boolean arrived = stand == destination;
        s.reward(arrived ? ARRIVAL_REWARD : STEP_REWARD).terminateIf(arrived);
    }

    @Override
    public void observe(int agent, View v) {
        v.set((cell * 5L + passenger) * 4 + destination);
        for (int heading = Town.SOUTH; heading <= Town.WEST; heading++) {
            v.allow(heading, Town.neighbour(cell, heading) != cell);
        }
        v.allow(PICK_UP, passenger != RIDING && cell == Town.stand(passenger));
        v.allow(DROP_OFF, passenger == RIDING && Town.standAt(cell) >= 0);
    }

    @Override
    public String text(int agent) {
        return TownText.draw(cell, passenger, destination, lastAction);
    }

    @Override
    public Frame frame() {
        return TownPicture.draw(cell, passenger, destination);
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeByte(cell);
        out.writeByte(passenger);
        out.writeByte(destination);
        out.writeBoolean(willChange);
        out.writeByte(lastAction);
    }

    @Override
    public void load(DataInput in) throws IOException {
        int at = in.readByte();
        int rider = in.readByte();
        int aim = in.readByte();
        boolean changes = in.readBoolean();
        int last = in.readByte();
        Snapshot.require(at >= 0 && at < Town.CELLS, "the taxi is at " + at + " of " + Town.CELLS + " cells");
        Snapshot.require(rider >= 0 && rider <= RIDING, "the passenger is at " + rider);
        Snapshot.require(aim >= 0 && aim < RIDING, "the destination is " + aim);
        Snapshot.require(fickle || !changes, "the passenger is not fickle, but will change the destination");
        Snapshot.require(last >= NONE && last <= DROP_OFF, "the last action was " + last);
        cell = at;
        passenger = rider;
        destination = aim;
        willChange = changes;
        lastAction = last;
    }
}
