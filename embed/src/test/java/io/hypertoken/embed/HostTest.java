package io.hypertoken.embed;

import static org.assertj.core.api.Assertions.assertThat;

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
        assertThat(table.getAtIndex(ValueLayout.JAVA_LONG, 1)).isEqualTo(1);
    }

    @Test
    void theCatalogueListsWhatTheClassPathDeclares() throws Throwable {
        assertThat(HOST.call(Host.CATALOGUE)).isZero();

        assertThat(HOST.text())
                .isEqualTo("[{\"id\":\"corridor\",\"version\":1,\"aliases\":[\"hall\"],\"agents\":1,"
                        + "\"turn_order\":\"sequential\",\"max_steps\":64,\"render_modes\":[\"ansi\"],"
                        + "\"class\":\"io.hypertoken.fixture.Corridor\"},"
                        + "{\"id\":\"stubborn\",\"version\":1,\"aliases\":[],\"agents\":1,"
                        + "\"turn_order\":\"sequential\",\"max_steps\":64,\"render_modes\":[\"ansi\",\"rgb_array\"],"
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
                .contains("\"observation_spaces\":{\"player_0\":{\"type\":\"discrete\",\"n\":5,\"start\":0}}")
                .contains("\"turn_order\":\"sequential\"", "\"masked\":true", "\"max_steps\":64");
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
        assertThat(vector.function.call()).isEqualTo(Session.INFOS);
        assertThat(vector.function.call(Session.TELL)).isZero();
        assertThat(vector.function.text()).contains("\"infos\":[[0,0,{\"waited\":true}]]");
        vector.action(0);
        assertThat(vector.function.call()).isEqualTo(Session.ENDED);
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
    void aConstructorThatThrowsIsTheEnvironmentsFailure() throws Throwable {
        assertThat(HOST.call(Host.DESCRIBE, request(Stubborn.SPEC, "option.breaks", "sopen")))
                .isEqualTo(Endpoint.FAILED);

        assertThat(HOST.text())
                .contains("\"code\":\"environment_failed\"")
                .contains("stubborn cannot be opened (java.lang.ArithmeticException: not today); its own code "
                        + "threw; mend the environment, or its options");
    }

    @Test
    void anErrorOfTheMachineItselfNeverCrosses() throws Throwable {
        Vector vector = open(Stubborn.SPEC, "option.breaks", "sdraw");
        vector.reset();

        assertThat(vector.function.put(2, -1).call(Session.TEXT)).isEqualTo(Endpoint.FAILED);

        assertThat(vector.function.text()).contains("\"code\":\"internal\"", "StackOverflowError: so deep");
        vector.close();
    }

    @Test
    void drawingsCrossAsTextAndAsPixels() throws Throwable {
        Vector vector = open(Stubborn.SPEC);
        vector.reset();

        vector.function.put(1, 0).put(2, -1);
        assertThat(vector.function.call(Session.TEXT)).isZero();
        assertThat(vector.function.text()).isEqualTo("waited 0 ☺");
        assertThat(vector.function.call(Session.FRAME)).isZero();
        assertThat(vector.function.reply()).containsExactly(2, 0, 0, 0, 1, 0, 0, 0, 1, 2, 3, 4, 5, 0);
        vector.close();
    }

    @Test
    void aSnapshotBringsARowBack() throws Throwable {
        Vector vector = open(Corridor.SPEC);
        vector.reset("option.start", "i6");
        vector.function.put(1, 0).call(Session.SAVE);
        byte[] saved = vector.function.reply();
        vector.reset("option.start", "i1");

        assertThat(vector.function.call(Session.RESTORE, saved)).isZero();

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
        int outcome = Endpoint.PENDING;
        while (outcome == Endpoint.PENDING) {
            outcome = vector.function.call(Endpoint.AWAIT);
        }

        assertThat(outcome).isEqualTo(Session.INFOS);
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

    private Vector open(Spec spec, String... more) throws Throwable {
        String[] fields = request(spec, more);
        Signature signature = spec.signature(spec.options(Map.of()));
        BatchLayout layout = BatchLayout.of(spec, signature, 1, Autoreset.DISABLED);
        long bytes = layout.bytes();
        // Not the test's arena: a vector that is closed while it steps outlives the test.
        long memory = Arena.global().allocate(ControlBlock.BYTES + bytes, 64).address();
        List<String> all = new ArrayList<>(List.of(fields));
        all.addAll(List.of("memory", Long.toString(memory)));
        assertThat(HOST.call(Host.OPEN, all.toArray(String[]::new)))
                .as(HOST::text)
                .isZero();
        return new Vector(layout, memory, new FunctionCaller(HOST.result(), memory));
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
            return function.call(Session.RESET, fields);
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
