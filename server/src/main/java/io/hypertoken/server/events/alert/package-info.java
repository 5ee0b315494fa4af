/// Rules that watch the log and say so when they find something: by an event, a webhook or a command line.
@NullMarked
package io.hypertoken.server.events.alert;

import org.jspecify.annotations.NullMarked;
