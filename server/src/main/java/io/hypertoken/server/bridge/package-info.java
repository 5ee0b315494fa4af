/// Serves environments over WebSocket: sessions, JSON commands, binary batches, limits and access.
@NullMarked
package io.hypertoken.server.bridge;

import org.jspecify.annotations.NullMarked;
