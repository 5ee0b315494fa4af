/// Swinging a pendulum up and holding it there, as Gymnasium plays it.
@NullMarked
package io.hypertoken.games.pendulum;

import org.jspecify.annotations.NullMarked;
