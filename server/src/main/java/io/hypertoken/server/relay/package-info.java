/// The relay of browser games: pages host, players step what they host, and viewers watch.
@NullMarked
package io.hypertoken.server.relay;

import org.jspecify.annotations.NullMarked;
