package io.hypertoken.app.exchange;

import static io.hypertoken.ErrorCode.BAD_OPTION;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/// The prices API, asked one question at a time. Used by one thread.
///
/* Its rules (oldschool.runescape.wiki/w/RuneScape:Real-time_Prices): a User-Agent that says what asks and whom to reach;
names that programs have by default are blocked. */
final class PricesApi implements AutoCloseable {
    /// Where the real one is.
    static final String REAL = "https://prices.runescape.wiki/api/v1/osrs";

    private static final int MOST_BYTES = 64 << 20;
    private static final Duration CONNECTING = Duration.ofSeconds(10);
    private static final int LEAST_NAME = 12; // characters that can say what asks, and whom to reach
    private static final List<String> DEFAULTS = List.of(
            "java",
            "python",
            "curl",
            "wget",
            "apache",
            "restsharp",
            "okhttp",
            "go-http",
            "axios",
            "node",
            "libwww",
            "mozilla",
            "hypertoken",
            "postman",
            "insomnia",
            "reqwest",
            "aiohttp",
            "httpx");

    private final String url;
    private final String userAgent;
    private final Duration patience;
    private final HttpClient client;

    /// What made an answer the one we have, by path: sent along, so that an unchanged one need not be sent again.
    private final Map<String, Validators> validators = new HashMap<>();

    private record Validators(
            @Nullable String etag, @Nullable String modified) {}

    /// What a question brought.
    sealed interface Reply {
        /// An answer, as it came.
        record Fresh(byte[] body) implements Reply {}

        /// The answer that we have is still the newest.
        record Unchanged() implements Reply {}

        /// None now, perhaps later.
        ///
        /// @param pause what the API asks to wait; zero if it does not say
        record Down(String why, Duration pause) implements Reply {}

        /// None, and asking again would not change that.
        record Refused(int status, String why) implements Reply {}
    }

    /// @param patience how long an answer may take, all of it
    /// @throws HyperTokenException `bad_option` for an address or a name that will not do
    PricesApi(String url, String userAgent, Duration patience) {
        this.url = requireAddress(url);
        this.userAgent = requireName(userAgent);
        this.patience = patience;
        this.client = HttpClient.newBuilder()
                .connectTimeout(CONNECTING)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
    }

    private static String requireAddress(String url) {
        String plain = url.replaceFirst("/+$", "");
        try {
            URI address = URI.create(plain);
            if (address.getHost() != null
                    && List.of("http", "https").contains(address.getScheme())
                    && address.getQuery() == null) {
                return plain;
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new HyperTokenException(
                BAD_OPTION,
                "refused --url " + Shown.shortened(url, 100),
                "it is no such address",
                "pass one such as " + REAL);
    }

    private static String requireName(String name) {
        String first = name.strip().toLowerCase(Locale.ROOT);
        String why = null;
        if (!name.matches("[ -~]*")) {
            why = "it has characters that no header may have";
        } else if (DEFAULTS.stream().anyMatch(first::startsWith)) {
            why = "programs are called so by default, and the API blocks those names";
        } else if (first.length() < LEAST_NAME || !first.matches(".*[ @/#:].*")) {
            why = "it does not say what asks, and how to reach whoever runs it";
        }
        if (why != null) {
            throw new HyperTokenException(
                    BAD_OPTION,
                    "refused --user-agent " + Shown.shortened(name, 100),
                    why,
                    "pass one such as \"price study, me@example.org\"; the API asks everybody to");
        }
        return name.strip();
    }

    /// Asks, and waits for the answer.
    ///
    /// @param path such as `/5m?timestamp=1767571200`
    Reply get(String path) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .header("user-agent", userAgent)
                .header("accept", "application/json")
                .header("accept-encoding", "gzip");
        Validators known = validators.get(path);
        if (known != null && known.etag() != null) {
            request.header("if-none-match", known.etag());
        }
        if (known != null && known.modified() != null) {
            request.header("if-modified-since", known.modified());
        }
        CompletableFuture<HttpResponse<byte[]>> asked =
                client.sendAsync(request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
        try {
            return reply(asked.get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return down("no whole answer within " + patience.toSeconds() + " s");
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String said = cause.getMessage();
            return down(
                    said == null ? "it cannot be reached (" + cause.getClass().getSimpleName() + ")" : said);
        } catch (IOException e) {
            return down(String.valueOf(e.getMessage()));
        } finally {
            asked.cancel(true);
        }
    }

    /// Remembers that an answer was kept, so that it need not be sent again; called after it was.
    void kept(String path) {
        Validators newest = last;
        if (newest != null) {
            validators.put(path, newest);
        }
    }

    private @Nullable Validators last;

    private Reply reply(HttpResponse<byte[]> response) throws IOException {
        last = null;
        int status = response.statusCode();
        if (status == 200) {
            last = new Validators(
                    response.headers().firstValue("etag").orElse(null),
                    response.headers().firstValue("last-modified").orElse(null));
            return new Reply.Fresh(body(response));
        }
        if (status == 304) {
            return new Reply.Unchanged();
        }
        String why = "it answered with status " + status;
        boolean later = status == 429 || status == 408 || status >= 500;
        return later ? new Reply.Down(why, retryAfter(response)) : new Reply.Refused(status, why);
    }

    private static byte[] body(HttpResponse<byte[]> response) throws IOException {
        if (!response.headers().firstValue("content-encoding").orElse("").equalsIgnoreCase("gzip")) {
            return response.body();
        }
        try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
            byte[] body = plain.readNBytes(MOST_BYTES + 1);
            if (body.length > MOST_BYTES) {
                throw new IOException("the answer is longer than " + MOST_BYTES + " bytes");
            }
            return body;
        }
    }

    /// Seconds, or a date.
    private static Duration retryAfter(HttpResponse<byte[]> response) {
        String told = response.headers().firstValue("retry-after").orElse("").strip();
        if (told.matches("[0-9]{1,6}")) {
            return Duration.ofSeconds(Long.parseLong(told));
        }
        try {
            Instant then = ZonedDateTime.parse(told, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            Duration wait = Duration.between(Instant.now(), then);
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }

    private static Reply down(String why) {
        return new Reply.Down(why, Duration.ZERO);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
