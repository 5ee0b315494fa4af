/// The prisoner's dilemma, played again and again by the same two.
@NullMarked
package io.hypertoken.games.prisonersdilemma;

import org.jspecify.annotations.NullMarked;
