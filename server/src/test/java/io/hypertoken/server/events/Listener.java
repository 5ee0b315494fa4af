package io.hypertoken.server.events;

import io.hypertoken.json.JsonMessage;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A WebSocket client that is none of ours, which reads or does not.
final class Listener implements WebSocket.Listener, AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int SECONDS = 10;

    private final LinkedBlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private volatile boolean reads = true;
    private volatile @Nullable WebSocket socket;

    static Listener connect(String url, String... headers) {
        var listener = new Listener();
        var builder = HTTP.newWebSocketBuilder();
        for (int k = 0; k < headers.length; k += 2) {
            builder.header(headers[k], headers[k + 1]);
        }
        listener.socket = builder.buildAsync(URI.create(url), listener).join();
        return listener;
    }

    /// Reads no more.
    void stopReading() {
        reads = false;
    }

    /// Reads on.
    void readOn() {
        reads = true;
        socket().request(1);
    }

    void send(String json) {
        socket().sendText(json, true).join();
    }

    void sendBinary(byte[] bytes) {
        socket().sendBinary(ByteBuffer.wrap(bytes), true).join();
    }

    /// Sends, and takes the next message.
    Map<String, @Nullable Object> ask(String json) {
        send(json);
        return next();
    }

    /// Sends, and takes the next reply, whatever events come before it.
    Map<String, @Nullable Object> askAmongEvents(String json) {
        send(json);
        while (true) {
            Map<String, @Nullable Object> message = next();
            if ("reply".equals(message.get("type"))) {
                return message;
            }
        }
    }

    Map<String, @Nullable Object> next() {
        return JsonMessage.read(text().getBytes(StandardCharsets.UTF_8));
    }

    String text() {
        try {
            String message = messages.poll(SECONDS, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("no message came");
            }
            return message;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// The next message's data.
    Map<?, ?> nextData() {
        return (Map<?, ?>) next().get("data");
    }

    /// Whether a message comes in so many milliseconds; it is left.
    boolean hears(long millis) {
        try {
            String message = messages.poll(millis, TimeUnit.MILLISECONDS);
            if (message != null) {
                messages.add(message);
            }
            return message != null;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    int waiting() {
        return messages.size();
    }

    /// The status that the server closed with.
    int closeStatus() {
        return closed.orTimeout(SECONDS, TimeUnit.SECONDS).join();
    }

    boolean isClosed() {
        return closed.isDone();
    }

    @Override
    public void close() {
        socket().abort();
    }

    private WebSocket socket() {
        WebSocket open = socket;
        if (open == null) {
            throw new IllegalStateException("not connected");
        }
        return open;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            messages.add(text.toString());
            text.setLength(0);
        }
        if (reads) {
            from.request(1);
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
        closed.complete(status);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.complete(1006);
    }
}
