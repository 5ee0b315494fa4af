package io.hypertoken.server.events.store.nats;

import static io.hypertoken.ErrorCode.BAD_OPTION;

import io.hypertoken.HyperTokenException;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.StreamContext;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/// The stream on its server.
final class NatsStream {
    private static final int NOT_FOUND = 404;
    private static final long BILLION = 1_000_000_000;

    private final Connection connection;
    private final NatsAddress address;
    private final long maxBytes;
    private final Duration maxAge;

    NatsStream(Connection connection, NatsAddress address, long maxBytes, Duration maxAge) {
        this.connection = connection;
        this.address = address;
        this.maxBytes = maxBytes;
        this.maxAge = maxAge;
    }

    /// Finds the stream, or makes it; one that is there keeps its bounds and gets what this store needs of it.
    StreamInfo openOrMake() throws IOException, JetStreamApiException {
        JetStreamManagement management = connection.jetStreamManagement();
        StreamInfo found;
        try {
            found = management.getStreamInfo(address.stream());
        } catch (JetStreamApiException e) {
            if (e.getErrorCode() != NOT_FOUND) {
                throw e;
            }
            return management.addStream(needed(StreamConfiguration.builder()
                    .name(address.stream())
                    .subjects(subjects())
                    .storageType(StorageType.File)
                    .maxBytes(maxBytes)
                    .maxAge(maxAge)));
        }
        StreamConfiguration has = found.getConfiguration();
        if (!has.getSubjects().contains(subjects())) {
            throw new HyperTokenException(
                    BAD_OPTION,
                    "refused the stream " + address.shown(),
                    "it has other subjects than " + subjects() + ", so it is somebody else's",
                    "name another stream; one that is not there is made");
        }
        return has.getAllowDirect() && has.getAllowAtomicPublish()
                ? found
                : management.updateStream(needed(StreamConfiguration.builder(has)));
    }

    StreamInfo info() throws IOException, JetStreamApiException {
        return connection.jetStreamManagement().getStreamInfo(address.stream());
    }

    StreamContext context() throws IOException, JetStreamApiException {
        return connection.getStreamContext(address.stream());
    }

    /// When it was made, to the nanosecond: one that is made anew has another.
    static String epoch(StreamInfo info) {
        Instant made = info.getCreateTime().toInstant();
        return Long.toHexString(made.getEpochSecond() * BILLION + made.getNano());
    }

    private static StreamConfiguration needed(StreamConfiguration.Builder builder) {
        return builder.allowDirect(true).allowAtomicPublish(true).build();
    }

    private String subjects() {
        return address.stream() + ".>";
    }
}
