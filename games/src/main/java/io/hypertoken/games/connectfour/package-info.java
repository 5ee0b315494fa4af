/// Four in a row for two, as PettingZoo plays it.
@NullMarked
package io.hypertoken.games.connectfour;

import org.jspecify.annotations.NullMarked;
