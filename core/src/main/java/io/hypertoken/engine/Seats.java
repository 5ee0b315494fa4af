package io.hypertoken.engine;

import io.hypertoken.env.Policy;
import io.hypertoken.env.Seat;
import io.hypertoken.env.TurnOrder;
import io.hypertoken.space.Space;

/// Lets policies choose in a vector: it stands on the seat of each agent that acts next, by turns.
///
/// For the thread that steps the vector.
public final class Seats implements Seat {
    private final VectorEnvironment vector;
    private final Batch batch;
    private final boolean simultaneous;
    private int row;
    private int agent;

    public Seats(VectorEnvironment vector) {
        this.vector = vector;
        this.batch = vector.batch();
        this.simultaneous = vector.spec().turnOrder() == TurnOrder.SIMULTANEOUS;
    }

    /// The vector that is played in.
    public VectorEnvironment vector() {
        return vector;
    }

    /// One policy chooses for whoever acts in the vector's next step; rows that wait for a reset are passed over.
    public void choose(Policy policy) {
        for (int k = 0; k < batch.rows(); k++) {
            if (plays(k)) {
                choose(k, policy);
            }
        }
    }

    /// Each agent's own policy chooses for whoever acts in the vector's next step.
    ///
    /// @param policies one for each agent
    public void chooseEach(Policy... policies) {
        for (int k = 0; k < batch.rows(); k++) {
            for (int seat = 0; seat < policies.length && plays(k); seat++) {
                if (acts(k, seat)) {
                    choose(k, seat, policies[seat]);
                }
            }
        }
    }

    /// One policy chooses for whoever acts next in one row.
    public void choose(int row, Policy policy) {
        for (int seat = 0; seat < batch.agents(); seat++) {
            if (acts(row, seat)) {
                choose(row, seat, policy);
            }
        }
    }

    /// One policy chooses for one agent of a row, which is to act.
    public void choose(int newRow, int newAgent, Policy policy) {
        row = newRow;
        agent = newAgent;
        policy.act(this);
    }

    private boolean plays(int k) {
        return vector.wasReset(k) && !vector.over(k);
    }

    private boolean acts(int k, int seat) {
        return simultaneous ? batch.alive(k, seat) : seat == batch.turn(k);
    }

    @Override
    public int row() {
        return row;
    }

    @Override
    public int agent() {
        return agent;
    }

    @Override
    public Space actionSpace() {
        return batch.signature().actionSpaces().get(agent);
    }

    @Override
    public double seen(int leaf, int k) {
        return batch.observation(row, agent, leaf, k);
    }

    @Override
    public boolean allowed(int k) {
        return batch.allowed(row, agent, k);
    }

    @Override
    public boolean masked() {
        return batch.maskSize() > 0;
    }

    @Override
    public void choose(int leaf, int k, double value) {
        batch.action(row, agent, leaf, k, value);
    }
}
