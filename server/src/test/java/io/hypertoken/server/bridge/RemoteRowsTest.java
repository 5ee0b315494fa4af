package io.hypertoken.server.bridge;

import static io.hypertoken.server.bridge.Json.object;
import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.check.DelayedRows;
import io.hypertoken.engine.Autoreset;
import io.hypertoken.engine.Settings;
import io.hypertoken.engine.VectorEnvironment;
import io.hypertoken.env.Catalogue;
import io.hypertoken.env.Spec;
import io.hypertoken.fixture.Corridor;
import io.hypertoken.record.TrajectoryDigest;
import io.hypertoken.record.TrajectoryRecorder;
import io.hypertoken.server.session.Opening;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// An environment whose rules run elsewhere is like any other over the wire.
class RemoteRowsTest {
    private static final int[] ACTIONS = {1, 0, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1};

    private final List<DelayedRows> groups = new CopyOnWriteArrayList<>();
    private final Spec hosted = DelayedRows.hosting(Corridor.SPEC, Duration.ofMillis(1), groups::add);
    private final Bridge bridge = Bridge.start(
            new BridgeSettings(new Catalogue(List.of(hosted)), Opening.of(hosted, Map.of("length", 64), null, 60), 0));
    private final Client client = Client.connect(bridge.url());

    @AfterEach
    void stop() {
        client.close();
        bridge.close();
    }

    private Map<String, Object> step(int action) {
        return client.ask("{\"cmd\":\"step\",\"action\":" + action + ",\"reply\":\"turn\"}");
    }

    @Test
    void itsDigestIsThatOfTheSameRulesHere() {
        client.ask("{\"cmd\":\"open\",\"env\":\"corridor\",\"options\":{\"length\":64},\"digest\":true}");
        client.ask("{\"cmd\":\"reset\",\"seed\":7,\"options\":{\"start\":5}}");
        for (int action : ACTIONS) {
            assertThat(step(action)).doesNotContainKey("error");
        }

        assertThat(client.ask("{\"cmd\":\"digest\"}")).containsEntry("digest", digestHere());
    }

    private static String digestHere() {
        var digest = new TrajectoryDigest(1);
        var options = Corridor.SPEC.options(Map.of("length", 64));
        try (var here =
                VectorEnvironment.open(Corridor.SPEC, options, Settings.DEFAULT.autoreset(Autoreset.DISABLED))) {
            TrajectoryRecorder.attach(here, digest);
            here.reset(null, new long[] {7}, Map.of("start", 5));
            for (int action : ACTIONS) {
                here.batch().action(0, action);
                here.step();
            }
        }
        return digest.ofBatch();
    }

    @Test
    void openTellsHowLongAStepMayTake() {
        assertThat(client.ask("{\"cmd\":\"open\",\"env\":\"corridor\"}")).containsEntry("deadline_s", 10.0);
    }

    @Test
    void aLostGuestIsAnAnsweredStepAndTheNextEpisodeComes() {
        client.ask("{\"cmd\":\"reset\",\"seed\":7}");
        groups.getLast().hangs = true;

        Map<String, Object> lost = step(1);

        assertThat(object(lost.get("truncations"))).containsEntry("player_0", true);
        assertThat(object(object(object(lost.get("final")).get("player_0")).get("info")))
                .containsEntry("guest_lost", "its thread died");
        assertThat(client.ask("{\"cmd\":\"reset\",\"reply\":\"turn\"}")).doesNotContainKey("error");
        assertThat(step(0)).doesNotContainKey("error");
    }
}
