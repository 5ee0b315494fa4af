package io.hypertoken.learn.ppo;

import io.hypertoken.engine.Seats;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Policy;
import io.hypertoken.learn.space.Bounds;
import io.hypertoken.random.Generator;
import io.hypertoken.space.Space;
import org.jspecify.annotations.Nullable;

/// A policy whose play a learner imitates before it goes on by itself (DAgger: Ross et al., 2011).
///
/// Every decision is labelled with what the teacher would do. Who acts is drawn: the teacher at first, more and more
/// often the learner, so that it also learns what to do where only its own mistakes lead.
final class Teacher {
    /// The weight of being undecided while there is a teacher: with it each other choice keeps about half a percent, so
    /// that a learner that goes on by itself has something to try.
    static final float ENTROPY = 0.2f;

    private final Seats seats;
    private final Policy policy;
    private final Bounds[] bounds;
    private final int agents;
    private final long steps;

    private Teacher(VectorEnvironment vector, Policy policy, PpoSettings settings) {
        this.policy = policy;
        seats = new Seats(vector);
        agents = vector.batch().agents();
        steps = settings.imitationSteps();
        bounds = vector.batch().signature().actionSpaces().stream()
                .map((Space space) -> new Bounds(space, settings.squashes()))
                .toArray(Bounds[]::new);
    }

    /// The teacher that the settings name; null where they name none.
    ///
    /// @throws io.hypertoken.HyperTokenException if the environment has no such policy
    static @Nullable Teacher of(VectorEnvironment vector, PpoSettings settings) {
        String name = settings.imitates();
        return name.isEmpty() ? null : new Teacher(vector, vector.spec().policy(name, vector.options()), settings);
    }

    /// Whether it still teaches after so many steps.
    boolean teaches(long played) {
        return played < steps;
    }

    /// Whether its action is the one to play, and not the learner's.
    boolean plays(long played, Generator random) {
        return random.random() >= (double) played / steps;
    }

    /// Writes what it would do in a cell: the choices of a head.
    void label(int cell, float[] actions, int at) {
        int row = cell / agents;
        int agent = cell % agents;
        seats.choose(row, agent, policy);
        Bounds own = bounds[agent];
        for (int k = 0; k < own.size(); k++) {
            actions[at + k] = own.chosen(seats.vector().batch().action(row, agent, 0, k), k);
        }
    }
}
