package io.hypertoken.engine;

import static io.hypertoken.engine.Vectors.open;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.ErrorCode;
import io.hypertoken.HyperTokenException;
import io.hypertoken.env.Environment;
import io.hypertoken.env.MaskMeaning;
import io.hypertoken.env.Spec;
import io.hypertoken.env.Step;
import io.hypertoken.env.View;
import io.hypertoken.fixture.Corridor;
import io.hypertoken.space.Spaces;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Who may call a vector, and what is left when it is closed.
class OwnershipTest {

    /// Waits in its step until it is let go.
    private static final class Waiting implements Environment {
        final CountDownLatch entered = new CountDownLatch(1);
        final CountDownLatch go = new CountDownLatch(1);
        final AtomicInteger closed = new AtomicInteger();

        Spec spec() {
            return declare(options -> this);
        }

        static Spec declare(Function<io.hypertoken.env.Options, Environment> constructor) {
            return Spec.of("waiting", 1)
                    .observes(Spaces.box(-1, 1, 1000))
                    .acts("go", "throw")
                    .masks(MaskMeaning.NONE)
                    .creates(constructor);
        }

        @Override
        public void reset(Step step) {}

        @Override
        public void step(Step step) {
            entered.countDown();
            try {
                assertThat(go.await(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void observe(int agent, View view) {}

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    @Test
    void aSecondThreadIsRefusedWhileACallIsUnderWay() throws InterruptedException {
        var waiting = new Waiting();
        try (var vector = open(waiting.spec(), Settings.DEFAULT)) {
            vector.reset(1);
            Thread first = Thread.ofPlatform().start(vector::step);
            waiting.entered.await();

            assertThatThrownBy(vector::step)
                    .isInstanceOfSatisfying(
                            HyperTokenException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_STEP))
                    .hasMessage("a call of this vector is under way; another thread is in it, and a vector has one "
                            + "caller at a time; wait until that call returns");
            assertThatThrownBy(() -> vector.info(0, 0)).isInstanceOf(HyperTokenException.class);
            waiting.go.countDown();
            first.join();
            vector.step();
        }
    }

    @Test
    void closingWaitsForTheStepThatAnotherThreadIsIn() throws InterruptedException {
        var waiting = new Waiting();
        VectorEnvironment vector = open(waiting.spec(), Settings.DEFAULT);
        vector.reset(1);
        Thread stepping = Thread.ofPlatform().start(vector::step);
        waiting.entered.await();
        Thread closing = Thread.ofPlatform().start(vector::close);

        assertThat(closing.join(java.time.Duration.ofMillis(50))).as("it waits").isFalse();
        assertThat(waiting.closed).hasValue(0);
        waiting.go.countDown();
        closing.join();
        stepping.join();

        assertThat(waiting.closed).hasValue(1);
    }

    @Test
    void aListenerThatClosesTheVectorFromInsideIsRefused() {
        try (var vector = open(Corridor.SPEC, Settings.DEFAULT)) {
            vector.attach(new StepListener() {
                @Override
                public void afterReset() {
                    vector.close();
                }

                @Override
                public void beforeStep() {}

                @Override
                public void afterStep() {}
            });

            assertThatThrownBy(() -> vector.reset(1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageStartingWith("a vector cannot be closed from inside one of its own calls");
        }
    }

    static Stream<Arguments> calls() {
        return Stream.<Map.Entry<String, Consumer<VectorEnvironment>>>of(
                        Map.entry("reset with a seed", v -> v.reset(1)),
                        Map.entry("reset of some rows", v -> v.reset(null, null, Map.of())),
                        Map.entry("reset by the columns", v -> v.reset(Map.of())),
                        Map.entry("step", VectorEnvironment::step),
                        Map.entry("send", VectorEnvironment::send),
                        Map.entry("recv", VectorEnvironment::recv),
                        Map.entry("info", v -> v.info(1_999, 0)),
                        Map.entry("finalInfo", v -> v.finalInfo(1_999, 0)),
                        Map.entry("checkAction", v -> v.checkAction(1_999, 0)),
                        Map.entry("observe", v -> v.observe(1_999, 0)),
                        Map.entry("text", v -> v.text(0, 0)),
                        Map.entry("frame", v -> v.frame(0)),
                        Map.entry("snapshot", v -> v.snapshot(0)),
                        Map.entry("restore", v -> v.restore(0, new byte[8])),
                        Map.entry("batch action", v -> v.batch().action(1_999, 0, 0)),
                        Map.entry("batch observation", v -> v.batch().observation(1_999, 0)),
                        Map.entry("batch alive", v -> v.batch().alive(1_999, 0)),
                        Map.entry("batch turn", v -> v.batch().turn(1_999)),
                        Map.entry("batch reward", v -> v.batch().reward(1_999, 0)),
                        Map.entry("batch length", v -> v.batch().episodeLength(1_999)),
                        Map.entry("batch column", v -> v.batch().observation(0).get(ValueLayout.JAVA_BYTE, 0)),
                        Map.entry("batch reply", v -> v.batch().reply().get(ValueLayout.JAVA_BYTE, 0)))
                .map(call -> Arguments.of(call.getKey(), call.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("calls")
    void whatIsCalledAfterTheEndIsRefused(String name, Consumer<VectorEnvironment> call) {
        Spec spec = Waiting.declare(options -> new Waiting());
        VectorEnvironment vector = open(spec, Settings.DEFAULT.rows(2_000));
        vector.reset(1);
        vector.close();
        vector.close();

        assertThatThrownBy(() -> call.accept(vector)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aCopyIsClosedOnceWhenItIsReplacedAndOnceWithItsVector() {
        var closed = new AtomicInteger();
        var made = new AtomicInteger();
        Spec spec = Spec.of("counted", 1)
                .observes(Spaces.discrete(2))
                .acts("go", "throw")
                .masks(MaskMeaning.NONE)
                .creates(options -> {
                    made.incrementAndGet();
                    return new Environment() {
                        @Override
                        public void reset(Step step) {}

                        @Override
                        public void step(Step step) {
                            if (step.action() == 1) {
                                throw new IllegalStateException("replaced");
                            }
                        }

                        @Override
                        public void observe(int agent, View view) {}

                        @Override
                        public void close() {
                            closed.incrementAndGet();
                            throw new IllegalStateException("and it throws when it is closed");
                        }
                    };
                });
        try (var vector = open(spec, Settings.DEFAULT.rows(3))) {
            vector.reset(0);
            vector.batch().action(1, 1);
            vector.step();
            assertThat(closed).hasValue(1);
        }
        assertThat(made).hasValue(4);
        assertThat(closed).hasValue(4);
    }

    @Test
    void aConstructorThatThrowsHalfWayLeavesNoCopyBehind() {
        var closed = new AtomicInteger();
        var made = new AtomicInteger();
        Spec spec = Waiting.declare(options -> {
            if (made.incrementAndGet() == 3) {
                throw new AssertionError("not the third");
            }
            return new Environment() {
                @Override
                public void reset(Step step) {}

                @Override
                public void step(Step step) {}

                @Override
                public void observe(int agent, View view) {}

                @Override
                public void close() {
                    closed.incrementAndGet();
                }
            };
        });

        assertThatThrownBy(() -> open(spec, Settings.DEFAULT.rows(5))).isInstanceOf(AssertionError.class);

        assertThat(closed).hasValue(2);
    }
}
