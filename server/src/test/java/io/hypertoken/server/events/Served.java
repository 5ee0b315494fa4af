package io.hypertoken.server.events;

import io.hypertoken.json.JsonMessage;
import io.hypertoken.server.Limits;
import io.hypertoken.server.events.schema.EventSchemas;
import io.hypertoken.server.events.store.EventStore;
import io.hypertoken.server.events.store.MemoryStore;
import io.hypertoken.server.http.AccessRules;
import io.hypertoken.server.http.ListenerSettings;
import io.hypertoken.server.http.Metrics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A hub on a free port, and clients that end with it.
final class Served implements AutoCloseable {
    static final HubSettings QUICK = HubSettings.DEFAULT.quietMillis(60).silenceMillis(150);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    final Hub hub;
    final Metrics metrics;
    private final List<Listener> clients = new ArrayList<>();

    private Served(Hub hub, Metrics metrics) {
        this.hub = hub;
        this.metrics = metrics;
    }

    static Served start() {
        return start(QUICK);
    }

    static Served start(HubSettings settings) {
        return start(settings, new MemoryStore(64 << 20));
    }

    static Served start(HubSettings settings, EventStore store) {
        return start(settings, store, AccessRules.LOCAL, Limits.DEFAULT);
    }

    static Served start(HubSettings settings, EventStore store, AccessRules access, Limits limits) {
        var metrics = Metrics.within(limits);
        Hub hub = Hub.start(settings, store, EventSchemas.known(), metrics);
        hub.listen(new ListenerSettings(List.of("127.0.0.1"), 0, "--events-port", access, limits, 15_000));
        return new Served(hub, metrics);
    }

    /// A client that has not read its greeting yet.
    Listener connect(String... headers) {
        return connectTo("/ws", headers);
    }

    Listener connectTo(String path, String... headers) {
        var client = Listener.connect(hub.url().replace("/ws", path), headers);
        clients.add(client);
        return client;
    }

    /// A client that has read its greeting and registered.
    Listener registered(String message) {
        Listener client = connect();
        client.next();
        client.send(message);
        Map<String, @Nullable Object> reply = client.next();
        if (!"registered".equals(reply.get("status"))) {
            throw new AssertionError(reply);
        }
        return client;
    }

    HttpResponse<String> get(String path, String... headers) {
        return send(request(path, headers).GET().build());
    }

    Map<String, @Nullable Object> getJson(String path) {
        return JsonMessage.read(get(path).body().getBytes(StandardCharsets.UTF_8));
    }

    HttpResponse<String> post(String body, String... headers) {
        return send(request("/submit_event", headers)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    Map<String, @Nullable Object> postJson(String body) {
        return JsonMessage.read(post(body).body().getBytes(StandardCharsets.UTF_8));
    }

    HttpRequest.Builder request(String path, String... headers) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + hub.port() + path))
                .timeout(Duration.ofSeconds(10));
        for (int k = 0; k < headers.length; k += 2) {
            request.header(headers[k], headers[k + 1]);
        }
        return request;
    }

    static HttpResponse<String> send(HttpRequest request) {
        try {
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// A metric's value.
    double metric(String name) {
        return get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .sum();
    }

    /// A field of each object of a list.
    static List<Object> each(@Nullable Object list, String field) {
        var fields = new ArrayList<Object>();
        for (Object each : (List<?>) list) {
            fields.add(((Map<?, ?>) each).get(field));
        }
        return fields;
    }

    /// An event of a type of nobody's, with a number in it.
    static String event(String type, long number) {
        return "{\"type\":\"" + type + "\",\"data\":{\"n\":" + number + "}}";
    }

    static String price(String item, long price) {
        return "{\"type\":\"price_update\",\"data\":{\"item\":\"" + item + "\",\"price\":" + price + "}}";
    }

    @Override
    public void close() {
        clients.forEach(Listener::close);
        hub.close();
    }
}
