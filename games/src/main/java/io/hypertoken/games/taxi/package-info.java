/// Fetching a passenger in a grid town and taking them where they want to go, as Gymnasium plays it.
@NullMarked
package io.hypertoken.games.taxi;

import org.jspecify.annotations.NullMarked;
