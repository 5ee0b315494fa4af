package io.hypertoken.server.events.store.nats;

import io.nats.client.Connection;
import io.nats.client.ErrorListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes what a connection complains of to the log.
final class ConnectionErrors implements ErrorListener {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionErrors.class);

    private final NatsAddress address;

    ConnectionErrors(NatsAddress address) {
        this.address = address;
    }

    @Override
    public void errorOccurred(Connection connection, String error) {
        LOG.warn("{}: {}", address.shown(), error);
    }

    @Override
    public void exceptionOccurred(Connection connection, Exception exception) {
        LOG.debug("{}", address.shown(), exception); // what it means is told by whoever meets it
    }
}
