/// Blackjack of one player against a dealer with an endless deck, as Gymnasium plays it.
@NullMarked
package io.hypertoken.games.toyblackjack;

import org.jspecify.annotations.NullMarked;
