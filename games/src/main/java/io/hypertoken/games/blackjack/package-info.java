/// Blackjack as casinos deal it, and the exact values that its rules are known to have.
@NullMarked
package io.hypertoken.games.blackjack;

import org.jspecify.annotations.NullMarked;
