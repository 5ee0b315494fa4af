package io.hypertoken.server.web;

import io.hypertoken.env.Catalogue;
import io.hypertoken.json.NumberJson;
import io.hypertoken.server.http.Request;
import io.hypertoken.server.http.Response;
import io.hypertoken.server.http.Route;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The dashboard that a hub serves at `/`: its files, which need no token, and three JSON files that tell its page of
/// the
/// process behind it: `config.json`, `environments.json` and `sessions.json`. Safe for any thread.
public final class Dashboard {
    private static final int NO_BODY = 8192;
    private static final String JSON = "application/json; charset=utf-8";
    private static final String UNCHANGING = "public, max-age=31536000, immutable";
    private static final String ASK_AGAIN = "no-cache";

    /// The bridge of the same process.
    ///
    /// @param port where it listens
    /// @param sessions those that are open now
    private record Bridge(int port, Supplier<List<Map<String, @Nullable Object>>> sessions) {}

    private final String version;
    private final CatalogueJson environments;
    private final PageFiles files = new PageFiles();
    private volatile @Nullable Bridge bridge;

    /// @param version the server's
    /// @param catalogue the environments that the page tells of
    public Dashboard(String version, Catalogue catalogue) {
        this.version = version;
        this.environments = new CatalogueJson(catalogue);
    }

    /// From now on there is a bridge, at which pages may play.
    ///
    /// @param sessions asked for what is open, on any thread
    public void bridge(int port, Supplier<List<Map<String, @Nullable Object>>> sessions) {
        bridge = new Bridge(port, sessions);
    }

    /// What a port serves for it.
    public List<Route> routes() {
        var routes = new ArrayList<Route>();
        for (String path : files.paths()) {
            routes.add(new Route("GET", path, NO_BODY, true, (request, response) -> file(path, request, response)));
        }
        routes.add(new Route("GET", "/config.json", NO_BODY, (request, response) -> send(response, config())));
        routes.add(new Route(
                "GET",
                "/environments.json",
                NO_BODY,
                (request, response) -> Thread.ofPlatform()
                        .daemon()
                        .name("hypertoken-catalogue")
                        .start(() ->
                                response.send(200, JSON, environments.bytes(), Map.of("Cache-Control", ASK_AGAIN)))));
        routes.add(new Route("GET", "/sessions.json", NO_BODY, (request, response) -> send(response, sessions())));
        return routes;
    }

    private void file(String path, Request request, Response response) {
        PageFiles.File file = files.at(path);
        Map<String, String> headers = Safety.headers(request.header().apply("host"), bridgePort());
        headers.put("Cache-Control", file.hashed() ? UNCHANGING : ASK_AGAIN);
        response.send(200, file.type(), file.bytes(), headers);
    }

    private static void send(Response response, Map<String, @Nullable Object> fields) {
        response.send(200, JSON, NumberJson.bytes(fields), Map.of("Cache-Control", "no-store"));
    }

    private int bridgePort() {
        Bridge there = bridge;
        return there == null ? 0 : there.port();
    }

    private Map<String, @Nullable Object> config() {
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("version", version);
        fields.put("bridge", bridgePort() == 0 ? null : (Integer) bridgePort());
        return fields;
    }

    private Map<String, @Nullable Object> sessions() {
        Bridge there = bridge;
        var fields = new LinkedHashMap<String, @Nullable Object>();
        fields.put("sessions", there == null ? null : there.sessions().get());
        return fields;
    }
}
