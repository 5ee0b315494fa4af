/// Listens on a port for HTTP and WebSockets of any protocol: loops, access rules, limits, backpressure and metrics.
@NullMarked
package io.hypertoken.server.http;

import org.jspecify.annotations.NullMarked;
