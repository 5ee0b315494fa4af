/// The Grand Exchange: slots, offers, buy limits and taxes of a real market, replayed or modelled, for agents who
/// trade.
@NullMarked
package io.hypertoken.games.exchange;

import org.jspecify.annotations.NullMarked;
