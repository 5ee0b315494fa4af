/// Keeps every event in order under a number that only grows: in a folder, in memory, or in a NATS stream.
@NullMarked
package io.hypertoken.server.events.store;

import org.jspecify.annotations.NullMarked;
