package io.hypertoken.app;

import static io.hypertoken.ErrorCode.UNAVAILABLE;

import io.hypertoken.HyperTokenException;
import io.hypertoken.json.JsonMessage;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Which hub a command speaks to, and how it asks by plain HTTP.
final class HubAddress {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Option(
            names = {"-u", "--url"},
            defaultValue = "http://127.0.0.1:" + HubOptions.PORT,
            description = "Where the hub is (default ${DEFAULT-VALUE}).")
    private String url = "";

    @Option(
            names = "--token",
            defaultValue = "${env:HYPERTOKEN_TOKEN}",
            description = "What the hub wants to be shown; better given as HYPERTOKEN_TOKEN.")
    private @Nullable String token;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    private @Nullable HttpClient client;

    /// A hub of this process.
    ///
    /// @param url such as `ws://127.0.0.1:5178/ws`
    static HubAddress of(String url) {
        var address = new HubAddress();
        address.url = url;
        return address;
    }

    /// The address of a hub's page, from that of its WebSocket.
    static String page(String webSocket) {
        return webSocket.replaceFirst("^ws", "http").replaceFirst("/ws$", "/");
    }

    /// Where its WebSocket is.
    URI webSocket() {
        return URI.create(base().replaceFirst("^http", "ws") + "/ws");
    }

    /// As it was given.
    String shown() {
        return base();
    }

    @Nullable
    String token() {
        return token;
    }

    HttpClient client() {
        HttpClient made = client;
        if (made == null) {
            made = HttpClient.newBuilder()
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();
            client = made;
        }
        return made;
    }

    /// What a GET answers.
    Map<String, @Nullable Object> get(String pathAndQuery) {
        return answer(request(pathAndQuery).GET().build());
    }

    /// What publishing answers.
    Map<String, @Nullable Object> publish(byte[] json) {
        return answer(request("/submit_event")
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json))
                .build());
    }

    /// Parameters of an address, each value under its name.
    static String query(String name, List<String> values) {
        var query = new StringBuilder();
        for (String value : values) {
            query.append('&').append(name).append('=').append(URLEncoder.encode(value, StandardCharsets.UTF_8));
        }
        return query.toString();
    }

    private HttpRequest.Builder request(String pathAndQuery) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(base() + pathAndQuery)).timeout(PATIENCE);
        if (token != null) {
            request.header("authorization", "Bearer " + token);
        }
        return request;
    }

    private Map<String, @Nullable Object> answer(HttpRequest request) {
        HttpResponse<byte[]> response;
        try {
            response = client().send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(e);
        }
        String type = response.headers().firstValue("content-type").orElse("");
        if (!type.startsWith("application/json")) {
            throw new HyperTokenException(
                    UNAVAILABLE,
                    base() + " answered " + response.statusCode(),
                    new String(response.body(), StandardCharsets.UTF_8)
                            .lines()
                            .findFirst()
                            .orElse("nothing more"),
                    "see that this is a HyperToken events hub");
        }
        return JsonMessage.read(response.body());
    }

    /// The hub cannot be spoken to.
    HyperTokenException unreachable(Throwable why) {
        return new HyperTokenException(
                UNAVAILABLE,
                "no events hub answers at " + base(),
                why.getMessage() == null ? why.getClass().getSimpleName() : why.getMessage(),
                "start one with hypertoken serve, or name another by --url",
                why);
    }

    private String base() {
        String whole = url.contains("://") ? url : "http://" + url;
        whole = whole.replaceFirst("^ws", "http").replaceFirst("/ws/?$", "").replaceFirst("/+$", "");
        try {
            URI address = URI.create(whole);
            if (address.getHost() != null && List.of("http", "https").contains(address.getScheme())) {
                return whole;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new ParameterException(
                command.commandLine(), "refused --url " + url + "; it is no address such as http://127.0.0.1:5178");
    }
}
