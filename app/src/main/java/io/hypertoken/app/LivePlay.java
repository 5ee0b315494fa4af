package io.hypertoken.app;

import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Seats;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Options;
import io.hypertoken.env.Policy;
import io.hypertoken.env.Seat;
import io.hypertoken.env.Spec;
import io.hypertoken.env.TurnOrder;
import io.hypertoken.event.Event;
import io.hypertoken.event.EventSink;
import io.hypertoken.record.ScriptedActions;
import io.hypertoken.space.Discrete;
import io.hypertoken.space.MultiDiscrete;
import io.hypertoken.space.Space;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// Plays one copy of an environment with a policy in each seat, at a pace, and tells of it.
///
/// One thread plays; any thread may pause seats, change the pace or stop.
///
/* Who is paused in a game of turns stops the game when it is to act. Where all act at once, the declared fallback stands
in for it and the others go on; the game stops when all are paused, or when nothing can stand in. */
final class LivePlay implements AutoCloseable {
    private static final double NANOS = 1e9;
    /// Thirty years: a longer one, added to the clock, would lie in the past.
    private static final double LONGEST_PERIOD = 1e18;

    private final VectorEnvironment vector;
    private final Seats seats;
    private final List<String> agents;
    private final List<String> names;
    private final Policy[] policies;
    private final Policy[] playing;
    private final Reasons events;
    private final long seed;
    private final boolean simultaneous;
    private final boolean standsIn;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<String> paused = new HashSet<>();
    private double speed;
    private long dueNanos = System.nanoTime();
    private boolean stopped;

    /// What an episode came to.
    ///
    /// @param number from 1
    /// @param returns of each agent
    record Episode(int number, long seed, long length, List<Double> returns) {}

    /// @param names of policies, for the seats in order; where there are fewer they begin again
    /// @param seed of the first episode; each later one has the next
    /// @param speed steps a second; 0 for as fast as it can
    LivePlay(Spec spec, Options options, List<String> names, EventSink events, long seed, double speed) {
        this.events = new Reasons(spec, options, events);
        this.vector = VectorEnvironment.open(
                spec, options, Settings.DEFAULT.autoreset(Autoreset.DISABLED).events(this.events));
        this.seats = new Seats(vector);
        this.agents = vector.batch().signature().agents();
        this.names = new ArrayList<>();
        this.policies = new Policy[agents.size()];
        for (int agent = 0; agent < policies.length; agent++) {
            this.names.add(names.get(agent % names.size()));
        }
        this.playing = new Policy[policies.length];
        this.seed = seed;
        this.speed = speed;
        this.simultaneous = spec.turnOrder() == TurnOrder.SIMULTANEOUS;
        this.standsIn = simultaneous
                && vector.batch().signature().actionSpaces().stream()
                        .allMatch(space -> space instanceof Discrete || space instanceof MultiDiscrete);
    }

    /// The agents, in order.
    List<String> agents() {
        return agents;
    }

    /// The policy of each agent.
    List<String> policies() {
        return names;
    }

    /// Plays episodes until it is stopped.
    ///
    /// @param most how many; 0 for any number
    /// @param ended hears of each
    void play(int most, Consumer<Episode> ended) throws InterruptedException {
        for (int number = 1; most == 0 || number <= most; number++) {
            long used = seed + number - 1;
            begin(used);
            while (awaitStep()) {
                chooseAll();
                vector.step();
                if (vector.over(0)) {
                    break;
                }
            }
            if (!vector.over(0)) {
                return;
            }
            Episode episode = ended(number, used);
            tell(episode);
            ended.accept(episode);
        }
    }

    /// Begins an episode that its seed alone decides: with new policies, for some draw.
    private void begin(long used) {
        var script = new ScriptedActions(used, 1);
        for (int agent = 0; agent < policies.length; agent++) {
            String name = names.get(agent);
            policies[agent] =
                    name.equals(Spec.RANDOM) ? script : NamedPolicy.of(name, vector.spec(), vector.options(), used, 1);
        }
        vector.reset(used);
    }

