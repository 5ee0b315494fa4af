/// Walking along a cliff to the far corner, as Gymnasium plays it.
@NullMarked
package io.hypertoken.games.cliffwalking;

import org.jspecify.annotations.NullMarked;
