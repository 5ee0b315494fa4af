package io.hypertoken.server.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypertoken.fixture.Corridor;
import io.hypertoken.server.Limits;
import io.hypertoken.server.http.AccessRules;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocketHandshakeException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Who may connect, and what the same port answers to plain HTTP.
class AccessTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String PING = "{\"cmd\":\"ping\"}";

    private static Bridge start(AccessRules rules) {
        return Bridge.start(Served.settings(Corridor.SPEC).access(rules));
    }

    private static AccessRules token(String token) {
        return AccessRules.of("127.0.0.1", token, List.of(), false);
    }

    private static HttpResponse<String> get(Bridge bridge, String path, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(bridge.url().replace("ws://", "http://") + path));
        for (int k = 0; k < headers.length; k += 2) {
            request.header(headers[k], headers[k + 1]);
        }
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static int refused(Bridge bridge, String path, String... headers) {
        try (var client = Client.connect(bridge.url() + path, headers)) {
            throw new AssertionError("was let in, and heard " + client.ask(PING));
        } catch (CompletionException e) {
            return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
        }
    }

    @Test
    void aTokenIsShownInAnyOfThreeWays() {
        try (var bridge = start(token("s3cret"));
                var bearer = Client.connect(bridge.url(), "Authorization", "Bearer s3cret");
                var header = Client.connect(bridge.url(), "x-api-token", "s3cret");
                var query = Client.connect(bridge.url() + "/?token=s3cret&length=5")) {
            assertThat(bearer.ask(PING)).containsKey("pong");
            assertThat(header.ask(PING)).containsKey("pong");
            assertThat(query.ask("{\"cmd\":\"env_info\"}")).containsEntry("env_options", Map.of("length", 5L));
        }
    }

    @Test
    void aWrongOrMissingTokenIs401BeforeTheUpgrade() throws Exception {
        try (var bridge = start(token("s3cret"))) {
            assertThat(refused(bridge, "")).isEqualTo(401);
            assertThat(refused(bridge, "/?token=s3cre")).isEqualTo(401);
            assertThat(refused(bridge, "", "Authorization", "Bearer other")).isEqualTo(401);
            assertThat(refused(bridge, "", "Authorization", "s3cret")).isEqualTo(401);
            assertThat(get(bridge, "/metrics").statusCode()).isEqualTo(401);
            assertThat(get(bridge, "/metrics").body())
                    .isEqualTo("refused a connection; the token is wrong or missing; send Authorization: Bearer TOKEN, "
                            + "x-api-token: TOKEN or ?token=TOKEN\n");
            assertThat(get(bridge, "/metrics", "x-api-token", "s3cret").body())
                    .contains("hypertoken_refused_total{reason=\"token\"} 6.0");
            assertThat(get(bridge, "/health").statusCode())
                    .as("a load balancer needs no token")
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://evil.example", "null", "http://localhost.evil.example", "http://127.0.0.1:1"})
    void aForeignPageIs403EvenIfItsNameResolvesToThisMachine(String origin) {
        try (var bridge = start(AccessRules.LOCAL)) {
            assertThat(refused(bridge, "", "Origin", origin)).isEqualTo(403);
            assertThat(refused(bridge, "", "Origin", origin + ":" + bridge.port()))
                    .isEqualTo(403);
        }
    }

    @Test
    void theServersOwnPagesAndAllowedOnesMayConnect() {
        var rules = AccessRules.of("127.0.0.1", null, List.of("https://lab.example/"), false);
        try (var bridge = start(rules);
                var own = Client.connect(bridge.url(), "Origin", "http://localhost:" + bridge.port());
                var allowed = Client.connect(bridge.url(), "Origin", "https://LAB.example")) {
            assertThat(own.ask(PING)).containsKey("pong");
            assertThat(allowed.ask(PING)).containsKey("pong");
            assertThat(refused(bridge, "", "Origin", "https://lab.example:8443"))
                    .isEqualTo(403);
        }
        try (var bridge = start(AccessRules.of("127.0.0.1", null, List.of("*"), false));
                var any = Client.connect(bridge.url(), "Origin", "https://anywhere.example")) {
            assertThat(any.ask(PING)).containsKey("pong");
        }
    }

    @Test
    void aPageOfAnotherPortOfTheSameProcessMayConnectWhileThatIsOpen() {
        var port = new AtomicInteger();
        try (var bridge = start(AccessRules.LOCAL.withPagesAt(port::get))) {
            assertThat(refused(bridge, "", "Origin", "http://127.0.0.1:5178")).isEqualTo(403);
            assertThat(refused(bridge, "", "Origin", "http://127.0.0.1:0")).isEqualTo(403);
            port.set(5178);
            try (var page = Client.connect(bridge.url(), "Origin", "http://127.0.0.1:5178")) {
                assertThat(page.ask(PING)).containsKey("pong");
            }
            assertThat(refused(bridge, "", "Origin", "http://evil.example:5178"))
                    .isEqualTo(403);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.7"})
    void otherMachinesAreNotServedWithoutATokenUnlessSomebodySaysSo(String host) {
        assertThatThrownBy(() -> AccessRules.of(host, null, List.of(), false))
                .hasMessage("refused to listen on " + host + " without a token; every machine that reaches this one "
                        + "could use the server; pass --token, listen on 127.0.0.1, or accept the risk with "
                        + "--insecure");
        assertThat(AccessRules.of(host, null, List.of(), true).needsToken()).isFalse();
        assertThat(AccessRules.of(host, "t", List.of(), false).needsToken()).isTrue();
        assertThat(AccessRules.of("localhost", null, List.of(), false).needsToken())
                .isFalse();
    }

    @Test
    void anEmptyTokenIsRefused() {
        assertThatThrownBy(() -> token(" "))
                .hasMessage("refused an empty token; anyone could show it; choose a long random one");
    }

    @Test
    void healthReadinessAndMetricsAreOnTheSamePort() throws Exception {
        try (var bridge = start(AccessRules.LOCAL);
                var client = Client.connect(bridge.url())) {
            client.ask("{\"cmd\":\"reset\",\"seed\":1}");
            client.ask("{\"cmd\":\"step\",\"action\":1}");
            client.ask("{\"cmd\":\"step\",\"action\":9}");
            client.ask("{\"cmd\":\"jump\"}");

            assertThat(get(bridge, "/health").body()).isEqualTo("ok\n");
            assertThat(get(bridge, "/ready").body()).isEqualTo("ready\n");
            var metrics = get(bridge, "/metrics");
            assertThat(metrics.headers().firstValue("content-type"))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
            assertThat(metrics.body())
                    .contains("hypertoken_connections 1.0")
                    .contains("hypertoken_sessions 1.0")
                    .contains("hypertoken_steps_total 1.0")
                    .contains("hypertoken_messages_total{command=\"step\"} 2.0")
                    .contains("hypertoken_messages_total{command=\"unknown\"} 1.0")
                    .contains("hypertoken_errors_total{code=\"bad_action\"} 1.0")
                    .contains("hypertoken_quarantined_rows_total 0.0")
                    .contains("hypertoken_request_seconds_count 4");
            assertThat(get(bridge, "/nothing").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void anAddressNamesTheEnvironmentAndItsOptions() {
        try (var bridge = start(AccessRules.LOCAL);
                var auction = Client.connect(bridge.url() + "/?env=auction&purse=7")) {
            assertThat(auction.ask("{\"cmd\":\"env_info\"}"))
                    .containsEntry("env_type", "auction")
                    .containsEntry("env_options", Map.of("purse", 7L));
            assertThat(refused(bridge, "/?env=auctoin")).isEqualTo(400);
            assertThat(refused(bridge, "/?length=1")).isEqualTo(400);
            assertThat(refused(bridge, "/?session=nobody")).isEqualTo(400);
        }
    }

    @Test
    void moreConnectionsThanAllowedAre503UntilOneLeaves() {
        var settings = Served.settings(Corridor.SPEC).limits(Limits.DEFAULT.maxConnections(1));
        try (var bridge = Bridge.start(settings);
                var first = Client.connect(bridge.url())) {
            assertThat(first.ask(PING)).containsKey("pong");
            assertThat(refused(bridge, "")).isEqualTo(503);
        }
    }

    @Test
    void aPortInUseIsOneClearSentence() {
        try (var bridge = start(AccessRules.LOCAL)) {
            var taken = new BridgeSettings(Served.CATALOGUE, null, bridge.port());

            assertThatThrownBy(() -> Bridge.start(taken))
                    .hasMessage("cannot listen on 127.0.0.1:" + bridge.port() + "; Address already in use; "
                            + "choose another port or address, or pass --port 0 for any free port");
        }
    }

    @Test
    void withoutAnEnvironmentTheClientMustNameOne() {
        try (var bridge = Bridge.start(new BridgeSettings(Served.CATALOGUE, null, 0));
                var client = Client.connect(bridge.url())) {
            assertThat(client.ask("{\"cmd\":\"reset\"}"))
                    .containsEntry("code", "missing_field")
                    .containsEntry(
                            "error",
                            "this connection has no environment; neither its address nor the server names one; "
                                    + "send open with env, or connect to ws://…/?env=NAME");
            client.ask("{\"cmd\":\"open\",\"env\":\"hall\"}");
            assertThat(client.ask("{\"cmd\":\"reset\"}")).containsEntry("ok", true);
            assertThat(refused(bridge, "/?length=3")).isEqualTo(400);
        }
    }
}
