/// Keeps the log in a NATS JetStream stream, so that several hubs serve one feed and any NATS client reads it.
@NullMarked
package io.hypertoken.server.events.store.nats;

import org.jspecify.annotations.NullMarked;
