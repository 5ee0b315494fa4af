package io.hypertoken.app;

import io.hypertoken.HyperTokenException;
import io.hypertoken.learn.run.Progress;
import io.hypertoken.learn.store.JsonFile;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// Tells an events hub how a training goes, from a thread of its own: the newest figures each time, at most a few
/// times a second. A hub that is slow or gone holds nothing up; what it missed is in the run's folder.
final class TrainingEvents implements AutoCloseable {
    private static final long PAUSE_MILLIS = 200;
    private static final int PATIENCE_MILLIS = 300;
    private static final long LAST_WORDS_MILLIS = 5_000;
    private static final int FAILURES = 3;

    private final String run;
    private final HubAddress hub;
    private final AtomicReference<@Nullable Progress> newest = new AtomicReference<>();
    private final Thread sender =
            Thread.ofPlatform().daemon().name("hypertoken-training-events").unstarted(this::send);
    private final CountDownLatch closed = new CountDownLatch(1);

    private TrainingEvents(String run, HubAddress hub) {
        this.run = run;
        this.hub = hub;
        sender.start();
    }

    /// Tells the hub at an address, if anything listens there.
    ///
    /// @return null if nothing does
    static @Nullable TrainingEvents to(String url, String run) {
        HubAddress hub = HubAddress.of(url);
        URI address = hub.webSocket();
        int port = address.getPort() < 0 ? 80 : address.getPort();
        try (var socket = new Socket()) { // cheaper than to load an HTTP client only to hear that nobody is there
            socket.connect(new InetSocketAddress(address.getHost(), port), PATIENCE_MILLIS);
        } catch (IOException nobody) {
            return null;
        }
        return new TrainingEvents(run, hub);
    }

    void tell(Progress progress) {
        newest.set(progress);
    }

    private void send() {
        int failures = 0;
        while (failures < FAILURES) {
            boolean last = closed.getCount() == 0;
            Progress progress = newest.getAndSet(null);
            if (progress != null) {
                failures = publish(progress) ? 0 : failures + 1;
            }
            if (last) {
                return;
            }
            awaitQuietly(PAUSE_MILLIS);
        }
    }

    private void awaitQuietly(long millis) {
        try {
            closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean publish(Progress progress) {
        var data = new LinkedHashMap<String, Object>();
        data.put("run", run);
        data.putAll(progress.figures());
        try {
            var answer = hub.publish(JsonFile.line(Map.of("type", "training_progress", "data", data))
                    .getBytes(StandardCharsets.UTF_8));
            return "success".equals(answer.get("status"));
        } catch (HyperTokenException gone) {
            LoggerFactory.getLogger(TrainingEvents.class).debug("the hub was not told: {}", gone.getMessage());
            return false;
        }
    }

    @Override
    public void close() {
        closed.countDown(); // not by an interrupt: the last words may be under way
        try {
            sender.join(LAST_WORDS_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
