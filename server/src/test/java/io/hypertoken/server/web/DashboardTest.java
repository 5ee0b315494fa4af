package io.hypertoken.server.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypertoken.env.Catalogue;
import io.hypertoken.server.Limits;
import io.hypertoken.server.events.Hub;
import io.hypertoken.server.events.HubSettings;
import io.hypertoken.server.events.schema.EventSchemas;
import io.hypertoken.server.events.store.MemoryStore;
import io.hypertoken.server.http.AccessRules;
import io.hypertoken.server.http.ListenerSettings;
import io.hypertoken.server.http.Metrics;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The page is there whether it was built or not, needs no token for what is no secret, and lets nothing else in.
class DashboardTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final Dashboard dashboard = new Dashboard("1.2.3", Catalogue.of(DashboardTest.class.getClassLoader()));
    private Hub hub = hub(AccessRules.LOCAL);

    private Hub hub(AccessRules access) {
        Limits limits = Limits.DEFAULT;
        Metrics metrics = Metrics.within(limits);
        Hub started = Hub.start(
                HubSettings.DEFAULT.dashboard(dashboard), new MemoryStore(1 << 20), EventSchemas.known(), metrics);
        started.listen(new ListenerSettings(List.of("127.0.0.1"), 0, "--port", access, limits, 0));
        return started;
    }

    @AfterEach
    void close() {
        hub.close();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + hub.port() + path))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void thePageMayRunNothingThatIsNotItsOwn() throws Exception {
        dashboard.bridge(9_999, List::of);

        HttpResponse<String> page = get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<title>HyperToken");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "script-src 'self'", "style-src 'self'", "ws://127.0.0.1:9999")
                .doesNotContain("unsafe");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(page.headers().firstValue("Cache-Control")).hasValue("no-cache");
    }

    @Test
    void aForgedHostDoesNotReachThePolicy() {
        assertThat(Safety.headers("evil; script-src *", 0).get("Content-Security-Policy"))
                .doesNotContain("evil");
        assertThat(Safety.headers("[::1]:5178", 9_999).get("Content-Security-Policy"))
                .contains(" ws://*:9999;");
        assertThat(Safety.headers(null, 0).get("Content-Security-Policy")).contains("connect-src 'self';");
    }

    @Test
    void thePageNeedsNoTokenAndWhatItAsksForDoes() throws Exception {
        hub.close();
        hub = hub(AccessRules.of("127.0.0.1", "secret", List.of(), false));

        assertThat(get("/").statusCode()).isEqualTo(200);
        for (String path : List.of("/config.json", "/environments.json", "/sessions.json", "/state", "/events")) {
            assertThat(get(path).statusCode()).as(path).isEqualTo(401);
            assertThat(get(path + "?token=secret").statusCode()).as(path).isEqualTo(200);
        }
    }

    @Test
    void thePageLearnsOfTheBridgeOnceThereIsOne() throws Exception {
        assertThat(get("/config.json").body()).isEqualTo("{\"version\":\"1.2.3\",\"bridge\":null}");
        assertThat(get("/sessions.json").body()).isEqualTo("{\"sessions\":null}");

        dashboard.bridge(4711, () -> List.of(Map.of("session", "Ab12")));

        assertThat(get("/config.json").body()).isEqualTo("{\"version\":\"1.2.3\",\"bridge\":4711}");
        assertThat(get("/sessions.json").body()).isEqualTo("{\"sessions\":[{\"session\":\"Ab12\"}]}");
    }

    @Test
    void theCatalogueTellsAllThatAnEnvironmentDeclares() throws Exception {
        HttpResponse<String> told = get("/environments.json");

        assertThat(told.body())
                .contains(
                        "\"id\":\"casino-blackjack\",\"aliases\":[\"blackjack\"]",
                        "{\"name\":\"decks\",\"rule\":\"an integer from 1 to 8\",\"kind\":\"integer\",\"default\":6,",
                        "\"action_names\":[\"hit\",\"stand\",\"double\",\"split\",\"insurance\"]");
    }

    @Test
    void theLogIsReadBackwardsFromAnyEvent() throws Exception {
        for (int k = 0; k < 5; k++) {
            HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + hub.port() + "/submit_event"))
                            .POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"t\",\"data\":{\"k\":" + k + "}}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }

        String some = get("/events?before=4&limit=2").body();

        assertThat(some).contains("\"seq\":5,\"next_since\":3", "{\"k\":1}", "{\"k\":2}");
        assertThat(some).doesNotContain("{\"k\":0}", "{\"k\":3}");
        assertThat(get("/events?before=0").statusCode()).isEqualTo(200);
        assertThat(get("/events?before=4&since=1").statusCode()).isEqualTo(400);
        assertThat(get("/events?before=x").statusCode()).isEqualTo(400);
    }
}
