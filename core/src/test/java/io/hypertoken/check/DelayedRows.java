package io.hypertoken.check;

import io.hypertoken.env.Environment;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Options;
import io.hypertoken.env.RemoteRequest;
import io.hypertoken.env.RemoteRows;
import io.hypertoken.env.RowLostException;
import io.hypertoken.env.Signature;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.TurnOrder;
import io.hypertoken.env.View;
import io.hypertoken.random.Generator;
import io.hypertoken.space.DType;
import io.hypertoken.space.Leaf;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A guest for tests: the rules of an environment in Java that run on a thread of their own and answer each message
/// after
/// a delay. It can be told to die half-way, or not to answer in time.
public final class DelayedRows implements RemoteRows {
    /// What the tests may look at and change; safe for any thread.
    public volatile int messages;

    /// The worker dies when it has done so many rows of its next message; -1 for never.
    public volatile int diesAfterRows = -1;
    /// The worker does not answer its next message in time.
    public volatile boolean hangs;
    /// Whether the group was closed.
    public volatile boolean closed;

    private static final Duration DEADLINE = Duration.ofSeconds(10); // a busy machine needs it

    private final Spec rules;
    private final Options opened;
    private final Signature signature;
    private final Duration delay;
    private final Guest[] guests;
    private ExecutorService worker = thread();
    private CompletableFuture<@Nullable Void> answer = CompletableFuture.completedFuture(null);

    private DelayedRows(Spec rules, Options opened, int rows, Duration delay) {
        this.rules = rules;
        this.opened = opened;
        this.signature = rules.signature(opened);
        this.delay = delay;
        this.guests = new Guest[rows];
        for (int row = 0; row < rows; row++) {
            guests[row] = new Guest(row);
        }
    }

    /// The environment `rules`, hosted so.
    ///
    /// @param made told of every group that is made
    public static Spec hosting(Spec rules, Duration delay, Consumer<DelayedRows> made) {
        return rules.remote((opened, rows) -> {
            var group = new DelayedRows(rules, opened, rows, delay);
            made.accept(group);
            return group;
        });
    }

