/// What each type of event holds: checks what producers send, by name, and derives what they leave out.
@NullMarked
package io.hypertoken.server.events.schema;

import org.jspecify.annotations.NullMarked;