    private Episode ended(int number, long used) {
        var returns = new ArrayList<Double>();
        for (int agent = 0; agent < policies.length; agent++) {
            returns.add(vector.batch().episodeReturn(0, agent));
        }
        return new Episode(number, used, vector.batch().episodeLength(0), returns);
    }

    private void tell(Episode episode) {
        for (int agent = 0; agent < policies.length && events.listening(); agent++) {
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("agent_id", agents.get(agent));
            facts.put("return", episode.returns().get(agent));
            facts.put("length", episode.length());
            facts.put("seed", episode.seed());
            facts.put("policy", names.get(agent));
            events.accept(0, episode.number(), episode.length(), new Event("episode_finished", facts));
        }
    }

    private void chooseAll() {
        events.forget();
        lock.lock();
        try {
            for (int agent = 0; agent < policies.length; agent++) {
                boolean waits = paused.contains(agents.get(agent));
                playing[agent] = waits && standsIn ? this::standIn : events.heard(agents.get(agent), policies[agent]);
            }
        } finally {
            lock.unlock();
        }
        seats.chooseEach(playing);
    }

    /// Chooses what the environment declares in place of an illegal action, else the first allowed of each dimension.
    private void standIn(Seat seat) {
        Space space = seat.actionSpace();
        if (space instanceof Discrete discrete) {
            seat.choose(0, discrete.start() + fallback(seat, 0, 0, discrete.n()));
        } else if (space instanceof MultiDiscrete multi) {
            int flag = 0;
            for (int k = 0; k < multi.nvec().size(); k++) {
                seat.choose(k, fallback(seat, k, flag, multi.nvec().get(k)));
                flag += multi.nvec().get(k);
            }
        }
    }

    private int fallback(Seat seat, int dimension, int flag, int count) {
        List<Integer> declared = vector.spec().fallback();
        if (!declared.isEmpty()) {
            return declared.get(dimension);
        }
        int value = 0;
        while (value < count - 1 && !seat.allowed(flag + value)) {
            value++;
        }
        return value;
    }

    /// Waits until the next step is due.
    ///
    /// @return false when it was stopped
    private boolean awaitStep() throws InterruptedException {
        lock.lock();
        try {
            while (!stopped) {
                long now = System.nanoTime();
                if (standsStill()) {
                    changed.await();
                    dueNanos = System.nanoTime();
                } else if (speed == 0 || dueNanos - now <= 0) {
                    break;
                } else {
                    changed.awaitNanos(dueNanos - now);
                }
            }
            long now = System.nanoTime();
            // A step that came late is not made up for by hurrying.
            dueNanos = Math.max(dueNanos, now - periodNanos()) + periodNanos();
            return !stopped;
        } finally {
            lock.unlock();
        }
    }

    private boolean standsStill() {
        if (paused.isEmpty()) {
            return false;
        }
        if (simultaneous) {
            return !standsIn || paused.containsAll(agents);
        }
        int turn = vector.batch().turn(0);
        return turn >= 0 && paused.contains(agents.get(turn));
    }

    private long periodNanos() {
        return speed == 0 ? 0 : (long) Math.min(NANOS / speed, LONGEST_PERIOD);
    }

    /// Pauses an agent, or lets it go on.
    void pause(String agent, boolean waits) {
        change(() -> {
            if (waits) {
                paused.add(agent);
            } else {
                paused.remove(agent);
            }
        });
    }

    /// Steps a second from now on; 0 for as fast as it can.
    void speed(double steps) {
        change(() -> {
            speed = steps;
            dueNanos = System.nanoTime() + periodNanos();
        });
    }

    /// Ends [#play] before its next step.
    void stop() {
        change(() -> stopped = true);
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Frees the environment; when nobody plays any more.
    @Override
    public void close() {
        vector.close();
    }
}
