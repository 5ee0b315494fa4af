/// Arms that pay at random, to be told apart by pulling them.
@NullMarked
package io.hypertoken.games.bandit;

import org.jspecify.annotations.NullMarked;
