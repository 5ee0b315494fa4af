/// Rocking an underpowered car out of a valley by a force of any size, as Gymnasium plays it.
@NullMarked
package io.hypertoken.games.mountaincarcontinuous;

import org.jspecify.annotations.NullMarked;
