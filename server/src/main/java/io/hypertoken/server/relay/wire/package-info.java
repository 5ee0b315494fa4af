/// What a page, the relay and a player say to each other about rows: an announcement, and frames of columns.
@NullMarked
package io.hypertoken.server.relay.wire;

import org.jspecify.annotations.NullMarked;
