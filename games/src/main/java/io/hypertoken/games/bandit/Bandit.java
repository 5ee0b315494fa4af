package io.hypertoken.games.bandit;

import static io.hypertoken.env.OptionType.integers;
import static io.hypertoken.space.Spaces.box;
import static io.hypertoken.space.Spaces.discrete;

import io.hypertoken.env.Environment;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Options;
import io.hypertoken.env.Snapshot;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/// Pull one of a few arms, each of which pays normally around a mean of its own.
public final class Bandit implements Environment, Snapshot {
    public static final Spec SPEC = Spec.of("bandit", 1)
            .rules("""
                    The arms' means are drawn anew for each episode from a standard normal distribution; a pull pays
                    its arm's mean plus standard normal noise. There is nothing to see: the observation is always 1.
                    An episode is a run of so many pulls, as in the ten-armed testbed of Sutton and Barto,
                    "Reinforcement Learning", 2nd edition, section 2.3; there the best arm's mean is 1.54 on average,
                    and pulling at random pays 0.""")
            .option("arms", integers(2, 1_000), 10, "how many arms there are")
            .option("pulls", integers(1, 1_000_000), 1_000, "pulls in an episode; with 1, each pull meets new arms")
            .observes(box(0, 1, 1))
            .legend("always 1")
            .acts(o -> discrete(o.integer("arms")))
            .masks(MaskMeaning.NONE)
            .history("1: first release")
            .creates(Bandit::new);

    /// Beyond the farthest that a standard normal draw lies from 0.
    private static final double MOST_MEAN = 13;

    private final double[] means;
    private final int pulls;
    private int pullsLeft;

    Bandit(Options o) {
        means = new double[o.integer("arms")];
        pulls = o.integer("pulls");
    }

    @Override
    public void reset(Step s) {
        s.random().standardNormal(means);
        pullsLeft = pulls;
    }

    @Override
    public void step(Step s) {
        pullsLeft--;
        s.reward(means[s.action()] + s.random().standardNormal()).terminateIf(pullsLeft <= 0);
    }

    @Override
    public void observe(int agent, View v) {
        v.set(1);
    }

    @Override
    public void save(DataOutput out) throws IOException {
        out.writeInt(pullsLeft);
        for (double mean : means) {
            out.writeDouble(mean);
        }
    }

    @Override
    public void load(DataInput in) throws IOException {
        int left = in.readInt();
        Snapshot.require(left >= 0 && left <= pulls, left + " of " + pulls + " pulls are left");
        double[] read = new double[means.length];
        for (int arm = 0; arm < read.length; arm++) {
            read[arm] = in.readDouble();
            Snapshot.require(Math.abs(read[arm]) <= MOST_MEAN, "arm " + arm + " pays " + read[arm] + " on average");
        }
        pullsLeft = left;
        System.arraycopy(read, 0, means, 0, read.length);
    }
}
