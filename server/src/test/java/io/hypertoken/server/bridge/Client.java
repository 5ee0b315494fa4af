package io.hypertoken.server.bridge;

import io.hypertoken.json.JsonMessage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A WebSocket client that is none of ours: one message there, one back.
final class Client implements AutoCloseable {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int SECONDS = 10;

    private final WebSocket socket;
    private final Inbox inbox;

    private Client(WebSocket socket, Inbox inbox) {
        this.socket = socket;
        this.inbox = inbox;
    }

    static Client connect(String url, String... headers) {
        var inbox = new Inbox();
        var builder = HTTP.newWebSocketBuilder();
        for (int k = 0; k < headers.length; k += 2) {
            builder.header(headers[k], headers[k + 1]);
        }
        return new Client(builder.buildAsync(URI.create(url), inbox).join(), inbox);
    }

    /// What a path answers to plain HTTP.
    static String get(Bridge bridge, String path) {
        try {
            var address = URI.create(bridge.url().replace("ws://", "http://") + path);
            var request = HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(SECONDS));
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// A metric's value.
    static double metric(Bridge bridge, String name) {
        return get(bridge, "/metrics")
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .sum();
    }

    /// Sends a text, and returns the reply as a map.
    Map<String, @Nullable Object> ask(String json) {
        socket.sendText(json, true).join();
        return JsonMessage.read(text().getBytes(StandardCharsets.UTF_8));
    }

    /// Sends a text in fragments of one character.
    Map<String, @Nullable Object> askInPieces(String json) {
        sendInPieces(json);
        return JsonMessage.read(text().getBytes(StandardCharsets.UTF_8));
    }

    void sendInPieces(String text) {
        for (int k = 0; k < text.length(); k++) {
            socket.sendText(text.substring(k, k + 1), k + 1 == text.length()).join();
        }
    }

    void send(ByteBuffer frame) {
        socket.sendBinary(frame, true).join();
    }

    void send(String text) {
        socket.sendText(text, true).join();
    }

    /// Sends a text to a server that may have hung up.
    void trySend(String text) {
        socket.sendText(text, true).exceptionally(gone -> socket).join();
    }

    /// The next reply as a map.
    Map<String, @Nullable Object> next() {
        return JsonMessage.read(text().getBytes(StandardCharsets.UTF_8));
    }

    String text() {
        return (String) next(inbox.messages);
    }

    /// Whether a reply comes in so many milliseconds; it is taken.
    boolean hasReply(long millis) {
        try {
            return inbox.messages.poll(millis, TimeUnit.MILLISECONDS) != null;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// Sends a frame, and returns the reply, a ByteBuffer or a String.
    Object ask(ByteBuffer frame) {
        socket.sendBinary(frame.duplicate(), true).join();
        return next(inbox.messages);
    }

    /// Waits until the server closes the connection, and returns the status code.
    int closed() {
        try {
            return inbox.closed.get(SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("the server did not close the connection", e);
        }
    }

    /// Waits until the connection has ended, in whatever way.
    void awaitEnd() {
        inbox.closed
                .handle((status, error) -> true)
                .orTimeout(SECONDS, TimeUnit.SECONDS)
                .join();
    }

    /// Breaks the connection without a goodbye.
    void drop() {
        socket.abort();
    }

    @Override
    public void close() {
        socket.abort();
    }

    private static Object next(LinkedBlockingQueue<Object> messages) {
        try {
            Object message = messages.poll(SECONDS, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("no reply came");
            }
            return message;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Inbox implements WebSocket.Listener {
        private final LinkedBlockingQueue<Object> messages = new LinkedBlockingQueue<>();
        private final CompletableFuture<Integer> closed = new CompletableFuture<>();
        private final StringBuilder text = new StringBuilder();
        private ByteBuffer bytes = ByteBuffer.allocate(0);

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                messages.add(text.toString());
                text.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            bytes = ByteBuffer.allocate(bytes.capacity() + data.remaining())
                    .put(bytes.rewind())
                    .put(data);
            if (last) {
                messages.add(bytes.flip());
                bytes = ByteBuffer.allocate(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
            closed.complete(status);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.completeExceptionally(error);
        }
    }
}
