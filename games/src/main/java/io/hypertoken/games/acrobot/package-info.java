/// Swinging a two-link robot up by the torque at its middle joint, as Gymnasium plays it.
@NullMarked
package io.hypertoken.games.acrobot;

import org.jspecify.annotations.NullMarked;
