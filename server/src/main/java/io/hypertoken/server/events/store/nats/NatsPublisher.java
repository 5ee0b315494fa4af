package io.hypertoken.server.events.store.nats;

import static io.hypertoken.ErrorCode.UNAVAILABLE;

import io.hypertoken.HyperTokenException;
import io.hypertoken.Shown;
import io.hypertoken.server.events.store.NewEvent;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// Publishes appends: several events as one atomic batch of the server, which has all of them or none.
///
/// A batch that holds an event which the stream has already, by its id, is refused by the server as a whole; then its
/// events are published one by one, and the server leaves out those that it has.
final class NatsPublisher {
    /// The server's own bound of a batch; a larger append is several batches.
    private static final int LARGEST_BATCH = 1000;

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final String BATCH_ID = "Nats-Batch-Id";
    private static final String BATCH_SEQUENCE = "Nats-Batch-Sequence";
    private static final String BATCH_COMMIT = "Nats-Batch-Commit";

    private final Connection connection;
    private final NatsAddress address;

    NatsPublisher(Connection connection, NatsAddress address) {
        this.connection = connection;
        this.address = address;
    }

    /// The last event's number, once the server has all of them.
    CompletableFuture<Long> publish(List<NewEvent> events) {
        if (connection.getStatus() != Connection.Status.CONNECTED) {
            return CompletableFuture.failedFuture(refusal(events.size(), "the server is not connected", null));
        }
        var parts = new ArrayList<CompletableFuture<Long>>();
        for (int from = 0; from < events.size(); from += LARGEST_BATCH) {
            parts.add(part(events.subList(from, Math.min(events.size(), from + LARGEST_BATCH))));
        }
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .thenApply(all -> parts.getLast().join())
                .exceptionallyCompose(
                        failure -> CompletableFuture.failedFuture(refusal(events.size(), why(failure), failure)));
    }

    private CompletableFuture<Long> part(List<NewEvent> events) {
        try {
            if (events.size() == 1) {
                return request(message(events.getFirst(), new Headers()));
            }
            return batch(events)
                    .exceptionallyCompose(failure ->
                            isDuplicate(failure) ? oneByOne(events) : CompletableFuture.failedFuture(failure));
        } catch (RuntimeException e) { // the connection's queue is full, or it was lost just now
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletableFuture<Long> batch(List<NewEvent> events) {
        String id = UUID.randomUUID().toString();
        for (int k = 0; k < events.size() - 1; k++) {
            connection.publish(message(events.get(k), batchHeaders(id, k + 1)));
        }
        Headers last = batchHeaders(id, events.size()).put(BATCH_COMMIT, "1");
        return request(message(events.getLast(), last));
    }

    private CompletableFuture<Long> oneByOne(List<NewEvent> events) {
        var all = events.stream()
                .map(event -> request(message(event, new Headers())))
                .toList();
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(done -> all.getLast().join());
    }

    private CompletableFuture<Long> request(Message message) {
        return connection.requestWithTimeout(message, TIMEOUT).thenApply(reply -> {
            try {
                return new PublishAck(reply).getSeqno();
            } catch (IOException | JetStreamApiException e) {
                throw new CompletionException(e);
            }
        });
    }

    private Message message(NewEvent event, Headers headers) {
        KeyHeaders.of(event.key()).forEach(headers::put);
        return NatsMessage.builder()
                .subject(address.stream() + "."
                        + KeyHeaders.subjectPart(event.key().type()))
                .headers(headers)
                .data(event.json())
                .build();
    }

    private static Headers batchHeaders(String id, int sequence) {
        return new Headers().put(BATCH_ID, id).put(BATCH_SEQUENCE, Integer.toString(sequence));
    }

    private static boolean isDuplicate(Throwable failure) {
        return cause(failure) instanceof JetStreamApiException refused
                && refused.getMessage() != null
                && refused.getMessage().contains("duplicate");
    }

    private static String why(Throwable failure) {
        return Shown.failure(cause(failure));
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private HyperTokenException refusal(int events, String why, @Nullable Throwable cause) {
        String what = address.shown() + " has not acknowledged " + events + " events";
        String whatToDo = "send them again when that is over, with an event_id each, so that none counts twice";
        return cause == null
                ? new HyperTokenException(UNAVAILABLE, what, why, whatToDo)
                : new HyperTokenException(UNAVAILABLE, what, why, whatToDo, cause);
    }
}
