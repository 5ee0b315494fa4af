/// A pole on a cart, as Gymnasium plays it.
@NullMarked
package io.hypertoken.games.cartpole;

import org.jspecify.annotations.NullMarked;
