package io.hypertoken.server.bridge;

import static io.hypertoken.server.bridge.Json.array;
import static io.hypertoken.server.bridge.Json.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Spec;
import io.hypertoken.fixture.Corridor;
import io.hypertoken.fixture.Duel;
import io.hypertoken.json.JsonMessage;
import io.hypertoken.random.Generator;
import io.hypertoken.record.TrajectoryDigest;
import io.hypertoken.record.TrajectoryRecorder;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Binary frames: the columns of a batch, there and back.
class BatchesTest {
    private static final int HEADER = 32;

    @RegisterExtension
    private static final Served SERVED = Served.by(Corridor.SPEC);

    private final Client client = SERVED.connect();
    private Map<String, Object> layout;

    private Map<String, Object> open(String environment, int rows, String more) {
        var opened = client.ask("{\"cmd\":\"open\",\"env\":\"" + environment + "\",\"num_envs\":" + rows + more + "}");
        assertThat(opened).doesNotContainKey("error");
        layout = object(opened.get("layout"));
        return opened;
    }

    private int bytes(String group) {
        var last = object(array(layout.get(group)).getLast());
        return (int) (((Long) last.get("offset") + (Long) last.get("bytes") + 7) & ~7L);
    }

    private int offset(String group, String column) {
        return array(layout.get(group)).stream()
                .map(Json::object)
                .filter(each -> each.get("name").equals(column))
                .mapToInt(each -> ((Long) each.get("offset")).intValue())
                .findFirst()
                .orElseThrow();
    }

