/// Noughts and crosses for two, as PettingZoo plays it.
@NullMarked
package io.hypertoken.games.tictactoe;

import org.jspecify.annotations.NullMarked;
