package io.hypertoken.server.events.alert;

import io.hypertoken.Shown;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Posts alerts, so many at a time, and tries again what may be over soon. It follows no redirect: where one leads
/// nobody has allowed. Safe for any thread, and never waits.
final class Webhooks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);
    /// Posts under way or waiting for another try.
    private static final int MOST = 256;

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int TRIES = 4;
    private static final int SUCCESS = 200;
    private static final int REDIRECT = 300;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    private final AlertCounts counts;
    private final long firstPauseMillis;
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean closed;
    /// Made for the first post: most hubs never need one.
    private @Nullable HttpClient client;

    /// @param firstPauseMillis before the second try; each further pause is four times as long
    Webhooks(AlertCounts counts, long firstPauseMillis) {
        this.counts = counts;
        this.firstPauseMillis = firstPauseMillis;
    }

    /// Posts JSON to an address that is allowed.
    void post(URI address, byte[] json) {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("User-Agent", "hypertoken")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json))
                .build();
        if (underWay.incrementAndGet() > MOST || closed) {
            underWay.decrementAndGet();
            counts.dropped.increment();
            return;
        }
        attempt(request, 1, firstPauseMillis);
    }

    private void attempt(HttpRequest request, int number, long pauseMillis) {
        client().sendAsync(request, answer -> new Unread()).whenComplete((answer, failure) -> {
            int status = answer == null ? 0 : answer.statusCode();
            if (status >= SUCCESS && status < REDIRECT) {
                underWay.decrementAndGet();
                counts.delivered.increment();
            } else if (number < TRIES && !closed && mayBeOverSoon(status)) {
                Executor later = CompletableFuture.delayedExecutor(pauseMillis, TimeUnit.MILLISECONDS);
                later.execute(() -> attempt(request, number + 1, 4 * pauseMillis));
            } else {
                underWay.decrementAndGet();
                counts.failed.increment();
                LOG.warn(
                        "an alert was not delivered to {}: {}",
                        request.uri().getHost(),
                        failure == null ? "it answered " + status : Shown.failure(failure));
            }
        });
    }

    /// @param status 0: there was no answer
    private static boolean mayBeOverSoon(int status) {
        return status == 0 || status == TOO_MANY_REQUESTS || status >= SERVER_ERROR;
    }

    private synchronized HttpClient client() {
        HttpClient made = client;
        if (made == null) {
            made = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(TIMEOUT)
                    .build();
            client = made;
        }
        return made;
    }

    /// Gives up what is under way.
    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) {
            client.shutdownNow();
        }
    }

    /// Takes nothing of an answer but its status, however long it is.
    private static final class Unread implements HttpResponse.BodySubscriber<Boolean> {
        @Override
        public CompletionStage<Boolean> getBody() {
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.cancel();
        }

        @Override
        public void onNext(List<ByteBuffer> unread) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onComplete() {}
    }
}