    private ByteBuffer request(int operation, long at) {
        int payload = bytes(operation == 1 ? "reset" : "step");
        return ByteBuffer.allocate(HEADER + payload)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, 0x31425448)
                .putShort(4, (short) 1)
                .putShort(6, (short) operation)
                .putLong(8, 77)
                .putLong(16, at)
                .putInt(28, payload);
    }

    private ByteBuffer resetRequest(int rows, long seed, long at) {
        ByteBuffer request = request(1, at);
        for (int row = 0; row < rows; row++) {
            request.putLong(HEADER + offset("reset", "seeds") + 8 * row, seed < 0 ? -1 : seed + row);
            request.put(HEADER + offset("reset", "mask") + row, (byte) 1);
        }
        return request;
    }

    private ByteBuffer exchange(ByteBuffer request) {
        Object reply = client.ask(request);
        assertThat(reply).isInstanceOf(ByteBuffer.class);
        return ((ByteBuffer) reply).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static byte[] columns(ByteBuffer reply) {
        return Arrays.copyOfRange(reply.array(), HEADER, HEADER + reply.getInt(28));
    }

    private static byte[] columns(VectorEnvironment vector, int length) {
        return Arrays.copyOf(vector.batch().reply().toArray(ValueLayout.JAVA_BYTE), length);
    }

    @ParameterizedTest
    @EnumSource(Autoreset.class)
    void aBatchOverTheWireIsTheVectorsOwnByteForByte(Autoreset mode) {
        int rows = 5;
        open("duel", rows, ",\"autoreset\":\"" + mode.wireName() + "\"");
        var settings = Settings.DEFAULT.rows(rows).autoreset(mode);
        try (var vector = VectorEnvironment.open(Duel.SPEC, Duel.SPEC.options(Map.of()), settings)) {
            vector.reset(9);
            ByteBuffer reply = exchange(resetRequest(rows, 9, 1));
            assertThat(columns(reply)).isEqualTo(columns(vector, reply.getInt(28)));
            var random = Generator.seeded(1);
            for (int step = 2; step < 60 && !(mode == Autoreset.DISABLED && anyOver(vector)); step++) {
                ByteBuffer request = request(2, step);
                for (int row = 0; row < rows; row++) {
                    long blow = random.integers(3);
                    long parry = 5 + random.integers(2);
                    int cell = HEADER + offset("step", "action") + 16 * row;
                    request.putLong(cell, blow).putLong(cell + 8, parry);
                    vector.batch().action(row, 0, blow);
                    vector.batch().action(row, 1, parry);
                }
                vector.step();
                reply = exchange(request);

                assertThat(columns(reply)).isEqualTo(columns(vector, reply.getInt(28)));
                assertThat(reply.getInt(0)).isEqualTo(0x31425448);
                assertThat(reply.getShort(6)).isEqualTo((short) 2);
                assertThat(reply.getLong(8)).as("the request's id").isEqualTo(77);
                assertThat(reply.getLong(16)).isEqualTo(step);
            }
        }
    }

    private static boolean anyOver(VectorEnvironment vector) {
        for (int row = 0; row < vector.settings().rows(); row++) {
            if (vector.over(row)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void theLayoutTellsWhereEveryColumnLies() {
        var opened = open("mixer", 3, "");

        assertThat(opened).containsEntry("num_envs", 3L).containsEntry("autoreset", "next_step");
        assertThat(array(layout.get("reset")).getFirst())
                .isEqualTo(Map.of("name", "seeds", "dtype", "int64", "shape", List.of(3L), "offset", 0L, "bytes", 24L));
        assertThat(array(layout.get("step")).stream().map(each -> object(each).get("name")))
                .containsExactly(
                        "action.faders", "action.knobs.0", "action.knobs.1", "action.knobs.2", "action.knobs.3");
        assertThat(array(layout.get("reply")).stream()
                        .map(each -> (Long) object(each).get("offset") % 8))
                .containsOnly(0L);
        assertThat(array(layout.get("reply")).stream().map(each -> object(each).get("name")))
                .doesNotContain("action_mask");
    }

    @Test
    void infosFollowTheColumnsByRowAndAgent() {
        open("teller", 3, "");
        exchange(resetRequest(3, 0, 1));
        ByteBuffer step = request(2, 2);
        for (int row = 0; row < 3; row++) {
            step.putLong(HEADER + offset("step", "action") + 8 * row, 8); // says something fine
        }

        ByteBuffer reply = exchange(step);

        int payload = reply.getInt(28);
        assertThat(reply.getInt(24)).as("flag: infos follow").isEqualTo(1);
        String infos =
                new String(reply.array(), HEADER + payload, reply.limit() - HEADER - payload, StandardCharsets.UTF_8);
        assertThat(JsonMessage.read(infos.getBytes(StandardCharsets.UTF_8)))
                .containsOnlyKeys("0", "1", "2")
                .containsEntry("1", Map.of("player_0", Map.of("told", "fine")));
    }

    @Test
    void illegalActionsAreToldInColumnsAndNeedNoInfos() {
        open("corridor", 3, ",\"autoreset\":\"same_step\",\"options\":{\"length\":2}");
        exchange(resetRequest(3, 0, 1));

        ByteBuffer reply = exchange(request(2, 2));

        assertThat(reply.getInt(24)).as("flag: no infos follow").isZero();
        for (int row = 0; row < 3; row++) { // all stood at the first cell, went left, and were moved right instead
            assertThat(reply.get(HEADER + offset("reply", "illegal_action") + row))
                    .isEqualTo((byte) 1);
            assertThat(reply.getLong(HEADER + offset("reply", "played") + 8 * row))
                    .isEqualTo(1);
        }
    }

    private ByteBuffer withOptions(ByteBuffer request, String json) {
        byte[] options = json.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(request.capacity() + options.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(request.array())
                .put(options)
                .putInt(24, 1)
                .flip();
    }

    @Test
    void episodeOptionsFollowTheColumnsOfAReset() {
        open("corridor", 3, "");
        ByteBuffer reset = withOptions(resetRequest(3, 0, 1), "{\"start\":4}");

        ByteBuffer reply = exchange(reset);

        for (int row = 0; row < 3; row++) {
            assertThat(reply.getLong(HEADER + 8 * row)).isEqualTo(4);
        }
        assertThat(client.ask(withOptions(resetRequest(3, 0, 2), "{\"start\":99}")))
                .asString()
                .contains("\"code\":\"bad_option\"")
                .contains("corridor refused option start=99; start must be an integer from -1 to 62");
        assertThat(client.ask(withOptions(resetRequest(3, 0, 2), "{")))
                .asString()
                .contains("\"code\":\"bad_json\"");
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void anActionThatIsNoFiniteNumberIsRefusedBeforeAnyRowMoves(float value) {
        open("mixer", 2, ",\"digest\":true");
        exchange(resetRequest(2, 3, 1));
        var before = client.ask("{\"cmd\":\"digest\"}");
        ByteBuffer step = request(2, 2);

        Object reply = client.ask(step.putFloat(HEADER + 12, value)); // the last fader of the second row

        assertThat(reply)
                .asString()
                .contains("mixer refused action faders[1]=" + value + " of player_0")
                .contains("\"code\":\"bad_action\"");
        assertThat(client.ask("{\"cmd\":\"digest\"}")).isEqualTo(before);
        exchange(request(2, 2)); // the same number is still the next
    }

    @ParameterizedTest
    @ValueSource(longs = {-2, Long.MIN_VALUE, 1L << 53, Long.MAX_VALUE})
    void aSeedThatNoJsonNumberHoldsIsRefusedBeforeAnyRowIsReset(long seed) {
        open("corridor", 3, ",\"digest\":true");
        exchange(resetRequest(3, 3, 1));
        var before = client.ask("{\"cmd\":\"digest\"}");

        Object reply = client.ask(resetRequest(3, 3, 2).putLong(HEADER + 16, seed));

        assertThat(reply)
                .isEqualTo(
                        "{\"id\":77,\"error\":\"reset refused seed=" + seed + " of row 2; seed must be an integer from "
                                + "0 to 9007199254740991; send that, or -1 for none\",\"code\":\"bad_field\"}");
        assertThat(client.ask("{\"cmd\":\"digest\"}")).isEqualTo(before);
        exchange(resetRequest(3, 3, 2));
    }

    @Test
    void aFrameSentAgainIsAnsweredAgainAndNotPlayedAgain() {
        open("corridor", 4, ",\"autoreset\":\"disabled\",\"options\":{\"length\":40}");
        exchange(resetRequest(4, 3, 1));
        ByteBuffer right = request(2, 2);
        for (int row = 0; row < 4; row++) {
            right.putLong(HEADER + 8 * row, 1);
        }
        byte[] first = columns(exchange(right));

        ByteBuffer again = exchange(right.putLong(8, 78));

        assertThat(columns(again)).isEqualTo(first);
        assertThat(again.getLong(8)).as("the new request's own id").isEqualTo(78);
        assertThat(columns(exchange(right.putLong(16, 3)))).isNotEqualTo(first);
    }

    @Test
    void aRepliesColumnsAreRecordedBeforeAnObservationOnDemandChangesThem() {
        open("auction", 1, "");
        exchange(resetRequest(1, 1, 1));
        ByteBuffer raise = request(2, 2);
        byte[] first = columns(exchange(raise));
        for (String agent : new String[] {"ann", "bob", "cid"}) {
            client.ask("{\"cmd\":\"observe\",\"agent\":\"" + agent + "\"}");
        }

        assertThat(columns(exchange(raise))).isEqualTo(first);
    }

    @Test
    void aBatchOfOneAndTurnsMayBeMixed() {
        open("auction", 1, "");
        exchange(resetRequest(1, 1, 0));
        assertThat(client.ask("{\"cmd\":\"agents\"}")).containsEntry("agents", List.of("ann", "bob", "cid"));
        assertThat(client.ask("{\"cmd\":\"step\",\"action\":0,\"reply\":\"turn\"}"))
                .containsEntry("at", 2L);
        exchange(request(2, 3));

        assertThat(client.ask("{\"cmd\":\"last\"}")).containsEntry("terminated", false);
        assertThat(client.ask("{\"cmd\":\"step\",\"action\":1,\"at\":4}")).containsEntry("at", 4L);
    }

    @Test
    void classicCommandsAboutSeveralRowsPointToFrames() {
        open("corridor", 2, "");

        for (String command :
                new String[] {"reset", "step", "step_all", "last", "observe", "agents", "render", "state"}) {
            assertThat(client.ask("{\"cmd\":\"" + command + "\",\"agent\":\"player_0\"}"))
                    .containsEntry("code", "bad_field")
                    .containsEntry(
                            "error",
                            command + " refused a session of 2 rows with autoreset next_step; it speaks about one row "
                                    + "that is reset by its client; step batches in binary frames, or open num_envs=1 "
                                    + "with autoreset=disabled");
        }
        assertThat(client.ask("{\"cmd\":\"env_info\"}")).containsEntry("num_envs", 2L);
    }

    @Test
    void aFrameBeforeTheFirstResetIsNotReset() {
        open("corridor", 2, "");

        assertThat(client.ask(request(2, 1)))
                .isEqualTo("{\"id\":77,\"error\":\"corridor has not been reset; an episode begins with a reset; "
                        + "reset it first\",\"code\":\"not_reset\"}");
    }

    @Test
    void aStrictSessionRefusesWhatTheMaskForbids() {
        open("corridor", 1, ",\"illegal\":\"strict\"");
        client.ask("{\"cmd\":\"reset\",\"options\":{\"start\":0}}");

        assertThat(client.ask("{\"cmd\":\"step\",\"action\":0}"))
                .containsEntry("code", "illegal_action")
                .containsEntry(
                        "error",
                        "corridor refused action 0 of player_0; its action mask forbids it now; "
                                + "choose an action whose flag in the mask is true");
        assertThat(client.ask("{\"cmd\":\"step\",\"action\":1}")).containsEntry("ok", true);
    }

    @Test
    void aRowThatThrowsIsReplacedAndTheOthersNeverNotice() {
        open("faulty", 3, "");
        exchange(resetRequest(3, 0, 1));
        for (int step = 2; step < 6; step++) {
            assertThat(exchange(request(2, step)).getInt(24)).isZero();
        }

        ByteBuffer reply = exchange(request(2, 6));

        assertThat(reply.getInt(24)).as("infos follow").isEqualTo(1);
        assertThat(new String(reply.array(), StandardCharsets.UTF_8))
                .contains("\"environment_error\":\"java.lang.ArithmeticException: miscounted\"");
    }

    @Test
    void theDigestOfASessionIsThatOfTheSameVectorInThisProcess() {
        Spec spec = Corridor.SPEC;
        open("corridor", 2, ",\"digest\":true");
        exchange(resetRequest(2, 4, 1));
        ByteBuffer right = request(2, 0).putLong(HEADER, 1).putLong(HEADER + 8, 1);
        for (int step = 0; step < 20; step++) {
            exchange(right);
        }
        try (var vector = VectorEnvironment.open(spec, spec.options(Map.of()), Settings.DEFAULT.rows(2))) {
            var digest = new TrajectoryDigest(2);
            TrajectoryRecorder.attach(vector, digest);
            vector.reset(4);
            for (int step = 0; step < 20; step++) {
                vector.batch().action(0, 1);
                vector.batch().action(1, 1);
                vector.step();
            }

            assertThat(client.ask("{\"cmd\":\"digest\"}"))
                    .containsEntry("digest", digest.ofBatch())
                    .containsEntry("steps", digest.steps(0) + digest.steps(1));
        }
    }
}
