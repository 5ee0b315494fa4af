package io.hypertoken.server.events.store.nats;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells when the server is lost, and when it is back.
final class ConnectionNotices implements ConnectionListener {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionNotices.class);

    private final NatsAddress address;
    private final Consumer<String> notices;
    private Runnable back = () -> {};
    private boolean lost;

    ConnectionNotices(NatsAddress address, Consumer<String> notices) {
        this.address = address;
        this.notices = notices;
    }

    /// Names what is to be done when the server is back; it may not wait.
    synchronized void whenBack(Runnable back) {
        this.back = back;
    }

    @Override
    public synchronized void connectionEvent(Connection connection, Events event) {
        switch (event) {
            case DISCONNECTED -> {
                if (!lost) {
                    lost = true;
                    tell("lost " + address.shown() + "; events are refused until it is back");
                }
            }
            case RECONNECTED, CONNECTED -> {
                if (lost) {
                    lost = false;
                    tell(address.shown() + " is back");
                    back.run();
                }
            }
            default -> LOG.debug("{}: {}", address.shown(), event);
        }
    }

    private void tell(String notice) {
        LOG.warn(notice);
        try {
            notices.accept(notice);
        } catch (RuntimeException e) {
            LOG.error("a notice was not taken", e);
        }
    }
}
