package io.hypertoken.check;

import io.hypertoken.env.Options;
import io.hypertoken.env.Step;
import io.hypertoken.event.Event;
import io.hypertoken.random.Generator;
import java.util.Arrays;
import java.util.OptionalLong;

/// A step in plain arrays, by the letter of the contract.
final class DirectStep extends Step {
    final Generator random;
    final Options options;
    final boolean[] alive;
    final double[] rewards;
    final boolean[] terminated;
    final boolean[] truncated;
    /// By agent, leaf and element.
    final double[][][] actions;
    int actor;
    int chosenNext;
    OptionalLong seed = OptionalLong.empty();

    DirectStep(Generator random, Options options, int agents) {
        this.random = random;
        this.options = options;
        this.alive = new boolean[agents];
        this.rewards = new double[agents];
        this.terminated = new boolean[agents];
        this.truncated = new boolean[agents];
        this.actions = new double[agents][][];
    }

    void begin(int acting) {
        Arrays.fill(rewards, 0);
        Arrays.fill(terminated, false);
        Arrays.fill(truncated, false);
        actor = acting;
        chosenNext = -1;
    }

    boolean over() {
        for (boolean plays : alive) {
            if (plays) {
                return false;
            }
        }
        return true;
    }

    /// The next alive agent behind the one that acted, unless another was chosen.
    int nextActor() {
        for (int k = 1; chosenNext < 0 && k <= alive.length; k++) {
            if (alive[(actor + k) % alive.length]) {
                return (actor + k) % alive.length;
            }
        }
        return chosenNext;
    }

    @Override
    public Generator random() {
        return random;
    }

    @Override
    public Options options() {
        return options;
    }

    @Override
    public OptionalLong seed() {
        return seed;
    }

    @Override
    public int agents() {
        return alive.length;
    }

    @Override
    public int agent() {
        return actor;
    }

    @Override
    public boolean alive(int agent) {
        return alive[agent];
    }

    @Override
    public int action(int agent, int k) {
        return (int) actions[agent][0][k];
    }

    @Override
    public double value(int agent, int leaf, int k) {
        return actions[agent][leaf][k];
    }

    @Override
    public Step reward(int agent, double reward) {
        rewards[agent] += reward;
        return this;
    }

    @Override
    public Step terminate() {
        for (int agent = 0; agent < alive.length; agent++) {
            terminate(agent);
        }
        return this;
    }

    @Override
    public Step terminate(int agent) {
        terminated[agent] |= alive[agent];
        alive[agent] = false;
        return this;
    }

    @Override
    public Step truncate() {
        for (int agent = 0; agent < alive.length; agent++) {
            truncate(agent);
        }
        return this;
    }

    @Override
    public Step truncate(int agent) {
        truncated[agent] |= alive[agent];
        alive[agent] = false;
        return this;
    }

    @Override
    public Step next(int agent) {
        chosenNext = agent;
        return this;
    }

    @Override
    public Step metric(int metric, double value) {
        return this;
    }

    @Override
    public Step info(int agent, String key, Object value) {
        return this;
    }

    @Override
    public Step info(int agent, int number, double value) {
        return this;
    }

    @Override
    public Step illegal(int agent, int... played) {
        return this;
    }

    @Override
    public boolean listening() {
        return false;
    }

    @Override
    public Step emit(Event event) {
        return this;
    }
}
