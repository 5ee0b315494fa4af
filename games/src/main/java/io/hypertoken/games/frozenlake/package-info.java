/// Crossing a slippery lake without falling into its holes, as Gymnasium plays it.
@NullMarked
package io.hypertoken.games.frozenlake;

import org.jspecify.annotations.NullMarked;