    private static ExecutorService thread() {
        return Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("guest").factory());
    }

    @Override
    public Environment row(int row) {
        return guests[row];
    }

    @Override
    public void send(RemoteRequest request) {
        messages++;
        for (Guest guest : guests) {
            guest.ask(request);
        }
        int dies = diesAfterRows;
        boolean late = hangs;
        diesAfterRows = -1;
        hangs = false;
        answer = CompletableFuture.runAsync(() -> work(dies, late), worker);
    }

    private void work(int diesAfter, boolean late) {
        LockSupport.parkNanos(delay.toNanos());
        int done = 0;
        for (Guest guest : guests) {
            if (late || done == diesAfter) {
                return; // what was not answered is lost
            }
            if (guest.asked != RemoteRequest.Kind.NOTHING) {
                guest.work();
                done++;
            }
        }
    }

    @Override
    public void await() {
        try {
            answer.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            worker.shutdownNow();
            worker = thread();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the test's guest is broken", e);
        }
    }

    @Override
    public Duration deadline() {
        return DEADLINE;
    }

    @Override
    public void close() {
        closed = true;
        worker.shutdownNow();
    }

    /// One row: what it was asked, the rules, and what they answered.
    private final class Guest implements Environment {
        private final int row;
        private volatile RemoteRequest.Kind asked = RemoteRequest.Kind.NOTHING;
        private volatile boolean answered;
        private @Nullable Environment environment;
        private DirectStep step = new DirectStep(Generator.seeded(0), opened, agents());
        private DirectView[] views = {};
        private OptionalLong seed = OptionalLong.empty();
        private Options options = opened;
        private int turn;
        private boolean waiting;
        private @Nullable Throwable thrown;

        Guest(int row) {
            this.row = row;
        }

        private int agents() {
            return signature.agents().size();
        }

        void ask(RemoteRequest request) {
            asked = request.kind(row);
            if (asked != RemoteRequest.Kind.NOTHING) {
                ask(request.seed(row), request.options(row), request.turn(row), (agent, leaf, k) -> {
                    Leaf shape = signature.actionLeaves().get(leaf);
                    long cell = (long) row * agents() + agent;
                    long at = cell * shape.bytes() + (long) k * shape.dtype().bytes();
                    return number(request.action(leaf), shape.dtype(), at);
                });
            }
        }

        private void ask(OptionalLong withSeed, Options withOptions, int actor, Actions actions) {
            answered = false;
            waiting = true;
            seed = withSeed;
            options = withOptions;
            turn = actor;
            for (int agent = 0; agent < agents() && asked == RemoteRequest.Kind.STEP; agent++) {
                if (turn < 0 ? step.alive[agent] : agent == turn) {
                    step.actions[agent] = action(actions, agent);
                }
            }
        }

        private double[][] action(Actions actions, int agent) {
            List<Leaf> leaves = signature.actionLeaves();
            double[][] values = new double[leaves.size()][];
            for (int leaf = 0; leaf < values.length; leaf++) {
                values[leaf] = new double[leaves.get(leaf).size()];
                for (int k = 0; k < values[leaf].length; k++) {
                    values[leaf][k] = actions.value(agent, leaf, k);
                }
            }
            return values;
        }

        /// On the guest's own thread.
        void work() {
            thrown = null;
            try {
                if (asked == RemoteRequest.Kind.STEP) {
                    step.begin(Math.max(0, turn));
                    environment().step(step);
                } else {
                    begin();
                }
                look();
            } catch (Throwable broken) {
                thrown = broken;
            }
            answered = true;
        }

        private void begin() {
            if (asked == RemoteRequest.Kind.RENEW) {
                environment = null;
            }
            Generator random = seed.isPresent() ? Generator.seeded(seed.getAsLong()) : step.random;
            step = new DirectStep(random, options, agents());
            step.begin(0);
            Arrays.fill(step.alive, true);
            environment().reset(step);
        }

        private Environment environment() {
            Environment made = environment;
            if (made == null) {
                made = rules.create(opened);
                environment = made;
            }
            return made;
        }

        private void look() {
            var seen = new DirectView[agents()];
            for (int agent = 0; agent < seen.length; agent++) {
                seen[agent] = new DirectView(
                        signature.observationLeaves(),
                        rules.maskMeaning() == MaskMeaning.NONE
                                ? 0
                                : signature.actionSpaces().get(agent).maskSize());
                environment().observe(agent, seen[agent]);
            }
            views = seen;
        }

        @Override
        public void reset(Step to) {
            if (!waiting) {
                askAlone(RemoteRequest.Kind.RESET, to);
            }
            take();
            if (step.chosenNext >= 0) {
                to.next(step.chosenNext);
            }
        }

        @Override
        public void step(Step to) {
            if (!waiting) {
                askAlone(RemoteRequest.Kind.STEP, to);
            }
            take();
            for (int agent = 0; agent < agents(); agent++) {
                to.reward(agent, step.rewards[agent]);
                if (step.terminated[agent]) {
                    to.terminate(agent);
                }
                if (step.truncated[agent]) {
                    to.truncate(agent);
                }
            }
            if (step.chosenNext >= 0) {
                to.next(step.chosenNext);
            }
        }

        /// Serves a caller who knows nothing of groups.
        private void askAlone(RemoteRequest.Kind kind, Step caller) {
            messages++;
            asked = kind;
            boolean simultaneous = rules.turnOrder() == TurnOrder.SIMULTANEOUS;
            ask(caller.seed(), caller.options(), simultaneous ? -1 : caller.agent(), caller::value);
            answer = CompletableFuture.runAsync(this::work, worker);
            DelayedRows.this.await();
        }

        private void take() {
            waiting = false;
            if (!answered) {
                throw new RowLostException("its thread died");
            }
            if (thrown != null) {
                throw new IllegalStateException(thrown.toString());
            }
        }

        @Override
        public void observe(int agent, View view) {
            var seen = ByteBuffer.allocate(DirectPlay.bytes(signature.observationLeaves()))
                    .order(ByteOrder.LITTLE_ENDIAN);
            views[agent].putLeaves(seen);
            MemorySegment bytes = MemorySegment.ofBuffer(seen.flip());
            long at = 0;
            for (int leaf = 0; leaf < signature.observationLeaves().size(); leaf++) {
                Leaf shape = signature.observationLeaves().get(leaf);
                for (int k = 0; k < shape.size(); k++) {
                    view.set(leaf, k, number(bytes, shape.dtype(), at));
                    at += shape.dtype().bytes();
                }
            }
            boolean[] mask = views[agent].mask();
            for (int k = 0; k < mask.length; k++) {
                view.allow(k, mask[k]);
            }
        }
    }

    /// Where the elements of an agent's action are read.
    @FunctionalInterface
    private interface Actions {
        double value(int agent, int leaf, int k);
    }

    private static double number(MemorySegment column, DType dtype, long at) {
        return switch (dtype) {
            case FLOAT32 -> column.get(ValueLayout.JAVA_FLOAT_UNALIGNED, at);
            case FLOAT64 -> column.get(ValueLayout.JAVA_DOUBLE_UNALIGNED, at);
            case INT64 -> column.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
            case INT32 -> column.get(ValueLayout.JAVA_INT_UNALIGNED, at);
            case INT16, UINT16 -> column.get(ValueLayout.JAVA_SHORT_UNALIGNED, at);
            case INT8, UINT8 -> column.get(ValueLayout.JAVA_BYTE, at);
        };
    }
}
