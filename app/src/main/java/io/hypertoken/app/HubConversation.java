package io.hypertoken.app;

import io.hypertoken.json.JsonMessage;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A command's WebSocket to a hub: messages in order, read as fast as they are taken.
final class HubConversation implements WebSocket.Listener, AutoCloseable {
    /// What stands behind the last message.
    private static final String END = "";

    private static final int READ_AHEAD = 1000;
    private static final int ANSWER_SECONDS = 10;

    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private @Nullable WebSocket socket;

    private HubConversation() {}

    /// @throws CompletionException if there is none to speak to
    static HubConversation open(HubAddress address) {
        var conversation = new HubConversation();
        WebSocket.Builder builder = address.client().newWebSocketBuilder().connectTimeout(Duration.ofSeconds(10));
        if (address.token() != null) {
            builder.header("authorization", "Bearer " + address.token());
        }
        conversation.socket =
                builder.buildAsync(address.webSocket(), conversation).join();
        return conversation;
    }

    void send(String json) {
        WebSocket open = socket;
        if (open != null) {
            open.sendText(json, true).exceptionally(gone -> open).join();
        }
    }

    /// The next message; null when there will be none.
    @Nullable
    String next() throws InterruptedException {
        return taken(messages.take());
    }

    /// The next reply, or null if the hub is gone or says none in time.
    @Nullable
    Map<String, @Nullable Object> reply() throws InterruptedException {
        while (true) {
            String message = messages.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
            String taken = message == null ? null : taken(message);
            if (taken == null) {
                return null;
            }
            Map<String, @Nullable Object> read = JsonMessage.read(taken.getBytes(StandardCharsets.UTF_8));
            if ("reply".equals(read.get("type"))) {
                return read;
            }
        }
    }

    private @Nullable String taken(String message) {
        if (message.equals(END)) {
            messages.add(END);
            return null;
        }
        WebSocket open = socket;
        if (open != null) {
            open.request(1);
        }
        return message;
    }

    @Override
    public void onOpen(WebSocket opened) {
        opened.request(READ_AHEAD);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            messages.add(text.toString());
            text.setLength(0);
        } else {
            from.request(1);
        }
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
        messages.add(END);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        messages.add(END);
    }

    @Override
    public void close() {
        WebSocket open = socket;
        if (open != null) {
            open.abort();
        }
    }
}
