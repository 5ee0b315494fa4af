package io.hypertoken.app;

import io.hypertoken.json.JsonMessage;
import io.hypertoken.json.NumberJson;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/// Shows the events of a hub of this process while a game is played: on a thread of its own, and as a client like any
/// other, so that a terminal which is read slowly slows nobody.
final class LiveTail implements AutoCloseable {
    private final HubConversation hub;
    private final PrintWriter out;
    private final EventLine line = new EventLine(Ansi.AUTO);
    private final Thread thread;

    /// @param subscriptions what a register message says
    LiveTail(HubConversation hub, Object subscriptions, PrintWriter out) {
        this.hub = hub;
        this.out = out;
        Map<String, @Nullable Object> message = new LinkedHashMap<>();
        message.put("action", "register");
        message.put("client_id", "terminal");
        message.put("client_type", "tail");
        message.put("subscriptions", subscriptions);
        message.put("id", 1L);
        hub.send(new String(NumberJson.bytes(message), StandardCharsets.UTF_8));
        this.thread = Thread.ofPlatform().daemon().name("hypertoken-tail").start(this::show);
    }

    private void show() {
        try {
            for (String text = hub.next(); text != null && !out.checkError(); text = hub.next()) {
                Map<String, @Nullable Object> event = JsonMessage.read(text.getBytes(StandardCharsets.UTF_8));
                if (event.get("seq") instanceof Long && !"reply".equals(event.get("type"))) {
                    out.println(line.of(event));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Ends it; what is not shown by then is not shown.
    @Override
    public void close() {
        hub.close();
        thread.interrupt();
    }
}
