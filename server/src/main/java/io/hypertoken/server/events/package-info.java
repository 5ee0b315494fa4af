/// The events hub: takes events in, keeps them in order, and gives them to whoever listens, with no gap and no repeat.
@NullMarked
package io.hypertoken.server.events;

import org.jspecify.annotations.NullMarked;
