package io.hypertoken.server.events.store.nats;

import static io.hypertoken.ErrorCode.UNAVAILABLE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.hypertoken.HyperTokenException;
import io.hypertoken.server.events.store.LoggedEvent;
import io.nats.client.Connection;
import io.nats.client.Message;
import io.nats.client.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads stored events from the server, by its direct get of many messages: it leaves nothing behind there. Safe for
/// any thread.
final class NatsReader {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final String SEQUENCE = "Nats-Sequence";
    private static final String SUBJECT = "Nats-Subject";
    private static final int END = 204;
    private static final int NONE = 404;
    /// The server counts headers too: without room for them it would answer with less than it could.
    private static final int ROOM = 1 << 10;

    private final Connection connection;
    private final NatsAddress address;

    NatsReader(Connection connection, NatsAddress address) {
        this.connection = connection;
        this.address = address;
    }

    List<LoggedEvent> read(long from, int maxEvents, int maxBytes) {
        var events = new ArrayList<LoggedEvent>();
        long bytes = 0;
        Subscription answers = null;
        try {
            String inbox = connection.createInbox();
            answers = connection.subscribe(inbox);
            String asked = "{\"seq\":" + Math.max(1, from) + ",\"batch\":" + Math.max(1, maxEvents) + ",\"max_bytes\":"
                    + Math.max(ROOM, (long) maxBytes) + ",\"next_by_subj\":\">\"}";
            connection.publish("$JS.API.DIRECT.GET." + address.stream(), inbox, asked.getBytes(UTF_8));
            while (true) {
                Message message = answers.nextMessage(TIMEOUT);
                if (message == null) {
                    throw unreadable("it did not answer within " + TIMEOUT.toSeconds() + " s", null);
                }
                if (message.isStatusMessage()) {
                    int status = message.getStatus().getCode();
                    if (status == END || status == NONE) {
                        return events;
                    }
                    throw unreadable(message.getStatus().getMessageWithCode(), null);
                }
                LoggedEvent event = event(message);
                bytes += event.json().length;
                if (events.isEmpty() || bytes <= maxBytes) {
                    events.add(event);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreadable("the reading thread was interrupted", e);
        } catch (IllegalStateException e) {
            throw unreadable("the server is not connected", e);
        } finally {
            unsubscribe(answers);
        }
    }

    private static LoggedEvent event(Message message) {
        String subject = message.getHeaders().getFirst(SUBJECT);
        return new LoggedEvent(
                Long.parseLong(message.getHeaders().getFirst(SEQUENCE)),
                KeyHeaders.key(message.getHeaders(), subject == null ? "" : subject),
                message.getData());
    }

    private static void unsubscribe(@Nullable Subscription answers) {
        try {
            if (answers != null && answers.isActive()) {
                answers.unsubscribe();
            }
        } catch (IllegalStateException e) {
            return; // the connection is closed, and its subscriptions with it
        }
    }

    private HyperTokenException unreadable(String why, @Nullable Exception cause) {
        String what = "cannot read from " + address.shown();
        String whatToDo = "ask again when that is over";
        return cause == null
                ? new HyperTokenException(UNAVAILABLE, what, why, whatToDo)
                : new HyperTokenException(UNAVAILABLE, what, why, whatToDo, cause);
    }
}
