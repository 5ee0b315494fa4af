/// Rocking an underpowered car out of a valley by three forces, as Gymnasium plays it.
@NullMarked
package io.hypertoken.games.mountaincar;

import org.jspecify.annotations.NullMarked;
