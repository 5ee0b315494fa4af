package io.hypertoken.app;

import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Seats;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Options;
import io.hypertoken.env.Policy;
import io.hypertoken.env.Seat;
import io.hypertoken.env.Spec;
import io.hypertoken.event.EventSink;
import io.hypertoken.record.ScriptedActions;
import io.hypertoken.space.Discrete;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Lets policies play an environment at a pace, and publishes what it emits.
///
/// One thread runs it; any other may change its speed, pause an agent, or stop it.
final class PolicyRun {
    private static final double NANOS = 1e9;

    private final Spec spec;
    private final Options options;
    private final long seed;
    private final EventSink events;
    private final Policy[] policies;
    private final AtomicIntegerArray paused;

    private final long began = System.nanoTime();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private double speed;
    private boolean stopped;

    /// @param names a policy for each agent in order; the last one plays all agents that are left
    /// @param speed steps a second; 0 for as fast as it goes
    /// @throws io.hypertoken.HyperTokenException `bad_field` for a policy that the environment does not have
    PolicyRun(Spec spec, Options options, List<String> names, long seed, double speed, EventSink events) {
        this.spec = spec;
        this.options = options;
        this.seed = seed;
        this.speed = speed;
        this.events = events;
        policies = new Policy[spec.signature(options).agents().size()];
        for (int agent = 0; agent < policies.length; agent++) {
            String name = names.get(Math.min(agent, names.size() - 1));
            policies[agent] =
                    name.equals(Spec.RANDOM) ? new ScriptedActions(seed + agent, 1) : spec.policy(name, options);
        }
        paused = new AtomicIntegerArray(policies.length);
    }

    /// Changes the pace from the next step on.
    ///
    /// @param stepsASecond 0 for as fast as it goes
    void speed(double stepsASecond) {
        lock.lock();
        try {
            speed = stepsASecond;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Lets an agent rest, or play again. A resting agent plays the environment's fallback.
    void pause(int agent, boolean rests) {
        paused.set(agent, rests ? 1 : 0);
    }

    /// Ends the run after the step under way.
    void stop() {
        lock.lock();
        try {
            stopped = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Plays so many episodes, the first from the seed, unless it is stopped.
    ///
    /// @param episodes 0 for no end
    /// @return the steps that were played
    long play(long episodes) throws InterruptedException {
        var settings = Settings.DEFAULT.autoreset(Autoreset.DISABLED).events(events);
        long steps = 0;
        try (var vector = VectorEnvironment.open(spec, options, settings)) {
            vector.reset(seed);
            var seats = new Seats(vector);
            Policy[] players = players();
            long due = clock();
            for (long episode = 1; ; ) {
                if (vector.over(0)) {
                    if (episode == episodes) {
                        return steps;
                    }
                    episode++;
                    vector.reset(null, null, Map.of());
                }
                due = await(due);
                if (due < 0) {
                    return steps;
                }
                seats.chooseEach(players);
                vector.step();
                steps++;
            }
        }
    }

    /// Nanoseconds since this run was made: never negative.
    private long clock() {
        return System.nanoTime() - began;
    }

    private Policy[] players() {
        var players = new Policy[policies.length];
        for (int k = 0; k < players.length; k++) {
            int agent = k;
            players[k] = seat -> {
                if (paused.get(agent) != 0) {
                    rest(seat);
                } else {
                    policies[agent].act(seat);
                }
            };
        }
        return players;
    }

    private void rest(Seat seat) {
        List<Integer> fallback = spec.fallback();
        int start = seat.actionSpace() instanceof Discrete discrete ? discrete.start() : 0;
        for (int k = 0; k < fallback.size(); k++) {
            seat.choose(k, (long) fallback.get(k) + start);
        }
    }

    /// Waits until the next step is due. Steps that come late are not made up for.
    ///
    /// @param last when the last step was due
    /// @return when this one was; negative if the run was stopped
    private long await(long last) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!stopped && speed > 0) {
                long left = last + (long) (NANOS / speed) - clock();
                if (left <= 0 || changed.awaitNanos(left) <= 0) {
                    break;
                }
            }
            return stopped ? -1 : clock();
        } finally {
            lock.unlock();
        }
    }
}
