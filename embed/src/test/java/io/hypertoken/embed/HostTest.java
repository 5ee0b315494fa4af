package io.hypertoken.embed;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.describe.Description;
import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.BatchLayout;
import io.hypertoken.env.Signature;
import io.hypertoken.env.Spec;
import io.hypertoken.fixture.Corridor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostTest {
    private static final FunctionCaller HOST = FunctionCaller.boot();

    private final Arena arena = Arena.ofConfined();

    @AfterEach
    void freeMemory() {
        arena.close();
    }

    @Test
    void theTableBeginsWithItsMagicAndVersion() {
        MemorySegment table = MemorySegment.ofAddress(Host.boot()).reinterpret(32);

        assertThat(table.asSlice(0, 8).toArray(ValueLayout.JAVA_BYTE)).isEqualTo("HYPERTKN".getBytes());
        assertThat(table.getAtIndex(ValueLayout.JAVA_LONG, 1)).isEqualTo(2);
    }

    @Test
    void theCatalogueListsWhatTheClassPathDeclares() throws Throwable {
        assertThat(HOST.call(Host.CATALOGUE)).isZero();

        assertThat(HOST.text())
                .isEqualTo("[{\"id\":\"corridor\",\"version\":1,\"aliases\":[\"hall\"],\"agents\":1,"
                        + "\"turn_order\":\"sequential\",\"max_steps\":64,\"reward_threshold\":null,"
                        + "\"render_modes\":[\"ansi\"],"
                        + "\"class\":\"io.hypertoken.fixture.Corridor\"},"
                        + "{\"id\":\"stubborn\",\"version\":1,\"aliases\":[],\"agents\":1,"
                        + "\"turn_order\":\"sequential\",\"max_steps\":64,\"reward_threshold\":null,"
                        + "\"render_modes\":[\"ansi\",\"rgb_array\"],"
                        + "\"class\":\"io.hypertoken.embed.Stubborn\"}]");
    }

    @Test
    void aDescriptionSpeaksTheBridgesWords() throws Throwable {
        assertThat(HOST.call(Host.DESCRIBE, request(Corridor.SPEC, "option.length", "i5")))
                .isZero();

        assertThat(HOST.text())
                .contains(
                        "\"env_type\":\"corridor\"",
                        "\"env_options\":{\"length\":5}",
                        "\"episode_options\":{\"start\":-1}")
                .contains("\"observation_spaces\":{\"player_0\":{\"type\":\"discrete\",\"n\":5,\"start\":0,"
                        + "\"shape\":[]}}")
                .contains("\"turn_order\":\"sequential\"", "\"masked\":true", "\"max_steps\":64");
    }

    @Test
    void aHostMayAskForAnotherStepLimitOrNone() throws Throwable {
        for (var limit :
                Map.of("7", "7", "1000", "1000", "-1", "null", "0", "64").entrySet()) {
            assertThat(HOST.call(Host.DESCRIBE, request(Corridor.SPEC, "max_episode_steps", limit.getKey())))
                    .isZero();

            assertThat(HOST.text()).contains("\"max_steps\":" + limit.getValue() + ",");
        }
    }

    @Test
    void anOpenVectorStepsInTheHostsMemory() throws Throwable {
        Vector vector = open(Corridor.SPEC);

        vector.reset("option.start", "i0");
        vector.action(1);
        int outcome = vector.function.call();

        assertThat(outcome).as("nobody ended, nothing was told").isZero();
        assertThat(vector.observation()).isEqualTo(1);
        vector.close();
    }

    @Test
    void theOutcomeSaysThatAnAgentEndedOrWasTold() throws Throwable {
        Vector vector = open(Stubborn.SPEC);

        vector.reset();
        vector.action(1);
        assertThat(vector.function.call()).isEqualTo(VectorEndpoint.INFOS);
        assertThat(vector.function.call(VectorEndpoint.TELL)).isZero();
        assertThat(vector.function.text()).contains("\"infos\":[[0,0,{\"waited\":true}]]");
        vector.action(0);
        assertThat(vector.function.call()).isEqualTo(VectorEndpoint.ENDED);
        vector.close();
    }

    @Test
    void anEpisodeOptionComesWithTheReset() throws Throwable {
        Vector vector = open(Corridor.SPEC);

        assertThat(vector.reset("option.start", "i3")).isZero();

        assertThat(vector.observation()).isEqualTo(3);
        vector.close();
    }

    @Test
    void aRefusalIsACodeAndAMessageAndChangesNothing() throws Throwable {
        Vector vector = open(Corridor.SPEC);
        vector.reset("option.start", "i0");

        vector.action(9);

        assertThat(vector.function.call()).isEqualTo(Endpoint.FAILED);
        assertThat(vector.function.text())
                .contains("\"code\":\"bad_action\"")
                .contains("\"message\":\"corridor refused action 9 of player_0; it is not in the action space "
                        + "Discrete[n=2, start=0]; send an integer from 0 to 1\"");
        assertThat(vector.observation()).isZero();
        vector.close();
    }

    @Test
    void aDescriptionIsCoresWithTheLayoutOfTheSharedMemory() throws Throwable {
        var options = Corridor.SPEC.options(Map.of("length", 5));
        Signature signature = Corridor.SPEC.signature(options);

        assertThat(HOST.call(Host.DESCRIBE, request(Corridor.SPEC, "option.length", "i5")))
                .isZero();

        String told = HOST.text();
        String described =
                Json.of(Description.properties(Corridor.SPEC, options, signature, Corridor.SPEC.stepLimit()));
        assertThat(told).startsWith(described.substring(0, described.length() - 1) + ",\"layout\":{\"bytes\":");
        var layout = BatchLayout.of(Corridor.SPEC, signature, 1, Autoreset.DISABLED);
        assertThat(told).contains(Json.of(Description.columns(layout.reply())));
    }

    @Test
    void aConstructorThatThrowsIsTheEnvironmentsFailureAndItsDescriptionIsNone() throws Throwable {
        assertThat(HOST.call(Host.DESCRIBE, request(Stubborn.SPEC, "option.breaks", "sopen")))
                .isZero();
        assertThat(HOST.text()).contains("\"render_modes\":[\"ansi\",\"rgb_array\"]");

        String[] opening =
                request(Stubborn.SPEC, "option.breaks", "sopen", "memory", Long.toString(memory(Stubborn.SPEC)));
        assertThat(HOST.call(Host.OPEN, opening)).isEqualTo(Endpoint.FAILED);

        assertThat(HOST.text())
                .contains("\"code\":\"environment_failed\"")
                .contains("stubborn cannot be opened (java.lang.ArithmeticException: not today); its own code "
                        + "threw; mend the environment, or its options");
    }

    @Test
    void anErrorOfTheMachineItselfNeverCrosses() throws Throwable {
        Vector vector = open(Stubborn.SPEC, "option.breaks", "sdraw");
        vector.reset();

        assertThat(vector.function.put(2, -1).call(VectorEndpoint.TEXT)).isEqualTo(Endpoint.FAILED);

        assertThat(vector.function.text()).contains("\"code\":\"environment_failed\"", "StackOverflowError: so deep");
        vector.close();
    }

    @Test
    void drawingsCrossAsTextAndAsPixels() throws Throwable {
        Vector vector = open(Stubborn.SPEC);
        vector.reset();

        vector.function.put(1, 0).put(2, -1);
        assertThat(vector.function.call(VectorEndpoint.TEXT)).isZero();
        assertThat(vector.function.text()).isEqualTo("waited 0 ☺");
        assertThat(vector.function.call(VectorEndpoint.FRAME)).isZero();
        assertThat(vector.function.reply()).containsExactly(2, 0, 0, 0, 1, 0, 0, 0, 1, 2, 3, 4, 5, 0);
        vector.close();
    }

    @Test
    void aSnapshotBringsARowBack() throws Throwable {
        Vector vector = open(Corridor.SPEC);
        vector.reset("option.start", "i6");
        vector.function.put(1, 0).call(VectorEndpoint.SAVE);
        byte[] saved = vector.function.reply();
        vector.reset("option.start", "i1");

        assertThat(vector.function.call(VectorEndpoint.RESTORE, saved)).isZero();

        assertThat(vector.observation()).isEqualTo(6);
        vector.close();
    }

    @Test
    void anOperationInTheBackgroundIsPendingUntilItIsDone() throws Throwable {
        Stubborn.signal = new CountDownLatch(1);
        Vector vector = open(Stubborn.SPEC);
        vector.reset();
        vector.action(1);

        assertThat(vector.function.call(Endpoint.IN_BACKGROUND)).isEqualTo(Endpoint.PENDING);
        assertThat(vector.function.call(Endpoint.AWAIT)).isEqualTo(Endpoint.PENDING);
        Stubborn.signal.countDown();
        int outcome = vector.awaited();

        assertThat(outcome).isEqualTo(VectorEndpoint.INFOS);
        vector.close();
    }

    /// It was let in, and overwrote the answer and the operation of the one in the background.
    @Test
    void aCallBesideAnOperationInTheBackgroundIsRefusedAndTheOperationKeepsItsOutcome() throws Throwable {
        Stubborn.signal = new CountDownLatch(1);
        Vector vector = open(Stubborn.SPEC);
        vector.reset();
        vector.action(1);
        vector.function.call(Endpoint.IN_BACKGROUND);

        int step = vector.function.call(0);
        int reset = vector.function.call(VectorEndpoint.RESET);
        int second = vector.function.call(Endpoint.IN_BACKGROUND);

        assertThat(List.of(step, reset, second)).containsOnly(Endpoint.BUSY);
        Stubborn.signal.countDown();
        int outcome = vector.awaited();
        assertThat(outcome).isEqualTo(VectorEndpoint.INFOS);
        vector.close();
    }

    @Test
    void closingDuringAnOperationWaitsForItElsewhere() throws Throwable {
        Stubborn.signal = new CountDownLatch(1);
        Vector vector = open(Stubborn.SPEC);
        vector.reset();
        vector.action(1);
        vector.function.call(Endpoint.IN_BACKGROUND);

        HOST.call(Host.CLOSE, "memory", Long.toString(vector.memory));

        assertThat(HOST.result()).as("the memory is still written to").isZero();
        Stubborn.signal.countDown();
    }

    /// A host that is interrupted between the call and its answer asks again, and finds both.
    @Test
    void theOutcomeOfTheLastStepIsToldUntilTheNextAndWaitingTwiceIsWaitingOnce() throws Throwable {
        Stubborn.signal = new CountDownLatch(0);
        Vector vector = open(Stubborn.SPEC);
        vector.reset();
        vector.action(1);
        vector.function.call(Endpoint.IN_BACKGROUND);
        int outcome = vector.awaited();

        int again = vector.function.call(Endpoint.AWAIT);
        vector.function.put(2, -1).call(VectorEndpoint.TEXT);

        assertThat(List.of(outcome, again)).containsOnly(VectorEndpoint.INFOS);
        assertThat(vector.function.stepOutcome()).isEqualTo(VectorEndpoint.INFOS);
        vector.action(7);
        assertThat(vector.function.call()).isEqualTo(Endpoint.FAILED);
        assertThat(vector.function.stepOutcome()).isEqualTo(Endpoint.FAILED);
        vector.close();
    }

    @Test
    void closingWhileASentStepGoesOnReturnsAtOnceAndIsDoneWhenTheStepIs() throws Throwable {
        Stubborn.signal = new CountDownLatch(1);
        Vector vector = open(Stubborn.SPEC);
        vector.reset();
        vector.action(1);
        assertThat(vector.function.call(VectorEndpoint.SEND)).isZero();

        HOST.call(Host.CLOSE, "memory", Long.toString(vector.memory));
        assertThat(HOST.result()).as("the memory is still written to").isZero();
        Stubborn.signal.countDown();

        long deadline = System.nanoTime() + 10_000_000_000L;
        do {
            HOST.call(Host.CLOSE, "memory", Long.toString(vector.memory));
        } while (HOST.result() == 0 && System.nanoTime() < deadline);
        assertThat(HOST.result()).isEqualTo(1);
    }

    private Vector open(Spec spec, String... more) throws Throwable {
        String[] fields = request(spec, more);
        long memory = memory(spec);
        List<String> all = new ArrayList<>(List.of(fields));
        all.addAll(List.of("memory", Long.toString(memory)));
        assertThat(HOST.call(Host.OPEN, all.toArray(String[]::new)))
                .as(HOST::text)
                .isZero();
        return new Vector(layout(spec), memory, new FunctionCaller(HOST.result(), memory));
    }

    /// For one row; not the test's arena's, because a vector that is closed while it steps outlives the test.
    private static long memory(Spec spec) {
        return Arena.global()
                .allocate(ControlBlock.BYTES + layout(spec).bytes(), 64)
                .address();
    }

    private static BatchLayout layout(Spec spec) {
        return BatchLayout.of(spec, spec.signature(spec.options(Map.of())), 1, Autoreset.DISABLED);
    }

    private static String[] request(Spec spec, String... more) {
        List<String> fields = new ArrayList<>(List.of(
                "env",
                spec.id(),
                "class",
                "",
                "jars",
                "",
                "num_envs",
                "1",
                "autoreset",
                "disabled",
                "illegal",
                "fallback",
                "threads",
                "1",
                "observes_all",
                "0"));
        fields.addAll(List.of(more));
        return fields.toArray(String[]::new);
    }

    private record Vector(BatchLayout layout, long memory, FunctionCaller function) {
        int reset(String... fields) throws Throwable {
            long reset = memory + ControlBlock.BYTES;
            HostMemory.putLong(reset + layout.reset().column("mask").offset(), 1);
            return function.call(VectorEndpoint.RESET, fields);
        }

        int awaited() throws Throwable {
            int outcome = Endpoint.PENDING;
            while (outcome == Endpoint.PENDING) {
                outcome = function.call(Endpoint.AWAIT);
            }
            return outcome;
        }

        void action(long action) {
            HostMemory.putLong(memory + ControlBlock.BYTES + layout.reset().bytes(), action);
        }

        long observation() {
            return HostMemory.getLong(memory
                    + ControlBlock.BYTES
                    + layout.reset().bytes()
                    + layout.step().bytes());
        }

        void close() throws Throwable {
            assertThat(HOST.call(Host.CLOSE, "memory", Long.toString(memory))).isZero();
            assertThat(HOST.result()).isEqualTo(1);
        }
    }
}
