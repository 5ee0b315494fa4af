/// Policies against one another: who plays whom in which seat, what it came to, and how strong that makes them.
@NullMarked
package io.hypertoken.learn.match;

import org.jspecify.annotations.NullMarked;
