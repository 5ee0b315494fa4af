package io.hypertoken.games.frozenlake;

import static io.hypertoken.env.OptionType.choice;
import static io.hypertoken.env.OptionType.flag;
import static io.hypertoken.env.OptionType.numbers;
import static io.hypertoken.space.Spaces.discrete;

import io.hypertoken.env.Environment;
import io.hypertoken.env.Frame;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.OptionType;
import io.hypertoken.env.Options;
import io.hypertoken.env.Renders;
import io.hypertoken.env.Snapshot;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.games.Ansi;
import io.hypertoken.games.Categorical;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/// Cross a frozen lake from start to goal; the ice may send you sideways, and holes end the walk.
public final class FrozenLake implements Environment, Snapshot, Renders {
    public static final Spec SPEC = declare("FrozenLake-v1", "4x4", 100, 0.70);

    private static final int PROB = SPEC.infoNumber("prob");

    private static final String[] HEADINGS = {"Left", "Down", "Right", "Up"};
    private static final int NONE = -1;

    private final Lake lake;
    private final boolean slippery;
    /// On slippery ice: a quarter turn one way, straight on, a quarter turn the other way.
    private final Categorical outcomes;

    private int cell;
    private int lastAction = NONE;

    FrozenLake(Options o) {
        lake = Lake.of(o);
        slippery = o.flag("is_slippery");
        double success = o.number("success_rate");
        double failure = (1.0 - success) / 2.0;
        outcomes = slippery ? new Categorical(failure, success, failure) : new Categorical(1.0);
    }

    /// The declaration of one of Gymnasium's two lakes.
    static Spec declare(String id, String map, int stepLimit, double rewardThreshold) {
        return Spec.of(id, 1)
                .rules("""
                        Walk over a frozen lake from S to G. Where the ice is slippery, a step goes the way it was meant
                        with the chance success_rate and otherwise to either side of that way, each equally often; the
                        edges hold you. A hole H ends the walk, and so does the goal. Rewards are 1 at the goal and else
                        0, unless reward_schedule says otherwise. Source: Gymnasium 1.4, envs/toy_text/frozen_lake.py;
                        its random map (no desc, no map_name) is left out, for no seed fixes it there; draw one by
                        its generate_random_map and pass it as desc.""")
                .option("map_name", choice("4x4", "8x8"), map, "which map, when there is no desc")
                .option("is_slippery", flag(), true, "whether steps can go sideways")
                .option("success_rate", numbers(0, 1), 1.0 / 3.0, "the chance to go as meant on slippery ice")
                .option(
                        "reward_schedule",
                        OptionType.text(40),
                        "1,0,0",
                        "whole rewards for reaching goal, hole and ice")
                .option(
                        "desc",
                        OptionType.text(5000),
                        "",
                        "a map of your own: rows of S, F, H and G with commas between")
                .requires(o -> Lake.valid(o.text("desc")), "desc must be equally long rows of S, F, H and G, with an S")
                .requires(
                        o -> Lake.validRewards(o.text("reward_schedule")),
                        "reward_schedule must be three whole numbers")
                .observes(o -> discrete(Lake.of(o).cells()))
                .legend("cell: row times columns plus column, from the top left")
                .acts("left", "down", "right", "up")
                .masks(MaskMeaning.NONE)
                .infoNumber("prob", 1, "the chance of what happened")
                .integerRewards()
                .stepLimit(stepLimit)
                .rewardThreshold(rewardThreshold)
                .history("1: the rules of Gymnasium 1.4")
                .creates(FrozenLake::new);
    }

    @Override
    public void reset(Step s) {
        cell = lake.starts().draw(s.random());
        lastAction = NONE;
    }

    @Override
    public void step(Step s) {
        lastAction = s.action();
        int outcome = outcomes.draw(s.random());
        int heading = slippery ? (lastAction + outcome + 3) & 3 : lastAction;
        cell = lake.neighbour(cell, heading);
        s.info(PROB, outcomes.chance(outcome)).reward(lake.reward(cell)).terminateIf(lake.ends(cell));
    }

    @Override
    public void observe(int agent, View v) {
        v.set(cell);
    }

    @Override
    public String text(int agent) {
        var out = new StringBuilder();
        if (lastAction != NONE) {
            out.append("  (").append(HEADINGS[lastAction]).append(')');
        }
        for (int k = 0; k < lake.cells(); k++) {
            out.append(k % lake.columns() == 0 ? "\n" : "");
            String tile = String.valueOf(lake.tile(k));
            out.append(k == cell ? Ansi.RED.highlight(tile) : tile);
        }
        return out.append('\n').toString();
    }

    @Override
    public Frame frame() {
        return LakePicture.draw(lake, cell);
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeInt(cell);
        out.writeByte(lastAction);
    }

    @Override
    public void load(DataInput in) throws IOException {
        int at = in.readInt();
        int last = in.readByte();
        Snapshot.require(at >= 0 && at < lake.cells(), "the walker is at " + at + " of " + lake.cells() + " cells");
        Snapshot.require(last >= NONE && last < HEADINGS.length, "the last action was " + last);
        cell = at;
        lastAction = last;
    }
}
