/// What happened in an environment, for whoever listens beside the line that steps it.
@NullMarked
package io.hypertoken.event;

import org.jspecify.annotations.NullMarked;
